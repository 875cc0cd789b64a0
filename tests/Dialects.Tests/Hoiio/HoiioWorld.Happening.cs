using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.TestKit.Timing;

namespace Switchhook.Dialects.Tests.Hoiio;

/// <summary>What happens to calls, as tests make it happen, and what was ordered and told.</summary>
internal sealed partial class HoiioWorld
{
    public void Answer(CallId id)
    {
        var now = Time.GetUtcNow();
        var call = _live[id];
        Happen(
            call with { State = new CallState.Talking(), AnsweredAt = now, Legs = [call.Legs[0] with { State = new LegState.Answered(), AnsweredAt = now }] },
            (c, s, at) => new CallAnswered { Call = c, Sequence = s, At = at });
    }

    /// <summary>What was ordered played last is over.</summary>
    public async Task PlayedAsync(string session, PlaybackEnding ending = PlaybackEnding.Finished)
    {
        var play = await OrderAsync<AudioOrder.Play>(session);
        Happen(_live[IdOf(session)], (c, s, at) => new PlaybackEnded { Call = c, Sequence = s, At = at, Leg = c.Legs[0].Id, Ending = ending, Tag = play.Tag });
    }

    /// <summary>The last order of that kind; waited for.</summary>
    public async Task<T> OrderAsync<T>(string session) where T : AudioOrder
    {
        await Eventually.TrueAsync(() => Orders<T>(session).Any(), $"an order {typeof(T).Name}", TimeSpan.FromSeconds(30));
        return Orders<T>(session).Last();
    }

    public IEnumerable<T> Orders<T>(string session) where T : AudioOrder =>
        Asked.OfType<CallCommand.Sound>().Where(s => s.Call == IdOf(session)).Select(static s => s.Order).OfType<T>();

    /// <summary>Waits for a command.</summary>
    public Task CommandAsync<T>(string what) where T : CallCommand =>
        Eventually.TrueAsync(() => Asked.OfType<T>().Any(), what, TimeSpan.FromSeconds(30));

    public void Gathered(string session, string digits, GatherEnding ending = GatherEnding.MaxDigits) =>
        Happen(_live[IdOf(session)], (c, s, at) => new GatherEnded { Call = c, Sequence = s, At = at, Leg = c.Legs[0].Id, Digits = digits, Ending = ending, Tag = Orders<AudioOrder.Gather>(session).Last().Terms.Tag });

    public void RecordingBegan(string session)
    {
        var terms = Orders<AudioOrder.Record>(session).Last().Terms;
        var call = _live[IdOf(session)];
        Happen(
            call with { Audio = call.Audio with { Recordings = call.Audio.Recordings.Add(new(call.Audio.Recordings.Length + 1, 1, terms)) } },
            (c, s, at) => new RecordingStarted { Call = c, Sequence = s, At = at, Leg = c.Legs[0].Id, Recording = 1, Tag = terms.Tag });
    }

    /// <summary>The file of a recording is there; the call may be over by then.</summary>
    public void Recorded(string session, string? file, RecordingEnding ending = RecordingEnding.Key, string? tag = null)
    {
        var mark = tag ?? Orders<AudioOrder.Record>(session).Last().Terms.Tag;
        var call = Find(IdOf(session)) ?? History.First(c => c.Id == IdOf(session));
        call = call with { Audio = call.Audio with { Recordings = call.Audio.Recordings.RemoveAll(r => r.Terms.Tag == mark) } };
        var told = new RecordingEnded
        {
            Call = call,
            Sequence = 60,
            At = Time.GetUtcNow(),
            Leg = call.Legs[0].Id,
            Recording = 1,
            Outcome = new RecordingOutcome(ending, TimeSpan.FromSeconds(3), file),
            Tag = mark,
        };
        if (!call.HasEnded)
            _live[call.Id] = call;
        Tell(told);
    }

    public void Transferred(string session, string number)
    {
        var call = _live[IdOf(session)];
        var leg = LegOf(call.Id, call.Legs.Length + 1, LegDirection.Outbound, number) with { AnsweredAt = Time.GetUtcNow(), State = new LegState.Bridged() };
        Happen(call with { Legs = call.Legs.Add(leg), Far = leg.Id.Number }, (c, s, at) => new CallTransferred { Call = c, Sequence = s, At = at, Leg = leg.Id });
    }

    public void TransferFailed(string session, HangupCause cause) =>
        Happen(_live[IdOf(session)], (c, s, at) => new CallTransferFailed { Call = c, Sequence = s, At = at, Cause = cause });

    public void Joined(string session, string room) => Happen(
        _live[IdOf(session)], (c, s, at) => new ConferenceJoined { Call = c, Sequence = s, At = at, Leg = c.Legs[0].Id, Room = new RoomName("crm", room), Role = MemberRole.Member });

    public void Left(string session, string room, ConferenceLeaving why) => Happen(
        _live[IdOf(session)], (c, s, at) => new ConferenceLeft { Call = c, Sequence = s, At = at, Leg = c.Legs[0].Id, Room = new RoomName("crm", room), Why = why });

    /// <summary>Somebody holds the call.</summary>
    public void Held(string session) => Happen(
        _live[IdOf(session)] with { State = new CallState.Held() }, (c, s, at) => new CallHeld { Call = c, Sequence = s, At = at });

    /// <summary>Somebody brings it back.</summary>
    public void Unheld(string session) => Happen(
        _live[IdOf(session)] with { State = new CallState.Talking() }, (c, s, at) => new CallUnheld { Call = c, Sequence = s, At = at });

    /// <summary>The call is down.</summary>
    public void End(string session, HangupBy? by = null, HangupCause cause = HangupCause.NormalClearing) => End(IdOf(session), by ?? new HangupBy.Callee(), cause);

    private void End(CallId id, HangupBy by, HangupCause cause)
    {
        if (!_ended.TryAdd(id, true) || !_live.TryGetValue(id, out var call))
            return;
        var now = Time.GetUtcNow();
        var ended = call with
        {
            State = new CallState.Ended(by, cause),
            EndedAt = now,
            Legs = [.. call.Legs.Select(l => l with { State = new LegState.Ended(new HangupRecord
            {
                Leg = l.Id,
                By = by,
                Cause = cause,
                Phase = LegPhase.Answered,
                StartedAt = l.StartedAt,
                AnsweredAt = l.AnsweredAt,
                EndedAt = now,
            }) })],
        };
        _history.Add(ended);
        _live.TryRemove(id, out _);
        Tell(new CallEnded { Call = ended, Sequence = 50, At = now });
    }

    private void Happen(Call call, Func<Call, int, DateTimeOffset, CallEvent> make)
    {
        var next = call with { Sequence = call.Sequence + 1 };
        _live[call.Id] = next;
        Tell(make(next, next.Sequence, Time.GetUtcNow()));
    }

    /// <summary>An event as the log has it.</summary>
    public void Tell(CallEvent happened)
    {
        List<Notification> notifications = [];
        lock (_told)
        {
            _dialect.Notifications.Collect(happened, notifications);
            _told.AddRange(notifications.Select(static n => new Told(n)));
        }
    }
}
