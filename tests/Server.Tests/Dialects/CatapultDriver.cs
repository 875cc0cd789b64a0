using Switchhook.Server.Tests.Catapult;
using Switchhook.TestKit.Servers;

namespace Switchhook.Server.Tests.Dialects;

/// <summary>Catapult: an application with a callback for each call it makes.</summary>
internal sealed class CatapultDriver(DialectsLab lab, CatapultApi api) : DialectDriver(lab)
{
    public override DialectWords Words { get; } = new(
        "catapult", "started", "active", "200", "200", "403 call-invalid-state", "completed NORMAL_CLEARING", "completed ORIGINATOR_CANCEL");

    public CatapultApi Api => api;

    public override async Task<string?> PlaceAsync(string number)
    {
        var created = await api.PostAsync("calls", new { from = DialectsLab.Own, to = number, callbackUrl = $"{Lab.App.Url}{PathOf(number)}" });
        Assert.Equal(201, created.Status);
        return null;
    }

    public override async Task<ListedCall> FindAsync(string number)
    {
        var call = Assert.Single((await api.GetAsync($"calls?to={Uri.EscapeDataString(number)}")).Json.EnumerateArray());
        return new ListedCall(call.GetProperty("id").GetString()!, number, call.GetProperty("state").GetString()!);
    }

    public override async Task<string> HangUpAsync(ListedCall call, bool rings = false)
    {
        var answer = await api.PostAsync($"calls/{call.Id}", new { state = "completed" });
        return $"{answer.Status} {answer["code"]}".TrimEnd();
    }

    public override async Task<string> EndAsync(ListedCall call)
    {
        var log = (await api.GetAsync($"calls/{call.Id}/events")).Json.EnumerateArray();
        var hangup = log.Single(e => e.GetProperty("name").GetString() == "hangup");
        return $"{(await api.GetAsync($"calls/{call.Id}"))["state"]} {hangup.GetProperty("data").GetString()}";
    }

    public override int Told(OneCall call) => Lab.App.All.Count(r => r.Path == PathOf(call.Number) && CatapultLab.Of(r, "eventType") == "hangup");

    public override void Dispose()
    {
        api.Dispose();
        base.Dispose();
    }

    private static string PathOf(string number) => $"/catapult/{number[1..]}";
}
