using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;

namespace Switchhook.Storage.Tests.Log;

/// <summary>Several calls at once, each step of which changes anything about one of them; in the end all have ended and some are confirmed after it.</summary>
internal sealed class RandomCalls(int seed)
{
    private readonly Random _random = new(seed);
    private readonly Arbitrary _arbitrary = new(seed);

    public List<CallEvent> Make(int calls, int steps)
    {
        List<CallEvent> events = [];
        List<Call> live = [];
        for (var n = 1; n <= calls; n++)
        {
            live.Add(_arbitrary.Make<Call>() with { Id = new CallId(n), State = new CallState.Trying(), Legs = [], Sequence = 0, StartedAt = Samples.Start });
            events.Add(Tell(live, n - 1, call => new CallStarted { Call = call, Sequence = call.Sequence, At = Samples.Start }));
        }
        for (var step = 0; step < steps; step++)
        {
            var which = _random.Next(live.Count);
            for (var changes = _random.Next(3); changes > 0; changes--)
                live[which] = Change(live[which]);
            var at = Samples.Start.AddSeconds(step);
            events.Add(Tell(live, which, call => call.Legs.LastOrDefault()?.Record is { } record
                ? new LegEnded { Call = call, Sequence = call.Sequence, At = at, Record = record }
                : new CallRinging { Call = call, Sequence = call.Sequence, At = at }));
        }
        for (var which = 0; which < live.Count; which++)
            End(events, live, which);
        return events;
    }

    private void End(List<CallEvent> events, List<Call> live, int which)
    {
        var call = live[which];
        var legs = call.Legs.Select((leg, i) => leg with { Id = new LegId(call.Id, i + 1), State = Ended(new LegId(call.Id, i + 1)) });
        live[which] = call with { Legs = [.. legs], State = _arbitrary.Make<CallState.Ended>(), EndedAt = Samples.Start.AddHours(1) };
        events.Add(Tell(live, which, ended => new CallEnded { Call = ended, Sequence = ended.Sequence, At = Samples.Start.AddHours(1) }));
        foreach (var leg in live[which].Legs)
        {
            live[which] = live[which] with
            {
                Legs = live[which].Legs.SetItem(leg.Id.Number - 1, leg with { State = new LegState.Ended(leg.Record! with { Confirmed = HangupConfirmation.Timeout }) }),
            };
            events.Add(Tell(live, which, ended => new HangupConfirmed
            {
                Call = ended,
                Sequence = ended.Sequence,
                At = Samples.Start.AddHours(1),
                Leg = leg.Id,
                Confirmation = HangupConfirmation.Timeout,
            }));
        }
    }

    private LegState.Ended Ended(LegId leg) => new(_arbitrary.Make<HangupRecord>() with { Leg = leg, Confirmed = null, Sent = new SentEnd("BYE", null) });

    private Call Change(Call call)
    {
        var leg = _random.Next(call.Legs.Length + 1);
        return _random.Next(12) switch
        {
            0 => call with { State = new CallState.Ringing(), RingingAt = Samples.Start.AddTicks(_random.Next()) },
            1 => call with { State = new CallState.Talking(), AnsweredAt = Samples.Start },
            2 => call with { State = new CallState.Transferring(_random.Next(), 2), Near = _random.Next(4), Far = _random.Next(4) },
            3 => call with { RingingAt = null },
            4 => call with { Accounts = [.. call.Accounts, "another"] },
            5 => call with { CalleeDialed = "elsewhere", Plan = _arbitrary.Make<CallPlan>() },
            6 => call with { Callbacks = _arbitrary.Make<CallCallbacks>() },
            7 or 8 => call with { Legs = call.Legs.Add(_arbitrary.Make<Leg>() with { Id = new LegId(call.Id, call.Legs.Length + 1) }) },
            _ when leg == call.Legs.Length => call,
            9 => call with { Legs = call.Legs.SetItem(leg, call.Legs[leg] with { State = _arbitrary.Make<LegState>(), AnsweredAt = Samples.Start }) },
            10 => call with { Legs = call.Legs.SetItem(leg, call.Legs[leg] with { State = Ended(call.Legs[leg].Id) }) },
            _ => call with { Legs = call.Legs.SetItem(leg, _arbitrary.Make<Leg>() with { Id = call.Legs[leg].Id }) },
        };
    }

    private static CallEvent Tell(List<Call> live, int which, Func<Call, CallEvent> make)
    {
        live[which] = live[which] with { Sequence = live[which].Sequence + 1 };
        return make(live[which]);
    }
}
