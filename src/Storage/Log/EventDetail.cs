using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;

namespace Switchhook.Storage.Log;

/// <summary>What an event has beside its call, number and time; null members are not there.</summary>
internal sealed record EventDetail
{
    public LegId? Leg { get; init; }
    public LegId? To { get; init; }
    public HangupCause? Cause { get; init; }
    public bool? ByPhone { get; init; }
    public int? Code { get; init; }
    public string? Message { get; init; }
    public HangupConfirmation? Confirmation { get; init; }

    /// <summary>The leg whose record, as the call has it, is the event's own.</summary>
    public int? RecordOf { get; init; }

    /// <summary>The event's record where the call has another.</summary>
    public HangupRecord? Record { get; init; }

    /// <summary>The keys: one of a digit, those of a gather.</summary>
    public string? Keys { get; init; }
    public PlaybackEnding? Playback { get; init; }
    public GatherEnding? Gather { get; init; }

    /// <summary>The number of a playback or gather in its call.</summary>
    public int? Number { get; init; }
    public bool? IsSpeech { get; init; }
    public bool? HasStarted { get; init; }
    public string? Tag { get; init; }
    public int? Recording { get; init; }
    public RecordingOutcome? Outcome { get; init; }
    public RecordingCallback? Callback { get; init; }
    public RoomName? Room { get; init; }
    public MemberRole? Role { get; init; }
    public ConferenceLeaving? Leaving { get; init; }

    /// <summary>Null for an event that has nothing more.</summary>
    public static EventDetail? Of(CallEvent happened) => happened switch
    {
        LegAnswered e => new() { Leg = e.Leg },
        CallTransferred e => new() { Leg = e.Leg, ByPhone = e.ByPhone ? true : null },
        LegNoted e => new() { Leg = e.Leg },
        LegMoved e => new() { Leg = e.Leg, To = e.To },
        CallTransferFailed e => new() { Cause = e.Cause },
        ScriptFailed e => new() { Code = e.Code, Message = e.Message },
        DigitHeard e => new() { Leg = e.Leg, Keys = e.Key.ToString() },
        PlaybackStarted e => new() { Leg = e.Leg, Number = e.Playback, IsSpeech = e.IsSpeech ? true : null, Tag = e.Tag },
        PlaybackEnded e => new()
        {
            Leg = e.Leg,
            Number = e.Playback,
            IsSpeech = e.IsSpeech ? true : null,
            HasStarted = e.HasStarted ? true : null,
            Playback = e.Ending,
            Message = e.Error,
            Tag = e.Tag,
        },
        GatherStarted e => new() { Leg = e.Leg, Number = e.Gather, Tag = e.Tag },
        GatherEnded e => new() { Leg = e.Leg, Number = e.Gather, Keys = e.Digits, Gather = e.Ending, Tag = e.Tag },
        RecordingStarted e => new() { Leg = e.Leg, Recording = e.Recording, Tag = e.Tag },
        RecordingEnded e => new() { Leg = e.Leg, Recording = e.Recording, Outcome = e.Outcome, Tag = e.Tag, Callback = e.Callback },
        ConferenceJoined e => new() { Leg = e.Leg, Room = e.Room, Role = e.Role },
        ConferenceLeft e => new() { Leg = e.Leg, Room = e.Room, Leaving = e.Why },
        HangupConfirmed e => new() { Leg = e.Leg, Confirmation = e.Confirmation },
        LegEnded e when IsOfItsCall(e) => new() { RecordOf = e.Record.Leg.Number },
        LegEnded e => new() { Record = e.Record },
        _ => null,
    };

    /// <summary>Whether the record is the one the call has.</summary>
    public static bool IsOfItsCall(LegEnded ended) => ReferenceEquals(ended.Call.FindLeg(ended.Record.Leg.Number)?.Record, ended.Record);

    /// <summary>The event with that name. A name this release does not know is a bug of the one that wrote it.</summary>
    public static CallEvent ToEvent(string name, Call call, int sequence, DateTimeOffset at, EventDetail? detail) => (name, detail) switch
    {
        ("call.started", _) => new CallStarted { Call = call, Sequence = sequence, At = at },
        ("call.ringing", _) => new CallRinging { Call = call, Sequence = sequence, At = at },
        ("leg.answered", { Leg: { } leg }) => new LegAnswered { Call = call, Sequence = sequence, At = at, Leg = leg },
        ("call.answered", _) => new CallAnswered { Call = call, Sequence = sequence, At = at },
        ("call.held", _) => new CallHeld { Call = call, Sequence = sequence, At = at },
        ("call.unheld", _) => new CallUnheld { Call = call, Sequence = sequence, At = at },
        ("call.forwarded", _) => new CallForwarded { Call = call, Sequence = sequence, At = at },
        ("call.transferred", { Leg: { } leg }) =>
            new CallTransferred { Call = call, Sequence = sequence, At = at, Leg = leg, ByPhone = detail.ByPhone == true },
        ("call.noted", _) => new CallNoted { Call = call, Sequence = sequence, At = at },
        ("leg.noted", { Leg: { } leg }) => new LegNoted { Call = call, Sequence = sequence, At = at, Leg = leg },
        ("leg.moved", { Leg: { } leg, To: { } to }) => new LegMoved { Call = call, Sequence = sequence, At = at, Leg = leg, To = to },
        ("call.transfer-failed", { Cause: { } cause }) => new CallTransferFailed { Call = call, Sequence = sequence, At = at, Cause = cause },
        ("script.failed", { Code: { } code, Message: { } message }) =>
            new ScriptFailed { Call = call, Sequence = sequence, At = at, Code = code, Message = message },
        ("leg.ended", { RecordOf: { } leg }) when call.FindLeg(leg)?.Record is { } record =>
            new LegEnded { Call = call, Sequence = sequence, At = at, Record = record },
        ("leg.ended", { Record: { } record }) => new LegEnded { Call = call, Sequence = sequence, At = at, Record = record },
        ("call.ended", _) => new CallEnded { Call = call, Sequence = sequence, At = at },
        ("hangup.confirmed", { Leg: { } leg, Confirmation: { } confirmation }) =>
            new HangupConfirmed { Call = call, Sequence = sequence, At = at, Leg = leg, Confirmation = confirmation },
        ("digit.heard", { Leg: { } leg, Keys: [var key] }) => new DigitHeard { Call = call, Sequence = sequence, At = at, Leg = leg, Key = key },
        ("playback.ended", { Leg: { } leg, Playback: { } ending } d) =>
            new PlaybackEnded
            {
                Call = call,
                Sequence = sequence,
                At = at,
                Leg = leg,
                Playback = d.Number ?? 0,
                IsSpeech = d.IsSpeech == true,
                HasStarted = d.HasStarted == true,
                Ending = ending,
                Error = d.Message,
                Tag = d.Tag,
            },
        ("playback.started", { Leg: { } leg, Number: { } number } d) =>
            new PlaybackStarted { Call = call, Sequence = sequence, At = at, Leg = leg, Playback = number, IsSpeech = d.IsSpeech == true, Tag = d.Tag },
        ("gather.started", { Leg: { } leg, Number: { } number } d) =>
            new GatherStarted { Call = call, Sequence = sequence, At = at, Leg = leg, Gather = number, Tag = d.Tag },
        ("gather.ended", { Leg: { } leg, Keys: { } keys, Gather: { } ending } d) =>
            new GatherEnded { Call = call, Sequence = sequence, At = at, Leg = leg, Gather = d.Number ?? 0, Digits = keys, Ending = ending, Tag = d.Tag },
        ("recording.started", { Leg: { } leg, Recording: { } recording } d) =>
            new RecordingStarted { Call = call, Sequence = sequence, At = at, Leg = leg, Recording = recording, Tag = d.Tag },
        ("recording.ended", { Leg: { } leg, Recording: { } recording, Outcome: { } outcome } d) =>
            new RecordingEnded { Call = call, Sequence = sequence, At = at, Leg = leg, Recording = recording, Outcome = outcome, Tag = d.Tag, Callback = d.Callback },
        ("conference.joined", { Leg: { } leg, Room: { } room, Role: { } role }) =>
            new ConferenceJoined { Call = call, Sequence = sequence, At = at, Leg = leg, Room = room, Role = role },
        ("conference.left", { Leg: { } leg, Room: { } room, Leaving: { } why }) =>
            new ConferenceLeft { Call = call, Sequence = sequence, At = at, Leg = leg, Room = room, Why = why },
        _ => throw new FormatException($"Event {name} of call {call.Id} cannot be read"),
    };
}
