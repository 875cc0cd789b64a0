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
        Extensions = [new Extension { Number = "800", Kind = ExtensionKind.Service, Behaviour = ServiceBehaviour.Answer, Account = "demo" }, new Extension { Number = "101", Secret = "pw101" }],
    });

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _loopback.Ports.LogTakesWrites.Set();
        _loopback.Ports.Flight.MayFlush.Set();
        return _loopback.DisposeAsync();
    }

    [Fact]
    public async Task A_caller_is_in_a_call_no_sooner_than_a_crash_would_leave_it_known_and_waits_for_no_log()
    {
        var peer = _loopback.Peer();
        _loopback.Ports.LogTakesWrites.Reset();
        var call = await peer.DialAsync("800");

        await call.ConnectAsync();

        Assert.Equal(["call.started", "dialog 1"], _loopback.Ports.Flight.Kept.Take(2));
        Assert.Empty(_loopback.Ports.Dialogs);
    }

    [Fact]
    public async Task A_callee_gets_its_ack_no_sooner_than_a_crash_would_leave_it_known_and_waits_for_no_log()
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
        await offered.ExpectRequestAsync("ACK");

        Assert.Equal(["call.started", "dialog 1"], _loopback.Ports.Flight.Kept.Take(2));
        Assert.Empty(_loopback.Ports.Dialogs);
    }

    [Fact]
    public async Task Not_a_message_leaves_before_what_led_to_it_is_kept()
    {
        var peer = _loopback.Peer();
        _loopback.Ports.Flight.MayFlush.Reset();

        var call = await peer.DialAsync("800");
        await _loopback.Ports.EventAsync(e => e is CallStarted);
        var before = peer.CountReceived(_ => true);
        _loopback.Ports.Flight.MayFlush.Set();
        await call.ConnectAsync();

        Assert.Equal(0, before);
    }

    [Fact]
    public async Task While_a_crash_would_lose_calls_new_ones_are_refused_and_those_that_are_up_go_on()
    {
        var peer = _loopback.Peer();
        var first = await peer.DialAsync("800");
        await first.ConnectAsync();

        _loopback.Ports.Flight.Problem = "The disk is gone.";
        var refused = await peer.DialAsync("800");
        var refusal = await refused.ExpectFinalAsync();
        await refused.AcknowledgeAsync(refusal);
        var problem = _loopback.Exchange.LogProblem;
        Assert.Equal(200, (await first.HangUpAsync()).Status);
        _loopback.Ports.Flight.IsMended = true;
        var second = await peer.DialAsync("800");
        await second.ConnectAsync();

        Assert.Equal((503, 42, "The disk is gone."), (refusal.Status, refusal.Q850, problem));
        Assert.Null(_loopback.Exchange.LogProblem);
    }

    [Fact]
    public async Task A_phone_is_told_that_it_is_registered_no_sooner_than_a_crash_would_leave_it_known()
    {
        var phone = _loopback.Phone("101", "pw101");
        _loopback.Ports.LogTakesWrites.Reset();

        Assert.Equal(200, (await phone.RegisterAsync()).Status);

        Assert.Equal(["bindings 101"], _loopback.Ports.Flight.Kept);
        Assert.Empty(_loopback.Ports.Load(DateTimeOffset.MinValue));
        _loopback.Ports.LogTakesWrites.Set();
        await Eventually.TrueAsync(() => _loopback.Ports.Load(DateTimeOffset.MinValue).Count == 1, "the binding is stored");
    }

    [Fact]
    public async Task A_log_that_is_down_for_ever_ends_the_calls_that_bring_more_than_can_be_borne_and_loses_nothing_of_them()
    {
        await using var loopback = Loopback.Start(_loopback.Ports.Current.Provisioning, options => options with { MaxUnstoredChanges = 10 });
        var peer = loopback.Peer();
        var busy = await peer.DialAsync("800");
        await busy.ConnectAsync();
        var quiet = await peer.DialAsync("800");
        await quiet.ConnectAsync();
        await Eventually.TrueAsync(() => loopback.Exchange.Figures().LogWaiting == 0, "the calls are stored");
        loopback.Ports.LogTakesWrites.Reset();

        var refused = 0;
        for (var key = 0; key < 22; key++)
        {
            await peer.SendAsync(busy.InDialog("INFO").WithBody("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n"));
            await peer.ReceiveAsync(m => m.Status is 200 or 481 && m.SequenceMethod == "INFO", "an answer to the INFO");
            if (key != 15)
                continue;
            var third = await peer.DialAsync("800");
            var refusal = await third.ExpectFinalAsync();
            await third.AcknowledgeAsync(refusal);
            refused = refusal.Status;
        }
        var bye = await busy.ExpectByeAsync();
        var live = loopback.Exchange.Live().Where(c => !c.HasEnded).Select(c => c.Legs[0].SipCallId).ToList();
        loopback.Ports.LogTakesWrites.Set();
        var ended = (CallEnded)await loopback.Ports.EventAsync(e => e is CallEnded);
        var events = loopback.Ports.Events.Where(e => e.Call.Id == ended.Call.Id && e.Sequence <= ended.Sequence).Select(e => e.Sequence);

        Assert.Equal((503, 42), (refused, bye.Q850));
        Assert.Equal([quiet.CallId], live);
        Assert.Equal(new HangupBy.Policy("log full"), ended.Call.By);
        Assert.Equal(Enumerable.Range(1, ended.Sequence), events);
        Assert.True(events.Count() > 20);
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
