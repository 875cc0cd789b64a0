using System.Globalization;
using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Dialects.Catapult.Wire;

namespace Switchhook.Dialects.Catapult.Calls;

/// <summary>A call as this vendor means it: one party's side of ours, with an id, a state and an end of its own.</summary>
internal sealed record CatapultCall(Call Call, Leg Leg)
{
    private const string Resource = "call";

    public string Id => CatapultId.Of(Leg);

    /// <summary>What the leg carries with it; null when it was not set.</summary>
    public string? this[string detail] => Leg.Detail(detail);

    /// <summary>One of the vendor's words.</summary>
    public string State => Leg.State switch
    {
        LegState.Trying or LegState.Ringing or LegState.Early => "started",
        LegState.Transferring => "transferring",
        LegState.Ended { Record: { AnsweredAt: null, Cause: HangupCause.CallRejected } } => "rejected",
        LegState.Ended or LegState.Moved => "completed",
        _ => Leg.AnsweredAt is null ? "started" : "active",
    };

    /// <summary>The state as failures tell it.</summary>
    public string StateInCapitals => State.ToUpperInvariant();

    public bool HasEnded => Leg.HasEnded;

    public bool IsInbound => Leg.Direction == LegDirection.Inbound;

    /// <summary>The calling party: who a leg that was called has been told calls.</summary>
    public string From => IsInbound ? Leg.Party.Number : Shown.IsWithheld && Leg.Shown is not null ? "private" : Shown.Number;

    public string To => this[CatapultDetail.To] ?? (IsInbound ? Call.Dialed : Leg.Party.Number);

    private Party Shown => Leg.Shown ?? Call.Caller;

    /// <summary>Why an update of the call is refused for its state.</summary>
    public CatapultError WrongState => CatapultError.InvalidState(Id, StateInCapitals);

    /// <summary>The call with that id, live or ended; null for one that never was, and for another account's.</summary>
    public static async ValueTask<CatapultCall?> FindAsync(CatapultAsk ask, CatapultPorts ports, string id, CancellationToken cancellation)
    {
        if (!CatapultId.TryParse(CatapultId.Call, id, out var at))
            return null;
        // An attended transfer takes a leg elsewhere; there are not many in a row.
        for (var hop = 0; hop < 8; hop++)
        {
            var call = ports.Calls.Find(at.Call) ?? await ports.History.FindAsync(at.Call, cancellation);
            if (call is null || !ask.Sees(call) || call.FindLeg(at.Number) is not { } leg)
                return null;
            if (leg.State is not LegState.Moved { To: var next })
                return new CatapultCall(call, leg);
            at = next;
        }
        return null;
    }

    /// <summary>The call of the path, or the failure that says there is none.</summary>
    public static async ValueTask<(CatapultCall Call, CatapultError? Missing)> NeedAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        var id = ask["callId"];
        return await FindAsync(ask, ports, id, cancellation) is { } call ? (call, null) : (null!, CatapultError.NotFound(Resource, id));
    }

    /// <summary>The document of the call.</summary>
    public CatapultMembers Show(CatapultAsk ask)
    {
        var own = $"calls/{Id}";
        return new CatapultMembers
        {
            { "id", Id },
            { "direction", IsInbound ? "in" : "out" },
            { "from", From },
            { "to", To },
            { "state", State },
            { "startTime", CatapultWords.Time(Leg.StartedAt) },
            { "activeTime", CatapultWords.Time(Leg.AnsweredAt) },
            { "endTime", CatapultWords.Time(Leg.Record?.EndedAt) },
            { "chargeableDuration", Chargeable },
            { "callTimeout", Number(CatapultDetail.CallTimeout) },
            { "callbackUrl", this[CatapultDetail.CallbackUrl] },
            { "callbackHttpMethod", this[CatapultDetail.CallbackHttpMethod] },
            { "callbackTimeout", Number(CatapultDetail.CallbackTimeout) },
            { "fallbackUrl", this[CatapultDetail.FallbackUrl] },
            { "recordingEnabled", this[CatapultDetail.RecordingEnabled] == "true" },
            { "recordingFileFormat", this[CatapultDetail.RecordingFileFormat] ?? "wav" },
            { "recordingMaxDuration", Number(CatapultDetail.RecordingMaxDuration) ?? CatapultTerms.RecordingSeconds },
            { "transcriptionEnabled", this[CatapultDetail.TranscriptionEnabled] == "true" },
            { "events", ask.Url($"{own}/events") },
            { "recordings", ask.Url($"{own}/recordings") },
            { "transcriptions", ask.Url($"{own}/transcriptions") },
            { "bridgeId", this[CatapultDetail.BridgeId] },
            { "bridge", this[CatapultDetail.BridgeId] is { } bridge ? ask.Url($"bridges/{bridge}") : null },
            { "conferenceId", this[CatapultDetail.ConferenceId] },
            { "conference", this[CatapultDetail.ConferenceId] is { } conference ? ask.Url($"conferences/{conference}") : null },
            { "transferTo", this[CatapultDetail.TransferTo] },
            { "transferCallerId", this[CatapultDetail.TransferCallerId] },
            { "tag", this[CatapultDetail.Tag] },
            { "sipHeaders", CatapultMembers.OfTexts(this[CatapultDetail.SipHeaders]) },
            { "displayName", IsInbound ? Leg.Party.DisplayName ?? Leg.Party.Number : null },
            { "preferredId", this[CatapultDetail.PreferredId] },
            { "withholdCallerName", IsInbound ? Leg.Party.IsWithheld : null },
            { "withholdCallerNumber", IsInbound ? Leg.Party.IsWithheld : null },
        };
    }

    /// <summary>From the answer to the end in seconds, every minute that began counted whole; null before the end, and without an answer.</summary>
    private long? Chargeable => Leg is { AnsweredAt: { } answered, Record.EndedAt: var ended } ? (long)Math.Ceiling((ended - answered).TotalMinutes) * 60 : null;

    private long? Number(string detail) => long.TryParse(this[detail], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
