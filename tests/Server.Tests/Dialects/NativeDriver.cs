using System.Text.Json.Nodes;
using Switchhook.TestKit.Servers;

namespace Switchhook.Server.Tests.Dialects;

/// <summary>The native API, with a webhook for every call's end.</summary>
internal sealed class NativeDriver(DialectsLab lab) : DialectDriver(lab)
{
    public const string Path = "/native";

    public override DialectWords Words { get; } = new("native", "trying", "talking", "200", "200", "200", "NORMAL_CLEARING", "ORIGINATOR_CANCEL");

    public override bool HearsOfAll => true;

    private NativeApi Api => Lab.Server.Native;

    public override async Task<string?> PlaceAsync(string number)
    {
        Assert.Equal(201, (await Api.PlaceAsync(new JsonObject { ["to"] = number })).Status);
        return null;
    }

    public override async Task<ListedCall> FindAsync(string number)
    {
        var call = (await Api.LiveAsync()).Single(c => c.Json.GetRawText().Contains(number, StringComparison.Ordinal));
        return new ListedCall(call.Id, number, call.State);
    }

    public override async Task<string> HangUpAsync(ListedCall call, bool rings = false) => $"{(await Api.HangUpAsync(call.Id)).Status}";

    public override async Task<string> EndAsync(ListedCall call) => (await Api.CallAsync(call.Id)).CauseName;

    public override int Told(OneCall call) => Lab.App.All.Count(r => r.Path == Path && r.Body.Contains($"\"{call.Id}\"", StringComparison.Ordinal));
}
