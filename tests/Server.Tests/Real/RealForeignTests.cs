using System.Globalization;
using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;

namespace Switchhook.Server.Tests.Real;

/// <summary>Programs of others: linphonec as a phone, sipsak as a prober.</summary>
public sealed class RealForeignTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Linphone_registers_answers_is_heard_hears_and_the_call_ends(bool linphoneHangsUp)
    {
        await using var server = await StartAsync();
        await using var linphone = await LinphoneRun.StartAsync("601", ProvisioningBuilder.SecretOf("601"), server.SipTcp, toneHz: 700);
        await using var caller = server.Phone("602");
        await using var probe = new RtpProbe();
        var placed = await caller.DialAsync("601", probe.Local, "0 101");
        await placed.ExpectAsync(180, Patience);
        await linphone.TypeAsync("answer");
        await placed.ConnectAsync(Patience);
        probe.Remote = Sdp.AudioEndpoint(placed.RemoteSdp);
        using var enough = new CancellationTokenSource();
        var talking = probe.SendToneAsync(1000, TimeSpan.FromMinutes(1), stop: enough.Token);

        await probe.HearToneAsync(700, Patience);
        await linphone.HearToneAsync(1000);
        await enough.CancelAsync();
        await talking;
        if (linphoneHangsUp)
        {
            await linphone.TypeAsync("terminate");
            await placed.ExpectByeAsync(Patience);
        }
        else
        {
            Assert.Equal(200, (await placed.HangUpAsync()).Status);
        }
        await linphone.SaysAsync("ended");

        var call = await server.Native.EndedBySipAsync(placed.CallId);
        Assert.All(call.Legs, leg => Assert.Equal((linphoneHangsUp ? "callee" : "caller", 16), (leg.Hangup!.By, leg.Hangup.Cause)));
        await server.QuietAsync("call", "leg", "rtp_port");
    }

    [Theory]
    [InlineData("a ping", 0)]
    [InlineData("a registration", 0)]
    [InlineData("a wrong password", 2)]
    public async Task Sipsak_is_answered(string what, int expected)
    {
        await using var server = await StartAsync();
        var port = server.SipUdp.Port.ToString(CultureInfo.InvariantCulture);
        string[] registering = ["-U", "-i", "-C", "sip:601@127.0.0.1:9", "-x", "60", "-u", "601", "-a", what == "a wrong password" ? "no" : ProvisioningBuilder.SecretOf("601")];

        var (exitCode, output) = await ChildProgram.RunAsync(
            "sipsak", [.. what == "a ping" ? [] : registering, "-vv", "-r", port, "-s", "sip:601@127.0.0.1"], Patience);

        Assert.True(exitCode == expected, $"{exitCode}: {output}\n{server.Output}");
        Assert.Equal(what == "a wrong password", output.Contains("authorization failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_message_of_sipsak_reaches_a_phone()
    {
        await using var server = await StartAsync();
        await using var phone = await server.RegisteredPhoneAsync("602");
        phone.AlwaysAnswer("MESSAGE", 200);
        using var folder = new TempFolder();
        // Its own option for messages (-M) crashes in this release, before anything is sent.
        await File.WriteAllTextAsync(
            folder.At("message"),
            "MESSAGE sip:602@127.0.0.1 SIP/2.0\r\nFrom: <sip:601@127.0.0.1>;tag=1\r\nTo: <sip:602@127.0.0.1>\r\nCall-ID: message@sipsak\r\nCSeq: 1 MESSAGE\r\n" +
            "Max-Forwards: 70\r\nUser-Agent: sipsak\r\nContent-Type: text/plain\r\nContent-Length: 12\r\n\r\nGood morning");

        var (exitCode, output) = await ChildProgram.RunAsync(
            "sipsak",
            [
                "-f", folder.At("message"), "-vv", "-r", server.SipUdp.Port.ToString(CultureInfo.InvariantCulture), "-u", "601",
                "-a", ProvisioningBuilder.SecretOf("601"), "-s", "sip:602@127.0.0.1",
            ],
            Patience);

        Assert.True(exitCode == 0, $"{exitCode}: {output}\n{server.Output}");
        Assert.Equal("Good morning", (await phone.ReceiveAsync("MESSAGE")).Body);
    }

    private static Task<TestServer> StartAsync() => TestServer.StartAsync(new ServerSetup
    {
        Provisioning = new ProvisioningBuilder().AddPhone("601").AddPhone("602"),
    });
}
