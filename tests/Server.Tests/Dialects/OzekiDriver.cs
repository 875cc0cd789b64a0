using Switchhook.TestKit.Servers;

namespace Switchhook.Server.Tests.Dialects;

/// <summary>Ozeki: an application whose script waits, told of the end of what it placed.</summary>
internal sealed class OzekiDriver(DialectsLab lab) : DialectDriver(lab)
{
    public const string Extension = "900";

    public override DialectWords Words { get; } = new("ozeki", "Ringing", "InCall", "200", "200", "601", "CallerHungUp", "Cancelled");

    private OzekiApi Api => Lab.Server.Ozeki;

    public override async Task<string?> PlaceAsync(string number)
    {
        var answer = await Api.AskAsync(
            "Call", ("Dialed", number), ("ApiExtension", Extension), ("ResponseOzML", "<Response><Delay>600</Delay></Response>"),
            ("FinishedUrl", $"{Lab.App.Url}{PathOf(number)}finished"), ("ErrorUrl", $"{Lab.App.Url}{PathOf(number)}error"));
        Assert.Equal(200, answer.Code);
        return null;
    }

    public override async Task<ListedCall> FindAsync(string number)
    {
        var call = (await Api.LiveAsync()).Single(c => c.Elements().Any(e => e.Value == number));
        return new ListedCall(call.Element("CallId")!.Value, number, call.Element("CallState")!.Value);
    }

    public override async Task<string> HangUpAsync(ListedCall call, bool rings = false) => $"{(await Api.HangUpAsync(call.Id)).Code}";

    public override async Task<string> EndAsync(ListedCall call) =>
        Assert.Single((await Api.AskAsync("ListCallHistory", ("CallId", call.Id))).Rows("Call")).Element("State")!.Value;

    public override int Told(OneCall call) => Lab.App.All.Count(r => r.Path.StartsWith(PathOf(call.Number), StringComparison.Ordinal));

    private static string PathOf(string number) => $"/ozeki/{number[1..]}/";
}
