using System.Text.Json.Nodes;
using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Recovery;

/// <summary>A recording that was under way when the server was killed.</summary>
public sealed class RecordingRepairTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task It_can_be_read_after_the_kill_and_is_listed_as_recovered_with_its_length()
    {
        using var data = new TempFolder();
        await using var server = await TestServer.StartAsync(new ServerSetup { Provisioning = new ProvisioningBuilder().AddPhone("701").AddService("800", "answer"), Data = data.Path });
        await using var phone = await server.RegisteredPhoneAsync("701");
        await using var audio = new RtpProbe();
        var call = await phone.DialAsync("800", audio.Local);
        await call.ConnectAsync();
        audio.Remote = Sdp.AudioEndpoint(call.RemoteSdp);
        var id = (await server.Native.LiveBySipAsync(call.CallId)).Id;
        Assert.Equal(200, (await server.Native.PostAsync($"calls/{id}/record", new JsonObject { ["sides"] = "party" })).Status);
        var file = data.At($"recordings/{id}/{id}-1.wav");

        // Killed in the middle of it, with more than two seconds on the disk.
        using var stop = new CancellationTokenSource();
        var talking = audio.SendToneAsync(440, TimeSpan.FromSeconds(120), stop: stop.Token);
        await Eventually.TrueAsync(() => File.Exists(file) && new FileInfo(file).Length > 2 * 16_000, "two seconds of recording", Patience);
        await server.KillAsync();
        await stop.CancelAsync();
        await talking;
        var asLeft = WavFiles.Read(await File.ReadAllBytesAsync(file));
        await using var again = await server.StartAgainAsync();
        await again.Native.EndedCallAsync(id, Patience);

        Assert.True(asLeft.Length >= 8000, $"{asLeft.Length} samples could be read before the repair");
        var listed = (await again.Native.GetAsync($"recordings/{id}-1")).Json;
        Assert.Equal("recovered", listed.GetProperty("state").GetString());
        Assert.Equal(id, listed.GetProperty("call").GetString());
        var repaired = WavFiles.Read(await again.Native.DownloadAsync(new Uri(again.Http, $"/switchhook/v1/recordings/{id}-1/audio?format=wav").ToString()));
        Assert.True(repaired.Length >= 2 * 8000 && repaired.Length >= asLeft.Length, $"{repaired.Length} samples after the repair");
        Assert.Equal(repaired.Length / 8000.0, listed.GetProperty("lengthSeconds").GetDouble(), tolerance: 0.02);
        Assert.True(Goertzel.BestShare(repaired, 440) > 0.8, "the caller is in the recording");
        Assert.Contains($"{id}-1.wav", again.Output, StringComparison.Ordinal);
    }
}
