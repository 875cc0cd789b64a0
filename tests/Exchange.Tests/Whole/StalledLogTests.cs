using System.Net;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>A log that is slow or fails: who waits for it, and who does not.</summary>
public sealed class StalledLogTests : IAsyncLifetime
{
    private readonly Loopback _loopback = Loopback.Start(new Provisioning
    {
        Trunks = [new Trunk { Name = "carrier", Host = "127.0.0.9", Port = 5099, From = ["127.0.0.9"], MayDial = TrunkDial.All }],
        OutboundRoutes = [new OutboundRoute { Name = "out", Pattern = "55X.", Trunk = "carrier" }],
        Extensions = [new Extension { Number = "800", Kind = ExtensionKind.Service, Behaviour = ServiceBehaviour.Answer, Account = "demo" }],
    });

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _loopback.Ports.LogTakesWrites.Set();
        return _loopback.DisposeAsync();
    }

    [Fact]
    public async Task A_caller_is_in_a_call_no_sooner_than_the_log_knows()
    {
        var peer = _loopback.Peer();
        _loopback.Ports.LogTakesWrites.Reset();

        var call = await peer.DialAsync("800");
        await Eventually.TrueAsync(() => _loopback.Exchange.Live().Any(c => c.State is CallState.Talking), "the call is answered");
        await peer.FenceAsync();
        var before = peer.CountReceived(m => m.Is(200, "INVITE"));
        _loopback.Ports.LogTakesWrites.Set();
        await call.ConnectAsync();

        Assert.Equal(0, before);
        Assert.Single(_loopback.Ports.Dialogs);
    }

    [Fact]
    public async Task A_callee_gets_its_ack_no_sooner_than_the_log_knows()
    {
        await using var peer = ScriptedPhone.Open(new PhoneSettings { User = "5551", Server = _loopback.Sip, Local = new IPEndPoint(IPAddress.Parse("127.0.0.9"), 5099) });
        await _loopback.AskAsync(new CallCommand.Originate
        {
            Dialect = "native",
            Account = "demo",
            Caller = new Party("1", null),
            Dialed = "5551",
            Then = new OnAnswer.Wait(),
        });
        var offered = await peer.IncomingAsync();
        _loopback.Ports.LogTakesWrites.Reset();

        await offered.RespondAsync(200, ScriptedPhone.SilentSdp());
        await Eventually.TrueAsync(() => _loopback.Exchange.Live().Any(c => c.State is CallState.Talking), "the call is answered");
        await peer.FenceAsync();
        var before = peer.CountReceived(m => m.Is("ACK"));
        _loopback.Ports.LogTakesWrites.Set();
        await offered.ExpectRequestAsync("ACK");

        Assert.Equal(0, before);
    }

    [Fact]
    public async Task While_the_log_fails_calls_are_answered_and_hung_up_without_it()
    {
        var peer = _loopback.Peer();
        var first = await peer.DialAsync("800");
        await first.ConnectAsync();
        _loopback.Ports.LogFailure = "The disk is full.";

        var second = await peer.DialAsync("800");
        await second.ConnectAsync();
        var asked = _loopback.AskAsync(new CallCommand.HangUp(_loopback.Exchange.Live()[0].Id, new HangupBy.Api("native", "demo"))).AsTask();
        await first.ExpectByeAsync();
        var toldEarly = asked.IsCompleted;
        _loopback.Ports.LogFailure = null;
        var reply = await asked;

        Assert.False(toldEarly);
        Assert.True(reply.Done);
        Assert.Equal("api", (await _loopback.Ports.EventAsync(e => e is CallEnded)).Call.By!.Word);
    }
}
