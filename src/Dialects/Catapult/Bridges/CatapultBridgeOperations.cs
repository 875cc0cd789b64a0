using System.Collections.Immutable;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Dialects.Catapult.Calls;
using Switchhook.Dialects.Catapult.Wire;

namespace Switchhook.Dialects.Catapult.Bridges;

/// <summary>The lines of the resource map about bridges.</summary>
internal static class CatapultBridgeOperations
{
    private const string Resource = "bridge";

    public static readonly ImmutableArray<CatapultOperation> Operations =
    [
        new("GET", "bridges", ListAsync),
        new("POST", "bridges", CreateAsync),
        new("GET", "bridges/{bridgeId}", ShowAsync),
        new("POST", "bridges/{bridgeId}", UpdateAsync),
        new("POST", "bridges/{bridgeId}/audio", PlayAsync),
        new("GET", "bridges/{bridgeId}/calls", CallsAsync),
    ];

    /// <summary>Why a new call could not go into the bridge; null when it could.</summary>
    public static async ValueTask<CatapultError?> RefuseAsync(CatapultAsk ask, CatapultPorts ports, string id, CancellationToken cancellation)
    {
        if (await ports.Bridges.FindAsync(ask.Account.Name, id, cancellation) is not { } bridge)
            return NotFound(id);
        if (bridge.IsCompleted)
            return Completed(bridge);
        return (await LivingAsync(ask, ports, bridge, cancellation)).Count >= CatapultBridge.MostCalls
            ? CatapultError.ForbiddenOf("bridge-callIds-overflow", $"Bridge '{id}' already has 2 calls", ("bridgeId", id)) : null;
    }

    /// <summary>Puts a call that was just made into the bridge, in place of one that is over if there is no room.</summary>
    public static async ValueTask AddAsync(CatapultAsk ask, CatapultPorts ports, string id, string call, CancellationToken cancellation)
    {
        if (await ports.Bridges.FindAsync(ask.Account.Name, id, cancellation) is not { } bridge)
            return;
        var living = await LivingAsync(ask, ports, bridge, cancellation);
        if (living.Count < CatapultBridge.MostCalls)
            await ports.Bridges.SetAsync(id, null, [.. living.Select(static c => c.Id), call], cancellation);
    }

    private static async ValueTask<CatapultAnswer> ListAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        if (CatapultPage.Read(ask, Resource, out var page) is { } wrong)
            return wrong;
        List<CatapultMembers> shown = [];
        foreach (var bridge in ports.Bridges.List(ask.Account.Name).Skip((int)Math.Min(page.Skip, int.MaxValue)).Take(page.Size + 1))
            shown.Add((await ports.Bridges.FindAsync(ask.Account.Name, bridge.Id, cancellation) ?? bridge).Show(ask));
        return page.Answer(ask, shown);
    }

    private static async ValueTask<CatapultAnswer> CreateAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        var fields = new CatapultFields(Resource, ask.Body);
        var (audio, ids) = (fields.Truth("bridgeAudio"), fields.Texts("callIds"));
        if (fields.Mistake is { } mistake)
            return mistake;
        if (await ReadCallsAsync(ask, ports, null, ids, cancellation) is { Wrong: { } wrong })
            return wrong;
        if (ports.Bridges.Create(ask.Account.Name, audio ?? true) is not { } bridge)
            return CatapultError.UnavailableOf("bridge-create-error", "The bridge could not be created");
        if (ids is { Count: > 0 })
        {
            var done = await ports.Bridges.SetAsync(bridge.Id, null, [.. ids.Distinct(StringComparer.Ordinal)], cancellation);
            if (done != CatapultBridging.Done)
            {
                // Nobody was told of it: its calls are free for another.
                await ports.Bridges.RemoveAsync(bridge.Id, cancellation);
                return CatapultError.UnavailableOf("bridge-create-error", $"The bridge '{bridge.Id}' could not be created", ("bridgeId", bridge.Id));
            }
            await NoteAsync(ports, bridge.Id, ids, cancellation);
        }
        return CatapultAnswer.Created(ask.Url($"bridges/{bridge.Id}"));
    }

    private static async ValueTask<CatapultAnswer> ShowAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation) =>
        await ports.Bridges.FindAsync(ask.Account.Name, ask["bridgeId"], cancellation) is { } bridge ? CatapultAnswer.Of(bridge.Show(ask)) : NotFound(ask["bridgeId"]);

    private static async ValueTask<CatapultAnswer> UpdateAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        if (await ports.Bridges.FindAsync(ask.Account.Name, ask["bridgeId"], cancellation) is not { } bridge)
            return NotFound(ask["bridgeId"]);
        var fields = new CatapultFields(Resource, ask.Body);
        var (audio, ids) = (fields.Truth("bridgeAudio"), fields.Texts("callIds"));
        if (fields.Mistake is { } mistake)
            return mistake;
        if (bridge.IsCompleted)
            return Completed(bridge);
        if (await ReadCallsAsync(ask, ports, bridge, ids, cancellation) is { Wrong: { } wrong })
            return wrong;
        ImmutableArray<string>? members = ids is null ? null : [.. ids.Distinct(StringComparer.Ordinal)];
        switch (await ports.Bridges.SetAsync(bridge.Id, audio, members, cancellation))
        {
            case CatapultBridging.Conflict:
                return CatapultError.ConflictOf("bridge-update-conflict", $"The bridge '{bridge.Id}' could not be updated because another update was is progress", ("bridgeId", bridge.Id));
            case CatapultBridging.Completed:
                return Completed(await ports.Bridges.FindAsync(ask.Account.Name, bridge.Id, cancellation) ?? bridge);
            case CatapultBridging.Failed:
                return CatapultError.UnavailableOf("bridge-update-error", $"The bridge '{bridge.Id}' could not be updated", ("bridgeId", bridge.Id));
        }
        await NoteAsync(ports, bridge.Id, ids ?? [], cancellation);
        return CatapultAnswer.Done;
    }

    private static async ValueTask<CatapultAnswer> CallsAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        if (await ports.Bridges.FindAsync(ask.Account.Name, ask["bridgeId"], cancellation) is not { } bridge)
            return NotFound(ask["bridgeId"]);
        List<CatapultMembers> shown = [];
        foreach (var id in bridge.All)
        {
            if (await CatapultCall.FindAsync(ask, ports, id, cancellation) is { } call)
                shown.Add(call.Show(ask));
        }
        return CatapultAnswer.Of(shown);
    }

    private static async ValueTask<CatapultAnswer> PlayAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        if (await ports.Bridges.FindAsync(ask.Account.Name, ask["bridgeId"], cancellation) is not { } bridge)
            return NotFound(ask["bridgeId"]);
        var fields = new CatapultFields("audio", ask.Body);
        var sound = CatapultSound.Read(ask, fields);
        if (fields.Mistake is { } mistake)
            return mistake;
        if (sound is null)
            return CatapultError.BadParameters;
        var active = (await LivingAsync(ask, ports, bridge, cancellation)).Where(static c => c.State == "active").ToList();
        if (active.Count == 0)
            return CatapultError.BadRequestOf("bridge-invalid-operation", $"No active calls in the bridge '{bridge.Id}'", ("bridgeId", bridge.Id));
        if (await sound.PrepareAsync(ports, cancellation) is { } unplayable)
            return unplayable;
        var done = false;
        foreach (var call in active)
        {
            AudioOrder order = sound.Source is { } source
                ? new AudioOrder.Play(call.Leg.Id.Number, source, sound.Loop, sound.Tag)
                : new AudioOrder.StopPlaying(call.Leg.Id.Number);
            done |= await CatapultRefusals.OrderAsync(ports, call, order, cancellation) == CallRefusal.None;
        }
        return done ? CatapultAnswer.Done : CatapultError.ForbiddenOf(
            "call-audio-invalid-state", $"The audio for bridge '{bridge.Id}' could not be updated. The audio has already finished or does not exist.", ("bridgeId", bridge.Id));
    }

    /// <summary>What is wrong with the calls that are to be in a bridge.</summary>
    private static async ValueTask<(CatapultError? Wrong, int Count)> ReadCallsAsync(
        CatapultAsk ask, CatapultPorts ports, CatapultBridge? bridge, IReadOnlyList<string>? ids, CancellationToken cancellation)
    {
        if (ids is null)
            return (null, 0);
        var (name, count) = (bridge?.Id ?? "", ids.Distinct(StringComparer.Ordinal).Count());
        if (count > CatapultBridge.MostCalls)
            return (CatapultError.ForbiddenOf("bridge-callIds-overflow", $"Only two calls are allowed in a bridge '{name}'", bridge is null ? [] : [("bridgeId", name)]), count);
        foreach (var id in ids)
        {
            if (await CatapultCall.FindAsync(ask, ports, id, cancellation) is not { } call)
                return (CatapultError.ForbiddenOf("call-id-not-found", $"Call Id not found. callId '{id}'", ("callId", id)), count);
            if (bridge is not null && bridge.Calls.Contains(id))
                continue;
            if (ports.Bridges.BridgeOf(call.Leg.Id) is { } other && other != bridge?.Id)
                return (CatapultError.BadRequestOf("bridge-bridged-callId", $"The callId '{id}' is already in another bridge", ("callId", id), ("bridgeId", other)), count);
            // A call that talks to somebody already, or sits elsewhere, has no audio to give.
            if (call.HasEnded || call.Leg.Id.Number != call.Call.Near || call.Call.Far != 0 || call.Call.Audio.Seat is not null)
                return (call.WrongState, count);
        }
        return (null, count);
    }

    private static async ValueTask<List<CatapultCall>> LivingAsync(CatapultAsk ask, CatapultPorts ports, CatapultBridge bridge, CancellationToken cancellation)
    {
        List<CatapultCall> living = [];
        foreach (var id in bridge.Calls)
        {
            if (await CatapultCall.FindAsync(ask, ports, id, cancellation) is { HasEnded: false } call)
                living.Add(call);
        }
        return living;
    }

    /// <summary>The calls show which bridge they were put in.</summary>
    private static async ValueTask NoteAsync(CatapultPorts ports, string bridge, IEnumerable<string> ids, CancellationToken cancellation)
    {
        var note = ImmutableDictionary<string, string?>.Empty.Add(CatapultDetail.BridgeId, bridge);
        foreach (var id in ids)
        {
            if (CatapultId.TryParse(CatapultId.Call, id, out var leg) && ports.Calls.Find(leg.Call)?.FindLeg(leg.Number)?.Detail(CatapultDetail.BridgeId) != bridge)
                await ports.Calls.AskAsync(new CallCommand.KeepDetails(leg.Call, leg.Number, note), cancellation);
        }
    }

    private static CatapultError NotFound(string id) => CatapultError.NotFound(Resource, id);

    private static CatapultError Completed(CatapultBridge bridge) => CatapultError.BadRequestOf(
        "bridge-invalid-state", $"Unable to update bridge '{bridge.Id}'. Invalid bridge state '{bridge.State}'", ("bridgeId", bridge.Id), ("bridgeState", bridge.State));
}
