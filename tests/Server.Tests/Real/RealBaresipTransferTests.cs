using System.Text;
using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Real;

/// <summary>baresip holds its call, takes it up again and passes it on; after each step those who are joined are asked what they hear.</summary>
public sealed class RealBaresipTransferTests
{
    private const string Transferor = "601";
    private const string Party = "602";
    private const string Target = "603";
    private const int TransferorTone = 700;
    private const int PartyTone = 1000;
    private const int TargetTone = 1300;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task It_holds_its_call_takes_it_up_again_and_passes_it_on_blind(string transport)
    {
        await using var server = await StartAsync();
        await using var baresip = await BaresipAsync(server, transport);
        await using var party = await SpeakingPhone.StartAsync(server, Party, PartyTone);
        await using var target = await SpeakingPhone.StartAsync(server, Target, TargetTone);
        await baresip.DialAsync(Party);
        var call = await party.AnswerAsync();
        await baresip.EventAsync("CALL_ESTABLISHED", Patience);
        var id = (await server.Native.OnlyLiveAsync()).Id;
        await Task.WhenAll(party.HearAsync(TransferorTone), baresip.HearToneAsync(PartyTone, Patience));

        await baresip.HoldAsync();
        await CallerStateAsync(server, id, "held");
        await baresip.ResumeAsync();
        await CallerStateAsync(server, id, "bridged");
        await party.HearAsync(TransferorTone);
        await baresip.TransferAsync($"sip:{Target}@switchhook.local");
        var moved = await target.AnswerAsync();
        await baresip.EventAsync("CALL_CLOSED", Patience);
        await Task.WhenAll(party.HearAsync(TargetTone), target.HearAsync(PartyTone));

        Assert.Equal(200, (await moved.HangUpAsync()).Status);
        await call.ExpectByeAsync(Patience);
        var ended = await server.Native.ConfirmedCallAsync(id);
        // The target is in the place of the one who has left.
        Assert.Equal(["transfer", "caller", "caller"], ended.Legs.Select(l => l.Hangup!.By));
        await server.QuietAsync("call", "leg", "rtp_port");
    }

    [Fact]
    public async Task It_joins_its_two_calls_and_leaves_both()
    {
        await using var server = await StartAsync();
        await using var baresip = await BaresipAsync(server, "udp");
        await using var party = await SpeakingPhone.StartAsync(server, Party, PartyTone);
        await using var target = await SpeakingPhone.StartAsync(server, Target, TargetTone);
        await baresip.DialAsync(Party);
        var call = await party.AnswerAsync();
        await baresip.EventAsync("CALL_ESTABLISHED", Patience);
        var first = (await server.Native.OnlyLiveAsync()).Id;
        await Task.WhenAll(party.HearAsync(TransferorTone), baresip.HearToneAsync(PartyTone, Patience));
        await baresip.HoldAsync();
        await CallerStateAsync(server, first, "held");
        baresip.ForgetHeard();
        await baresip.DialAsync(Target);
        var consulted = await target.AnswerAsync();
        await baresip.EventAsync("CALL_ESTABLISHED", Patience);
        await Task.WhenAll(target.HearAsync(TransferorTone), baresip.HearToneAsync(TargetTone, Patience));
        var second = (await server.Native.LiveAsync()).Single(c => c.Id != first).Id;
        var replaces = await DialogAsync(server, second);
        await baresip.SelectAsync(1);
        await baresip.TransferAsync($"<sip:{Target}@switchhook.local?Replaces={Uri.EscapeDataString(replaces)}>");
        await baresip.EventAsync("CALL_CLOSED", Patience);
        await baresip.EventAsync("CALL_CLOSED", Patience);
        await Task.WhenAll(party.HearAsync(TargetTone), target.HearAsync(PartyTone));

        Assert.Equal(200, (await call.HangUpAsync()).Status);
        await consulted.ExpectByeAsync(Patience);
        await server.QuietAsync("call", "leg", "rtp_port");
    }

    /// <summary>The dialog of the call's caller as a Replaces value. baresip 1.0 cannot write one itself, so it is told.</summary>
    private static async Task<string> DialogAsync(TestServer server, string call)
    {
        var trace = (await server.Native.GetAsync($"calls/{call}/trace")).Json.GetProperty("entries").EnumerateArray();
        var answer = trace.First(e => CallView.Text(e, "kind") == "sip-out" && CallView.Text(e, "detail").StartsWith("SIP/2.0 200", StringComparison.Ordinal));
        var message = WireMessage.Read(Encoding.UTF8.GetBytes(CallView.Text(answer, "detail")), null!);
        return $"{message.CallId};to-tag={message.ToTag};from-tag={message.FromTag}";
    }

    private static Task<CallView> CallerStateAsync(TestServer server, string id, string state) =>
        Eventually.GetAsync(() => server.Native.CallAsync(id), c => c.Caller.State == state, $"the caller is {state}", Patience);

    private static async Task<BaresipRun> BaresipAsync(TestServer server, string transport)
    {
        var baresip = await BaresipRun.StartAsync(new BaresipSettings
        {
            User = Transferor,
            Secret = ProvisioningBuilder.SecretOf(Transferor),
            Server = transport == "udp" ? server.SipUdp : server.SipTcp,
            Transport = transport,
            ToneHz = TransferorTone,
            Codecs = "PCMU",
        });
        await baresip.RegisteredAsync();
        return baresip;
    }

    private static Task<TestServer> StartAsync() =>
        TestServer.StartAsync(new ServerSetup { Provisioning = new ProvisioningBuilder().AddPhone(Transferor).AddPhone(Party).AddPhone(Target) });
}
