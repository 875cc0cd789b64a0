using Switchhook.TestKit.Http;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Dialects;

/// <summary>OpenVox: an application that is logged in, whose calls join two numbers outside.</summary>
internal sealed class OpenVoxDriver(DialectsLab lab, OpenVoxApi api, ReportListener reports) : DialectDriver(lab)
{
    public override DialectWords Words { get; } = new("openvox", "Progress", "Talking", "Success", "Success", "10007", "BYE ANSWERED", "487 NO ANSWER");

    public override bool HearsOfAll => true;

    public override bool JoinsTwo => true;

    public OpenVoxApi Api => api;

    public override async Task<string?> PlaceAsync(string number)
    {
        var second = Lab.NextNumber();
        Assert.Equal("Success", (await api.AskAsync("outbound/dial_outbound", ("caller", number), ("outto", second))).Outcome);
        return second;
    }

    public override async Task<ListedCall> FindAsync(string number)
    {
        var list = (await api.AskAsync("outbound/query")).Json.GetProperty("outbound").EnumerateArray();
        var call = list.Single(c => c.GetProperty("to").GetString() == number);
        return new ListedCall(call.GetProperty("outboundid").GetString()!, number, call.GetProperty("status").GetString()!);
    }

    public override async Task<string> HangUpAsync(ListedCall call, bool rings = false) =>
        (await api.AskAsync("outbound/hangup", ("outboundid", call.Id))).Outcome;

    public override async Task<string> EndAsync(ListedCall call)
    {
        await Eventually.TrueAsync(() => Of(call.Number, "NewCdr").Count > 0, $"the record of {call.Number}", DialectsLab.Patience);
        var failed = Of(call.Number, "CallFailed");
        return $"{(failed.Count == 0 ? "BYE" : Assert.Single(failed)["reason"])} {Of(call.Number, "NewCdr")[0]["status"]}";
    }

    public override int Told(OneCall call)
    {
        Assert.Distinct(Of(call.Number, "BYE").Select(r => r.Body));
        return Of(call.Number, "NewCdr").Count;
    }

    public override void Dispose()
    {
        api.Dispose();
        base.Dispose();
    }

    private List<Report> Of(string number, string action) =>
        [.. reports.All.Where(r => r.Body.Contains($"\"{number}\"", StringComparison.Ordinal) && r["action"] == action)];
}
