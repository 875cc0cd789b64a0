using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Storage.Tests.Log;

namespace Switchhook.Storage.Tests;

/// <summary>An ordinary ended call to vary.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Start = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    /// <summary>The id of a call that began then.</summary>
    public static CallId IdAt(DateTimeOffset time) => new((time - CallId.Epoch).Ticks / (TimeSpan.TicksPerSecond / CallId.StepsPerSecond));

    /// <summary>A call that began when its id says, or one second a number after <see cref="Start"/> for a small one, and was hung up by its caller.</summary>
    public static Call Call(long id, int legs = 1) => new()
    {
        Id = new CallId(id),
        Origin = new CallOrigin { Kind = CallOriginKind.Extension },
        Plan = new CallPlan.Connect(new LegTarget.Extension("102"), TimeSpan.FromSeconds(30)),
        Caller = new Party("101", "Alice"),
        Dialed = "102",
        CalleeDialed = "102",
        Legs = [.. Enumerable.Range(1, legs).Select(number => Leg(new LegId(new CallId(id), number)))],
        State = new CallState.Ended(new HangupBy.Caller(), HangupCause.NormalClearing),
        StartedAt = Began(id),
        AnsweredAt = Began(id).AddSeconds(2),
        EndedAt = Began(id).AddSeconds(9),
        Accounts = ["demo"],
    };

    public static CallEnded Ended(Call call) => new() { Call = call, Sequence = 1, At = call.StartedAt };

    /// <summary>Comes after the end.</summary>
    public static HangupConfirmed Confirmed(Call call, int leg, HangupConfirmation confirmation) =>
        new() { Call = call, Sequence = 2, At = call.StartedAt, Leg = new LegId(call.Id, leg), Confirmation = confirmation };

    /// <summary>Appends events behind the last one, in one batch, without notifications.</summary>
    public static void Append(this SqliteStorage storage, params IEnumerable<CallEvent> events)
    {
        var cursor = storage.Log.LastCursor();
        storage.Log.Append([.. events.Select(happened => new LogWrite.Happened(++cursor, happened, []))]);
    }

    /// <inheritdoc cref="Append(SqliteStorage, IEnumerable{CallEvent})"/>
    public static void Append(this ITestStorage storage, params IEnumerable<CallEvent> events)
    {
        var cursor = storage.Log.LastCursor();
        storage.Log.Append([.. events.Select(happened => new LogWrite.Happened(++cursor, happened, []))]);
    }

    /// <summary>Events behind a cursor, whatever they are.</summary>
    public static async ValueTask<IReadOnlyList<LoggedEvent>> ReadAsync(this ICallLog log, long after, int most, CancellationToken cancellation) =>
        (await log.ReadAsync(after, most, EventFilter.Everything, cancellation)).Events;

    /// <summary>The cursor before the oldest event that is kept.</summary>
    public static async ValueTask<long> HorizonAsync(this ICallLog log, CancellationToken cancellation) =>
        (await log.ReadAsync(0, 0, EventFilter.Everything, cancellation)).Horizon;

    private static DateTimeOffset Began(long id) =>
        id < 1_000_000 ? Start.AddSeconds(id) : CallId.Epoch.AddTicks(id * (TimeSpan.TicksPerSecond / CallId.StepsPerSecond));

    private static Leg Leg(LegId id) => new()
    {
        Id = id,
        Direction = id.Number == 1 ? LegDirection.Inbound : LegDirection.Outbound,
        Role = id.Number == 1 ? LegRole.Caller : LegRole.Callee,
        Party = new Party($"10{id.Number}"),
        Target = id.Number == 1 ? null : new LegTarget.Extension($"10{id.Number}"),
        State = new LegState.Ended(new HangupRecord
        {
            Leg = id,
            By = new HangupBy.Caller(),
            Cause = HangupCause.NormalClearing,
            Received = new ReceivedEnd("BYE", null, ["Q.850;cause=16"]),
            Phase = LegPhase.Bridged,
            StartedAt = Start,
            EndedAt = Start.AddSeconds(9),
            Media = new LegMedia { PacketsReceived = 350, PacketsSent = 351, Codec = "PCMU" },
        }),
        StartedAt = Start,
    };
}
