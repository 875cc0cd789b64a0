using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Real;

/// <summary>linphonec holds its call, takes it up again and passes it on; after each step those who are joined hear each other.</summary>
public sealed class RealLinphoneTests
{
    private const string Linphone = "601";
    private const string Party = "602";
    private const string Target = "603";
    private const string Echo = "805";

    /// <summary>Its words once audio goes; what it is told to record before that is not recorded.</summary>
    private const string Established = "Media streams established";
    private const int LinphoneTone = 700;
    private const int PartyTone = 1000;
    private const int TargetTone = 1300;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task It_calls_the_echo_and_hears_itself()
    {
        await using var server = await StartAsync();
        await using var linphone = await LinphoneAsync(server);

        await linphone.TypeAsync($"call {Echo}");
        await linphone.SaysAsync("connected");
        await linphone.HearToneAsync(LinphoneTone);
        await linphone.TypeAsync("terminate");
        await linphone.SaysAsync("ended");

        await server.QuietAsync("call", "leg", "rtp_port");
        var (_, calls) = await server.Native.EndedAsync();
        Assert.Equal(("caller", 16), (Assert.Single(calls).By, calls[0].Caller.Hangup!.Cause));
    }

    [Fact]
    public async Task It_holds_its_call_takes_it_up_again_and_passes_it_on_blind()
    {
        await using var server = await StartAsync();
        await using var linphone = await LinphoneAsync(server);
        await using var party = await SpeakingPhone.StartAsync(server, Party, PartyTone);
        await using var target = await SpeakingPhone.StartAsync(server, Target, TargetTone);
        var call = await party.CallAsync(Linphone, () => linphone.TypeAsync("answer"));
        await linphone.SaysAsync(Established);
        var id = (await server.Native.LiveBySipAsync(call.CallId)).Id;
        await HearEachOtherAsync(linphone, party);

        await linphone.TypeAsync("pause");
        await linphone.SaysAsync("paused");
        await CalleeStateAsync(server, id, "held");
        await linphone.TypeAsync("resume");
        await CalleeStateAsync(server, id, "bridged");
        await linphone.SaysAsync(Established);
        await HearEachOtherAsync(linphone, party);
        await linphone.TypeAsync($"transfer {Target}");
        var moved = await target.AnswerAsync();
        await linphone.SaysAsync("ended");
        await HearEachOtherAsync(party, target);

        Assert.Equal(200, (await moved.HangUpAsync()).Status);
        await call.ExpectByeAsync(Patience);
        var ended = await server.Native.ConfirmedCallAsync(id);
        Assert.Equal(["callee", "transfer", "callee"], ended.Legs.Select(l => l.Hangup!.By));
        await server.QuietAsync("call", "leg", "rtp_port");
    }

    [Fact]
    public async Task It_joins_its_two_calls_and_leaves_both()
    {
        await using var server = await StartAsync();
        await using var linphone = await LinphoneAsync(server);
        await using var party = await SpeakingPhone.StartAsync(server, Party, PartyTone);
        await using var target = await SpeakingPhone.StartAsync(server, Target, TargetTone);
        var call = await party.CallAsync(Linphone, () => linphone.TypeAsync("answer"));
        await linphone.SaysAsync(Established);
        await HearEachOtherAsync(linphone, party);

        await linphone.TypeAsync("pause");
        await linphone.SaysAsync("paused");
        await linphone.TypeAsync($"call {Target}");
        var consulted = await target.AnswerAsync();
        await linphone.SaysAsync(Established);
        await HearEachOtherAsync(linphone, target);
        await linphone.TypeAsync("transfer 1 --to-call 2");
        await linphone.SaysAsync("ended");
        await linphone.SaysAsync("ended");
        await HearEachOtherAsync(party, target);

        Assert.Equal(200, (await call.HangUpAsync()).Status);
        await consulted.ExpectByeAsync(Patience);
        await server.QuietAsync("call", "leg", "rtp_port");
    }

    private static async Task HearEachOtherAsync(LinphoneRun linphone, SpeakingPhone other)
    {
        await linphone.ForgetHeardAsync();
        await Task.WhenAll(other.HearAsync(LinphoneTone), linphone.HearToneAsync(other.ToneHz));
    }

    private static Task HearEachOtherAsync(SpeakingPhone one, SpeakingPhone other) => Task.WhenAll(one.HearAsync(other.ToneHz), other.HearAsync(one.ToneHz));

    private static Task<CallView> CalleeStateAsync(TestServer server, string id, string state) =>
        Eventually.GetAsync(() => server.Native.CallAsync(id), c => c.Callee.State == state, $"the callee is {state}", Patience);

    private static Task<LinphoneRun> LinphoneAsync(TestServer server) =>
        LinphoneRun.StartAsync(Linphone, ProvisioningBuilder.SecretOf(Linphone), server.SipTcp, LinphoneTone);

    // Its recording is read as 8 kHz.
    private static Task<TestServer> StartAsync() => TestServer.StartAsync(new ServerSetup
    {
        Provisioning = new ProvisioningBuilder().AddPhone(Linphone).AddPhone(Party).AddPhone(Target).AddService(Echo, "echo"),
        Settings = ["Rtp:Codecs=PCMU,PCMA"],
    });
}
