using Switchhook.TestKit.Servers;

namespace Switchhook.Server.Tests.Dialects;

/// <summary>Hoiio: an application that takes any call of its account for a session.</summary>
internal sealed class HoiioDriver(DialectsLab lab, HoiioApi api) : DialectDriver(lab)
{
    private readonly HashSet<string> _placed = [];

    public override DialectWords Words { get; } = new(
        "hoiio", "ongoing", "ongoing", "success_ok", "error_hangup_already_in_progress", "error_session_ended", "answered", "unanswered");

    public HoiioApi Api => api;

    public override async Task<string?> PlaceAsync(string number)
    {
        _placed.Add(number);
        Assert.Equal("success_ok", (await api.PostAsync("ivr/start/dial", ("dest", number), ("notify_url", $"{Lab.App.Url}{PathOf(number)}"))).Status);
        return null;
    }

    public override Task AnsweredAsync(string number) =>
        Lab.App.NextAsync(r => r.Path == PathOf(number) && r["dial_status"] == "answered", $"the answer of {number}", DialectsLab.Patience);

    public override async Task<ListedCall> FindAsync(string number)
    {
        var list = (await api.PostAsync("voice/get_history")).Json.GetProperty("entries").EnumerateArray();
        var call = list.Single(c => c.GetProperty("dest1").GetString() == number || c.GetProperty("dest2").GetString() == number);
        return new ListedCall(call.GetProperty("txn_ref").GetString()!, number, call.GetProperty("call_status_dest1").GetString()!);
    }

    public override async Task<string> HangUpAsync(ListedCall call, bool rings = false)
    {
        List<(string, string)> parameters = [("session", SessionOf(call)), ("force", rings ? "enabled" : "")];
        // The address is the application's: whoever only ends another's call has nothing to be told.
        if (_placed.Contains(call.Number))
            parameters.Add(("notify_url", $"{Lab.App.Url}{PathOf(call.Number)}"));
        return (await api.PostAsync("ivr/end/hangup", [.. parameters])).Status;
    }

    public override async Task<string> EndAsync(ListedCall call) => (await api.PostAsync("voice/query_status", ("txn_ref", call.Id)))["call_status_dest1"];

    public override int Told(OneCall call) => Lab.App.All.Count(r => r.Path == PathOf(call.Number) && r["call_state"] == "ended");

    public static string SessionOf(ListedCall call) => $"S-{call.Id[(call.Id.LastIndexOf('-') + 1)..]}";

    public override void Dispose()
    {
        api.Dispose();
        base.Dispose();
    }

    private static string PathOf(string number) => $"/hoiio/{number[1..]}";
}
