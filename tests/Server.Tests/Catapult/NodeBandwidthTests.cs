using Switchhook.TestKit.Programs.NodeBandwidth;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Sip;

namespace Switchhook.Server.Tests.Catapult;

/// <summary>The vendor's own client library, as npm gives it, against this server.</summary>
[Collection(CatapultLabCollection.Name)]
public sealed class NodeBandwidthTests(CatapultLab lab)
{
    [Fact]
    public async Task The_vendor_s_library_places_plays_gathers_hangs_up_and_pages_through_calls()
    {
        await using var bandwidth = await NodeBandwidthRun.StartAsync(lab.Server.Http, CatapultLab.User, CatapultLab.Token, CatapultLab.Secret);
        await using var probe = new RtpProbe();
        var number = lab.NextNumber();

        var call = await bandwidth.AskAsync("Call.create", new { from = CatapultLab.Own, to = number, callbackUrl = $"{lab.App.Url}/node", tag = "npm" });
        var id = call.Value.GetProperty("id").GetString()!;
        var offered = await lab.Carrier.IncomingAsync(m => m.RequestUri.Contains(number, StringComparison.Ordinal));
        await offered.AnswerAsync(Sdp.Audio(probe.Local));
        probe.Remote = Sdp.AudioEndpoint(offered.RemoteSdp);
        await lab.EventAsync("answer", id);
        var active = await bandwidth.AskAsync("Call.get", id);
        var spoken = await bandwidth.AskAsync("Call.speakSentence", id, "Please type your number and then the hash key");
        await probe.HearAsync(10);
        var gather = await bandwidth.AskAsync("Call.createGather", id, new { maxDigits = 5, interDigitTimeout = 20, prompt = new { sentence = "Type" } });
        foreach (var key in "123#")
            await probe.SendDigitAsync(key);
        await lab.EventAsync("gather", id);
        var gathered = await bandwidth.AskAsync("Call.getGather", id, gather.Value.GetProperty("id").GetString());
        var keys = await bandwidth.AskAsync("Call.sendDtmf", id, "12");
        var hangup = await bandwidth.AskAsync("Call.hangup", id);
        await offered.ExpectByeAsync();
        await lab.EventAsync("hangup", id);
        var late = await bandwidth.AskAsync("Call.hangup", id);
        var events = await bandwidth.AskAsync("Call.getEvents", id);
        var first = await bandwidth.AskAsync("Call.list", new { to = number, size = 1, page = 0 });
        var second = await bandwidth.AskAsync("Call.list", new { to = number, size = 1, page = 1 });

        Assert.Equal("active", active.Value.GetProperty("state").GetString());
        Assert.Null(spoken.Error);
        Assert.Equal("123", gathered.Value.GetProperty("digits").GetString());
        Assert.Equal((null, null), (keys.Error, hangup.Error));
        Assert.Equal((403, $"Unable to update call {id}. Invalid call state COMPLETED"), (late.Status, late.Error));
        Assert.Equal("create", events.Value[0].GetProperty("name").GetString());
        Assert.Equal(id, Assert.Single(first.Value.EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal(0, second.Value.GetArrayLength());
    }

    [Fact]
    public async Task The_vendor_s_library_transfers_a_call()
    {
        await using var bandwidth = await NodeBandwidthRun.StartAsync(lab.Server.Http, CatapultLab.User, CatapultLab.Token, CatapultLab.Secret);
        var (one, two) = (lab.NextNumber(), lab.NextNumber());

        var call = await bandwidth.AskAsync("Call.create", new { from = CatapultLab.Own, to = one, callbackUrl = $"{lab.App.Url}/node" });
        var id = call.Value.GetProperty("id").GetString()!;
        var first = await lab.Carrier.IncomingAsync(m => m.RequestUri.Contains(one, StringComparison.Ordinal));
        await first.AnswerAsync(ScriptedPhone.SilentSdp());
        await lab.EventAsync("answer", id);
        var transfer = await bandwidth.AskAsync("Call.transfer", id, new { transferTo = two });
        var second = await lab.Carrier.IncomingAsync(m => m.RequestUri.Contains(two, StringComparison.Ordinal));
        await second.AnswerAsync(ScriptedPhone.SilentSdp());
        await lab.EventAsync("answer", transfer.Value.GetProperty("id").GetString()!);
        await first.HangUpAsync();
        await second.ExpectByeAsync();

        await lab.EventAsync("hangup", id);
        Assert.NotEqual(id, transfer.Value.GetProperty("id").GetString());
    }

    [Fact]
    public async Task The_vendor_s_library_keeps_applications()
    {
        await using var bandwidth = await NodeBandwidthRun.StartAsync(lab.Server.Http, CatapultLab.User, CatapultLab.Token, CatapultLab.Secret);

        var made = await bandwidth.AskAsync("Application.create", new { name = "from npm", incomingCallUrl = $"{lab.App.Url}/npm", autoAnswer = false });
        var id = made.Value.GetProperty("id").GetString()!;
        await bandwidth.AskAsync("Application.update", id, new { incomingCallFallbackUrl = $"{lab.App.Url}/npm2" });
        var shown = await bandwidth.AskAsync("Application.get", id);
        var listed = await bandwidth.AskAsync("Application.list", new { size = 2 });
        var deleted = await bandwidth.AskAsync("Application.delete", id);
        var gone = await bandwidth.AskAsync("Application.get", id);

        Assert.Equal("from npm", shown.Value.GetProperty("name").GetString());
        Assert.False(shown.Value.GetProperty("autoAnswer").GetBoolean());
        Assert.EndsWith("/npm2", shown.Value.GetProperty("incomingCallFallbackUrl").GetString(), StringComparison.Ordinal);
        Assert.True(listed.Value.GetProperty("hasNextPage").GetBoolean());
        Assert.Equal((null, 404), (deleted.Error, gone.Status));
    }
}
