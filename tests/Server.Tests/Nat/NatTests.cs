using System.Net;
using Switchhook.TestKit.Networks;
using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Nat;

/// <summary>
/// A real baresip at home, behind a NAT that changes ports and lets nobody in, and a phone outside. Its Contact, its Via and its session
/// description name an address nobody can reach.
/// </summary>
public sealed class NatTests
{
    private const string AtHome = "601";
    private const string Outside = "602";
    private const int HomeTone = 1000;
    private const int OutsideTone = 440;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(false, "udp")]
    [InlineData(true, "udp")]
    [InlineData(false, "tcp")]
    public async Task A_phone_behind_a_NAT_is_called_calls_hears_and_hangs_up(bool serverIsTranslatedToo, string transport)
    {
        await using var network = await NatNetwork.CreateAsync();
        await using var server = await StartServerAsync(network, serverIsTranslatedToo);
        var (udp, tcp) = (Reachable(server.SipUdp, serverIsTranslatedToo), Reachable(server.SipTcp, serverIsTranslatedToo));
        await using var outside = OpenOutside(network, udp);
        Assert.Equal(200, (await outside.RegisterAsync()).Status);
        await using var home = await BaresipRun.StartAsync(new BaresipSettings
        {
            User = AtHome,
            Secret = ProvisioningBuilder.SecretOf(AtHome),
            Server = transport == "udp" ? udp : tcp,
            Transport = transport,
            ToneHz = HomeTone,
            Address = NatNetwork.HomeAddress,
            Network = network.Home,
        });
        await home.RegisteredAsync();

        await BeCalledAsync(network, server, outside, home, homeHangsUp: true);
        await BeCalledAsync(network, server, outside, home, homeHangsUp: false);
        await CallAsync(network, server, outside, home);

        await server.QuietAsync("call", "leg", "rtp_port");
        var (total, calls) = await server.Native.EndedAsync();
        Assert.Equal(3, total);
        // One leg each: a phone that is called at one binding only.
        Assert.All(calls, call => Assert.Equal((2, 16), (call.Legs.Count, call.Caller.Hangup!.Cause)));
    }

    private static async Task BeCalledAsync(NatNetwork network, TestServer server, ScriptedPhone outside, BaresipRun home, bool homeHangsUp)
    {
        home.ForgetHeard();
        await using var probe = network.Public.Inside(() => new RtpProbe(NatNetwork.PublicPhone));
        var placed = await outside.DialAsync(AtHome, probe.Local, "0 101");
        await home.EventAsync("CALL_INCOMING", Patience);
        await home.AnswerAsync();
        await placed.ConnectAsync(Patience);

        await HearEachOtherAsync(placed, probe, home);

        if (homeHangsUp)
        {
            await home.HangUpAsync();
            await placed.ExpectByeAsync(Patience);
        }
        else
        {
            Assert.Equal(200, (await placed.HangUpAsync()).Status);
        }
        await home.EventAsync("CALL_CLOSED", Patience);
        var call = await server.Native.EndedBySipAsync(placed.CallId);
        Assert.All(call.Legs, leg => Assert.Equal(homeHangsUp ? "callee" : "caller", leg.Hangup!.By));
    }

    private static async Task CallAsync(NatNetwork network, TestServer server, ScriptedPhone outside, BaresipRun home)
    {
        home.ForgetHeard();
        await using var probe = network.Public.Inside(() => new RtpProbe(NatNetwork.PublicPhone));
        await home.DialAsync(Outside);
        var offered = await outside.IncomingAsync(Patience);
        await offered.AnswerAsync(Sdp.Audio(probe.Local, "0 101"));

        await HearEachOtherAsync(offered, probe, home);

        Assert.Equal(200, (await offered.HangUpAsync()).Status);
        await home.EventAsync("CALL_CLOSED", Patience);
        var call = await server.Native.EndedBySipAsync(offered.CallId);
        Assert.All(call.Legs, leg => Assert.Equal("callee", leg.Hangup!.By));
    }

    /// <summary>Tones both ways, until the probe has heard the home's and the home's recording has the probe's.</summary>
    private static async Task HearEachOtherAsync(ScriptedCall call, RtpProbe probe, BaresipRun home)
    {
        probe.Remote = Sdp.AudioEndpoint(call.RemoteSdp);
        using var enough = new CancellationTokenSource();
        var talking = probe.SendToneAsync(OutsideTone, TimeSpan.FromMinutes(1), stop: enough.Token);
        await probe.HearToneAsync(HomeTone, Patience);
        await home.HearToneAsync(OutsideTone, Patience);
        await enough.CancelAsync();
        await talking;
    }

    private static Task<TestServer> StartServerAsync(NatNetwork network, bool isTranslated) => TestServer.StartAsync(new ServerSetup
    {
        Provisioning = new ProvisioningBuilder().AddPhone(AtHome).AddPhone(Outside),
        Network = isTranslated ? network.Centre : network.Public,
        Address = isTranslated ? NatNetwork.CentreAddress : NatNetwork.PublicServer,
        Settings = isTranslated ? [$"Sip:Advertise={NatNetwork.CentreSeenAs}", $"Rtp:Advertise={NatNetwork.CentreSeenAs}"] : [],
    });

    private static ScriptedPhone OpenOutside(NatNetwork network, IPEndPoint server) => ScriptedPhone.Open(new PhoneSettings
    {
        User = Outside,
        Secret = ProvisioningBuilder.SecretOf(Outside),
        Server = server,
        Local = new IPEndPoint(NatNetwork.PublicPhone, 0),
        Network = network.Public,
    });

    private static IPEndPoint Reachable(IPEndPoint bound, bool isTranslated) => isTranslated ? new IPEndPoint(NatNetwork.CentreSeenAs, bound.Port) : bound;
}
