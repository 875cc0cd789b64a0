using System.Net;
using System.Security.Cryptography;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Tests.Dialogs;

/// <summary>The plain paths over real sockets.</summary>
public sealed class LoopbackTests : IDisposable
{
    private readonly List<Side> _sides = [];

    [Theory]
    [InlineData(SipTransportKind.Udp)]
    [InlineData(SipTransportKind.Tcp)]
    public void A_call_is_made_answered_held_and_hung_up_by_the_caller(SipTransportKind kind)
    {
        var (caller, callee) = (Open(kind), Open(kind));
        var session = Call(caller, callee, kind);
        Until(() => callee.Party.Sessions.Count == 1);
        var answering = callee.Party.Sessions[0];

        answering.Progress(180, []);
        answering.Answer("v=0\r\n"u8);
        Until(() => callee.Party.Of(answering).Contains("acknowledged"));
        session.Reoffer("v=0\r\na=sendonly\r\n"u8);
        Until(() => callee.Party.Of(answering).Contains("reoffer"));
        answering.AnswerReoffer("v=0\r\n"u8);
        Until(() => callee.Party.Of(answering).Count(word => word == "acknowledged") == 2);
        session.HangUp(new SessionHangup(Reason: "Q.850;cause=16"));
        Until(() => session.IsReleased && answering.IsReleased);

        Assert.Equal(
            ["progress 180", "answered", "reoffer answered 200", "hangup Bye", "confirmed Yes", "released"], caller.Party.Of(session));
        Assert.Equal(["acknowledged", "reoffer", "acknowledged", "ended Bye", "released"], callee.Party.Of(answering));
        Assert.Equal(0, caller.Agent.LiveDialogs + callee.Agent.LiveDialogs);
    }

    [Theory]
    [InlineData(SipTransportKind.Udp)]
    [InlineData(SipTransportKind.Tcp)]
    public void The_callee_hangs_up_an_answered_call(SipTransportKind kind)
    {
        var (caller, callee) = (Open(kind), Open(kind));
        var session = Call(caller, callee, kind);
        Until(() => callee.Party.Sessions.Count == 1);
        var answering = callee.Party.Sessions[0];
        answering.Answer("v=0\r\n"u8);
        Until(() => callee.Party.Of(answering).Contains("acknowledged"));

        answering.HangUp(new SessionHangup());
        Until(() => session.IsReleased && answering.IsReleased);

        Assert.Equal(["answered", "ended Bye", "released"], caller.Party.Of(session));
        Assert.Equal(["acknowledged", "hangup Bye", "confirmed Yes", "released"], callee.Party.Of(answering));
    }

    [Fact]
    public void A_ringing_call_is_cancelled()
    {
        var (caller, callee) = (Open(SipTransportKind.Udp), Open(SipTransportKind.Udp));
        var session = Call(caller, callee, SipTransportKind.Udp);
        Until(() => callee.Party.Sessions.Count == 1);
        callee.Party.Sessions[0].Progress(180, []);
        Until(() => caller.Party.Of(session).Contains("progress 180"));

        session.HangUp(new SessionHangup());
        Until(() => session.IsReleased && callee.Party.Sessions[0].IsReleased);

        Assert.Equal(["progress 180", "hangup Cancel", "confirmed Yes", "released"], caller.Party.Of(session));
        Assert.Equal(["ended Cancelled", "released"], callee.Party.Of(callee.Party.Sessions[0]));
    }

    [Fact]
    public void A_refused_call_tells_its_status_and_the_refusal_is_confirmed_by_the_ack()
    {
        var (caller, callee) = (Open(SipTransportKind.Udp), Open(SipTransportKind.Udp));
        var session = Call(caller, callee, SipTransportKind.Udp);
        Until(() => callee.Party.Sessions.Count == 1);

        callee.Party.Sessions[0].HangUp(new SessionHangup(486, "Q.850;cause=17"));
        Until(() => session.IsReleased && callee.Party.Sessions[0].IsReleased);

        Assert.Equal(486, caller.Party.Ends.Single().Status);
        Assert.Equal(["hangup FinalStatus 486", "confirmed Yes", "released"], callee.Party.Of(callee.Party.Sessions[0]));
    }

    [Theory]
    [InlineData(SipTransportKind.Udp)]
    [InlineData(SipTransportKind.Tcp)]
    public void A_call_to_a_closed_port_ends_at_once(SipTransportKind kind)
    {
        var caller = Open(kind);
        var nobody = Open(kind);
        nobody.Transport.Dispose();

        var session = Call(caller, nobody, kind);
        _sides.Remove(nobody);
        Until(() => session.IsReleased);

        Assert.Equal(["ended TransportFailed", "released"], caller.Party.Of(session));
    }

    public void Dispose()
    {
        foreach (var side in _sides) side.Transport.Dispose();
    }

    private Side Open(SipTransportKind kind)
    {
        var listens = new[] { new SipListen(kind, new IPEndPoint(IPAddress.Loopback, 0)) };
        var timers = new TimerWheel(TimeProvider.System);
        Assert.True(
            SipTransport.TryOpen(listens, new SipTransportLimits(), SipLimits.Default, timers, out var transport, out var failure),
            failure?.Detail);
        var party = new SimulatedParty(new SimulatedNetwork(0), "loopback");
        var side = new Side(transport!, new SipUserAgent(transport!, timers, party, new StrongRandom()), party);
        _sides.Add(side);
        return side;
    }

    private static SipSession Call(Side caller, Side callee, SipTransportKind kind)
    {
        var to = callee.Transport.Listeners[0].Bound;
        var invite = new OutgoingInvite
        {
            RequestUri = $"sip:callee@{to}",
            From = new SipAddress("sip:caller@127.0.0.1"),
            To = new SipAddress($"sip:callee@{to}"),
            Flow = SipFlow.Toward(kind, to),
            Offer = "v=0\r\n"u8.ToArray(),
        };
        return caller.Agent.Invite(invite, caller.Party);
    }

    private void Until(Func<bool> done)
    {
        var deadline = TimeProvider.System.GetTimestamp() + (10 * TimeProvider.System.TimestampFrequency);
        while (!done())
        {
            Assert.True(TimeProvider.System.GetTimestamp() < deadline, "It did not happen in 10 s.");
            foreach (var side in _sides)
                side.Agent.Stack.Poll(TimeProvider.System.GetTimestamp() + (TimeProvider.System.TimestampFrequency / 1000));
        }
    }

    private sealed record Side(SipTransport Transport, SipUserAgent Agent, SimulatedParty Party);

    private sealed class StrongRandom : IRandomSource
    {
        public ulong Next() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
    }
}
