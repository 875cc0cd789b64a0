using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;

namespace Switchhook.Benchmarks;

/// <summary>Ordinary calls of two legs, as the exchange would log them.</summary>
internal static class SampleCalls
{
    /// <summary>Eight events of a call that began when its id says.</summary>
    public static CallEvent[] EventsOf(CallId id) => EventsOf(id, "demo", new HangupBy.Caller(), HangupCause.NormalClearing);

    /// <summary>The same, of a certain account and with a certain end.</summary>
    public static CallEvent[] EventsOf(CallId id, string account, HangupBy by, HangupCause cause)
    {
        var at = CallId.Epoch.AddTicks(id.Value * 100);
        var near = MakeLeg(id, 1, LegDirection.Inbound, LegRole.Caller, at) with { AnsweredAt = at.AddSeconds(2) };
        var far = MakeLeg(id, 2, LegDirection.Outbound, LegRole.Callee, at) with { Target = new LegTarget.Extension("102"), RingingAt = at, AnsweredAt = at };
        var call = new Call
        {
            Id = id,
            Origin = new CallOrigin { Kind = CallOriginKind.Extension, Account = account },
            Plan = new CallPlan.Connect(new LegTarget.Extension("102"), TimeSpan.FromSeconds(60)),
            Caller = new Party("101", "Alice"),
            Dialed = "102",
            CalleeDialed = "102",
            Legs = [near, far],
            State = new CallState.Trying(),
            StartedAt = at,
            Accounts = [account],
        };
        var talking = call with { State = new CallState.Talking(), AnsweredAt = at, Legs = [near with { State = new LegState.Bridged() }, far with { State = new LegState.Bridged() }] };
        var first = near with { State = new LegState.Ended(MakeRecord(near, at, by, cause)) };
        var second = far with { State = new LegState.Ended(MakeRecord(far, at, by, cause)) };
        var ended = call with { State = new CallState.Ended(by, cause), Legs = [first, second], EndedAt = at };
        return
        [
            new CallStarted { Call = call with { Legs = [near] }, Sequence = 1, At = at },
            new CallRinging { Call = call with { State = new CallState.Ringing() }, Sequence = 2, At = at },
            new LegAnswered { Call = talking, Sequence = 3, At = at, Leg = far.Id },
            new CallAnswered { Call = talking, Sequence = 4, At = at },
            new LegEnded { Call = talking with { Legs = [first, far] }, Sequence = 5, At = at, Record = first.Record! },
            new LegEnded { Call = talking with { Legs = [first, second] }, Sequence = 6, At = at, Record = second.Record! },
            new CallEnded { Call = ended, Sequence = 7, At = at },
            new HangupConfirmed { Call = ended, Sequence = 8, At = at, Leg = far.Id, Confirmation = HangupConfirmation.Yes },
        ];
    }

    private static Leg MakeLeg(CallId call, int number, LegDirection direction, LegRole role, DateTimeOffset at) => new()
    {
        Id = new LegId(call, number),
        Direction = direction,
        Role = role,
        Party = new Party($"10{number}"),
        Extension = $"10{number}",
        SipCallId = $"1-{call.Value}@192.0.2.{number}",
        State = new LegState.Trying(),
        StartedAt = at,
    };

    private static HangupRecord MakeRecord(Leg leg, DateTimeOffset at, HangupBy by, HangupCause cause) => new()
    {
        Leg = leg.Id,
        By = by,
        Cause = cause,
        Received = leg.Id.Number == 1 ? new ReceivedEnd("BYE", null, ["Q.850;cause=16"]) : null,
        Sent = leg.Id.Number == 2 ? new SentEnd("BYE", "Q.850;cause=16;text=\"NORMAL_CLEARING\"") : null,
        Phase = LegPhase.Bridged,
        StartedAt = at,
        AnsweredAt = at,
        EndedAt = at,
        Media = new LegMedia { PacketsReceived = 250, PacketsSent = 251, OctetsReceived = 40_000, OctetsSent = 40_160, Codec = "PCMU", LastPacketReceivedAt = at, LastPacketSentAt = at },
    };
}
