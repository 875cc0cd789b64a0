using System.Text.Json.Nodes;
using Switchhook.TestKit.Http;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Hoiio;

/// <content>Incoming calls, two phones, rooms.</content>
public sealed partial class HoiioServerTests
{
    [Fact]
    public async Task An_incoming_call_rings_until_the_application_acts_and_is_transferred()
    {
        var caller = await CallInAsync();
        await caller.ExpectAsync(180, Patience);
        var announced = await IncomingAsync(caller);
        var (session, url, target) = (announced["session"], $"{lab.App.Url}/{lab.NextNumber()[1..]}", lab.NextNumber());

        var transfer = await Hoiio.PostAsync("ivr/end/transfer", ("session", session), ("dest", target), ("caller_id", announced["from"]), ("on_failure", "continue"), ("notify_url", url));
        await caller.ConnectAsync(Patience);
        var busy = await lab.Carrier.IncomingAsync(m => m.RequestUri.Contains(target[1..], StringComparison.Ordinal), Patience);
        await busy.RejectAsync(486);
        var failed = await lab.App.NextAsync(r => r["session"] == session && r["ivr_block"] == "transfer", "the failed transfer", Patience);
        await Hoiio.PostAsync("ivr/end/transfer", ("session", session), ("dest", target), ("notify_url", url));
        var second = await lab.Carrier.IncomingAsync(m => m.RequestUri.Contains(target[1..], StringComparison.Ordinal), Patience);
        await second.AnswerAsync(ScriptedPhone.SilentSdp());
        await second.HangUpAsync();
        await caller.ExpectByeAsync(Patience);
        var ended = await lab.App.NextAsync(r => r["session"] == session && r["ivr_block"] == "transfer", "the end of the transfer", Patience);

        Assert.Equal("success_ok", transfer.Status);
        Assert.Equal(("ringing", HoiioLab.OwnNumber), (announced["call_state"], announced["to"]));
        Assert.Equal(("busy", "ongoing"), (failed["transfer_status"], failed["call_state"]));
        Assert.Equal(("answered", "ended", "0.036", "0.036"), (ended["transfer_status"], ended["call_state"], ended["rate"], ended["debit"]));
    }

    [Fact]
    public async Task An_incoming_call_is_refused_unheard_by_a_hangup()
    {
        var caller = await CallInAsync();
        await caller.ExpectAsync(180, Patience);
        var session = (await IncomingAsync(caller))["session"];

        var hangup = await Hoiio.PostAsync("ivr/end/hangup", ("session", session), ("notify_url", lab.App.Url + "/refused"));
        await caller.ExpectRefusalAsync(480, Patience);
        var ended = await lab.App.NextAsync(r => r["session"] == session && r["call_state"] == "ended", "the end", Patience);

        Assert.Equal(("success_ok", "hangup"), (hangup.Status, ended["ivr_block"]));
    }

    [Fact]
    public async Task A_caller_who_gives_up_is_told_as_answer_ended()
    {
        var caller = await CallInAsync();
        await caller.ExpectAsync(180, Patience);
        var session = (await IncomingAsync(caller))["session"];

        await caller.CancelAsync();
        await caller.ExpectRefusalAsync(487, Patience);
        var ended = await lab.App.NextAsync(r => r["session"] == session && r["call_state"] == "ended", "the end", Patience);

        Assert.Equal(("answer", "0", "0.000"), (ended["ivr_block"], ended["duration"], ended["debit"]));
    }

    [Fact]
    public async Task Two_phones_are_joined_and_a_hangup_by_reference_drops_both()
    {
        var (first, second, url) = (lab.NextNumber(), lab.NextNumber(), $"{lab.App.Url}/two");
        var placed = await Hoiio.GetAsync("voice/call", ("dest1", first), ("dest2", second), ("caller_id", HoiioLab.OwnNumber), ("notify_url", url), ("max_duration", "600"));
        var one = await lab.Carrier.IncomingAsync(m => m.RequestUri.Contains(first[1..], StringComparison.Ordinal), Patience);
        await one.AnswerAsync(ScriptedPhone.SilentSdp());
        var other = await lab.Carrier.IncomingAsync(m => m.RequestUri.Contains(second[1..], StringComparison.Ordinal), Patience);
        var running = await Hoiio.PostAsync("voice/query_status", ("txn_ref", placed["txn_ref"]));
        await other.AnswerAsync(ScriptedPhone.SilentSdp());

        var hangup = await Hoiio.PostAsync("voice/hangup", ("txn_ref", placed["txn_ref"]));
        await one.ExpectByeAsync(Patience);
        await other.ExpectByeAsync(Patience);
        var told = await lab.App.NextAsync(r => r["txn_ref"] == placed["txn_ref"], "the end", Patience);
        var history = await Hoiio.PostAsync("voice/get_history");

        Assert.Contains(second[1..], one.Offered!.Header("From"), StringComparison.Ordinal);
        Assert.Contains(HoiioLab.OwnNumber[1..], other.Offered!.Header("From"), StringComparison.Ordinal);
        Assert.Equal(("ongoing", "ongoing", ""), (running["call_status_dest1"], running["call_status_dest2"], running["debit"]));
        Assert.Equal("success_ok", hangup.Status);
        Assert.Equal(("answered", "answered", "0.048"), (told["call_status_dest1"], told["call_status_dest2"], told["debit"]));
        Assert.Contains(history.Json.GetProperty("entries").EnumerateArray(), e => e.GetProperty("txn_ref").GetString() == placed["txn_ref"]);
        Assert.Single(lab.App.All, r => r["txn_ref"] == placed["txn_ref"]);
    }

    [Fact]
    public async Task Phones_in_a_room_hear_each_other_and_one_is_sent_out()
    {
        var (first, second) = (lab.NextNumber(), lab.NextNumber());
        await using RtpProbe one = new(), two = new();
        var reply = await Hoiio.PostAsync("conference/call", ("dest", $"{first},{second}"), ("room", "stand.up"), ("notify_url", $"{lab.App.Url}/room"));
        var near = await lab.Carrier.IncomingAsync(m => m.RequestUri.Contains(first[1..], StringComparison.Ordinal), Patience);
        await near.AnswerAsync(Sdp.Audio(one.Local, "0 101"));
        var far = await lab.Carrier.IncomingAsync(m => m.RequestUri.Contains(second[1..], StringComparison.Ordinal), Patience);
        await far.AnswerAsync(Sdp.Audio(two.Local, "0 101"));
        one.Remote = Sdp.AudioEndpoint(near.RemoteSdp);
        var references = reply.Json.GetProperty("txn_refs").EnumerateArray().Select(r => r.GetString()!).ToList();

        await Eventually.TrueAsync(
            async () =>
            {
                await one.SendToneAsync(440, TimeSpan.FromMilliseconds(200));
                return two.Heard.Count > 10;
            },
            "the second hears the first",
            Patience);
        var kicked = await Hoiio.PostAsync("conference/moderate", ("txn_ref", references[0]), ("action", "kick"));
        await near.ExpectByeAsync(Patience);
        var told = await lab.App.NextAsync(r => r["txn_ref"] == references[0], "the end of the first", Patience);
        var left = await Hoiio.PostAsync("voice/query_status", ("txn_ref", references[1]));
        await far.HangUpAsync();
        await lab.App.NextAsync(r => r["txn_ref"] == references[1], "the end of the second", Patience);

        Assert.Equal(("success_ok", "stand.up", "answered"), (kicked.Status, told["room"], told["call_status_dest1"]));
        Assert.Equal("ongoing", left["call_status_dest1"]);
    }
}
