using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Programs.NodeBandwidth;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Sip;

namespace Switchhook.Server.Tests.Catapult;

/// <summary>Bridges, media and recordings by the vendor's own client library.</summary>
[Collection(CatapultLabCollection.Name)]
public sealed class NodeBandwidthBridgeTests(CatapultLab lab)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_vendor_s_library_puts_two_calls_together_and_ends_the_bridge()
    {
        await using var bandwidth = await NodeBandwidthRun.StartAsync(lab.Server.Http, CatapultLab.User, CatapultLab.Token, CatapultLab.Secret);
        await using var one = new RtpProbe();
        await using var other = new RtpProbe();
        var (first, a) = await AnsweredAsync(bandwidth, one);
        var (second, b) = await AnsweredAsync(bandwidth, other);

        var made = await bandwidth.AskAsync("Bridge.create", new { bridgeAudio = true, callIds = (string[])[first, second] });
        var id = made.Value.GetProperty("id").GetString()!;
        using var heard = new CancellationTokenSource();
        var talking = one.SendToneAsync(1100, Deadline, stop: heard.Token);
        await other.HearToneAsync(1100, Deadline);
        await heard.CancelAsync();
        await talking;
        var active = await bandwidth.AskAsync("Bridge.get", id);
        var calls = await bandwidth.AskAsync("Bridge.getCalls", id);
        var ended = await bandwidth.AskAsync("Bridge.update", id, new { callIds = Array.Empty<string>() });
        var over = await bandwidth.AskAsync("Bridge.get", id);
        var listed = await bandwidth.AskAsync("Bridge.list", new { size = 1 });
        await bandwidth.AskAsync("Call.hangup", first);
        await a.ExpectByeAsync(Deadline);
        await b.HangUpAsync();

        Assert.Equal("active", active.Value.GetProperty("state").GetString());
        Assert.Equal(2, calls.Value.GetArrayLength());
        Assert.Null(ended.Error);
        Assert.Equal("completed", over.Value.GetProperty("state").GetString());
        Assert.Equal(1, listed.Value.GetProperty("bridges").GetArrayLength());
    }

    [Fact]
    public async Task The_vendor_s_library_uploads_lists_and_deletes_media()
    {
        await using var bandwidth = await NodeBandwidthRun.StartAsync(lab.Server.Http, CatapultLab.User, CatapultLab.Token, CatapultLab.Secret);
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.At("hello.txt"), "hello", TestContext.Current.CancellationToken);

        var uploaded = await bandwidth.AskAsync("Media.upload", "npm hello.txt", folder.At("hello.txt"), "text/plain");
        var listed = await bandwidth.AskAsync("Media.list");
        var fetched = await bandwidth.AskAsync("Media.download", "npm hello.txt", "utf8");
        var deleted = await bandwidth.AskAsync("Media.delete", "npm hello.txt");
        var gone = await bandwidth.AskAsync("Media.delete", "npm hello.txt");
        var recordings = await bandwidth.AskAsync("Recording.list");

        Assert.Null(uploaded.Error);
        Assert.Contains(listed.Value.EnumerateArray(), static m => m.GetProperty("mediaName").GetString() == "npm hello.txt");
        Assert.Equal("hello", fetched.Value.GetProperty("content").GetString());
        Assert.Equal((null, 404), (deleted.Error, gone.Status));
        Assert.Null(recordings.Error);
    }

    private async Task<(string Id, ScriptedCall Offered)> AnsweredAsync(NodeBandwidthRun bandwidth, RtpProbe probe)
    {
        var number = lab.NextNumber();
        var call = await bandwidth.AskAsync("Call.create", new { from = CatapultLab.Own, to = number, callbackUrl = $"{lab.App.Url}/node" });
        var id = call.Value.GetProperty("id").GetString()!;
        var offered = await lab.Carrier.IncomingAsync(m => m.RequestUri.Contains(number, StringComparison.Ordinal), Deadline);
        await offered.AnswerAsync(Sdp.Audio(probe.Local));
        probe.Remote = Sdp.AudioEndpoint(offered.RemoteSdp);
        // The first to send is the one whose audio is taken; nobody else's left-over packets are to be.
        await probe.SendToneAsync(0, TimeSpan.FromMilliseconds(40));
        await lab.EventAsync("answer", id);
        return (id, offered);
    }
}
