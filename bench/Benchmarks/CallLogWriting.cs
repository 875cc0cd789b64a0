using System.Diagnostics;
using System.Globalization;
using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Storage;
using Switchhook.Storage.Postgres;

namespace Switchhook.Benchmarks;

/// <summary>
/// What a call of two legs costs the writer of the log: eight events, the call's record and what recovery needs. Processor time and not the
/// time that passes, so that a busy machine gives the same figures. The first column is how many calls share a batch; at 0 each event is a
/// batch of its own, as at a few calls a second. Run by <c>-- call-log</c>.
/// </summary>
internal static class CallLogWriting
{
    private const int Calls = 4000;

    /// <param name="postgres">Connection string of an empty PostgreSQL database to write to instead of SQLite, whose time is measured then: its processor time is not ours.</param>
    public static void Run(string? postgres = null)
    {
        if (postgres is not null)
        {
            RunPostgres(postgres);
            return;
        }
        Console.WriteLine("calls/batch   CPU us/call   CPU us/event   bytes/call   octets stored/call");
        foreach (var callsInBatch in (int[])[20, 0, 1, 20, 200])
            Console.WriteLine(Measure(callsInBatch));
    }

    private static string Measure(int callsInBatch)
    {
        var directory = Directory.CreateTempSubdirectory("call-log-").FullName;
        try
        {
            var path = Path.Combine(directory, "bench.db");
            using var storage = SqliteStorage.Open($"Data Source={path};Synchronous=Normal", TimeProvider.System);
            List<CallEvent[]> calls = [.. Enumerable.Range(0, Calls).Select(n => EventsOf(new CallId(1_000_000 + n)))];
            var (cpu, bytes) = (Cpu(), GC.GetAllocatedBytesForCurrentThread());
            Write(storage.Log, calls, callsInBatch);
            (cpu, bytes) = (Cpu() - cpu, GC.GetAllocatedBytesForCurrentThread() - bytes);
            var perCall = cpu.TotalMicroseconds / Calls;
            var stored = new FileInfo(path).Length / Calls;
            return string.Create(CultureInfo.InvariantCulture, $"{callsInBatch,11}{perCall,14:F1}{perCall / 8,15:F1}{bytes / Calls,13}{stored,21}");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void RunPostgres(string connection)
    {
        using var storage = PostgresStorage.Open(connection, TimeProvider.System, exclusive: true);
        Console.WriteLine("calls/batch   CPU us/call   calls/s   events/s");
        long first = 1_000_000;
        foreach (var callsInBatch in (int[])[20, 0, 1, 20, 200])
        {
            List<CallEvent[]> calls = [.. Enumerable.Range(0, Calls).Select(n => EventsOf(new CallId(first + n)))];
            first += Calls;
            var (cpu, at) = (Cpu(), Stopwatch.GetTimestamp());
            Write(storage.Log, calls, callsInBatch);
            var (used, took) = (Cpu() - cpu, Stopwatch.GetElapsedTime(at));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{callsInBatch,11}{used.TotalMicroseconds / Calls,14:F1}{Calls / took.TotalSeconds,10:F0}{Calls * 8 / took.TotalSeconds,11:F0}"));
        }
    }

    private static TimeSpan Cpu() => Process.GetCurrentProcess().TotalProcessorTime;

    private static void Write(ICallLog log, List<CallEvent[]> calls, int callsInBatch)
    {
        var cursor = log.LastCursor();
        List<LogWrite> batch = [];
        foreach (var chunk in calls.Chunk(Math.Max(1, callsInBatch)))
        {
            // All calls of a batch go on together, as they do on a shard.
            for (var step = 0; step < chunk[0].Length; step++)
            {
                foreach (var call in chunk)
                    batch.Add(new LogWrite.Happened(++cursor, call[step], []));
                if (callsInBatch == 0)
                    Flush();
            }
            if (batch.Count > 0)
                Flush();
        }

        void Flush()
        {
            log.Append(batch);
            batch.Clear();
        }
    }

    private static CallEvent[] EventsOf(CallId id)
    {
        var at = CallId.Epoch.AddTicks(id.Value * 100);
        var near = MakeLeg(id, 1, LegDirection.Inbound, LegRole.Caller, at) with { AnsweredAt = at.AddSeconds(2) };
        var far = MakeLeg(id, 2, LegDirection.Outbound, LegRole.Callee, at) with { Target = new LegTarget.Extension("102"), RingingAt = at, AnsweredAt = at };
        var call = new Call
        {
            Id = id,
            Origin = new CallOrigin { Kind = CallOriginKind.Extension, Account = "demo" },
            Plan = new CallPlan.Connect(new LegTarget.Extension("102"), TimeSpan.FromSeconds(60)),
            Caller = new Party("101", "Alice"),
            Dialed = "102",
            CalleeDialed = "102",
            Legs = [near, far],
            State = new CallState.Trying(),
            StartedAt = at,
            Accounts = ["demo"],
        };
        var talking = call with { State = new CallState.Talking(), AnsweredAt = at, Legs = [near with { State = new LegState.Bridged() }, far with { State = new LegState.Bridged() }] };
        var first = near with { State = new LegState.Ended(MakeRecord(near, at)) };
        var second = far with { State = new LegState.Ended(MakeRecord(far, at)) };
        var ended = call with { State = new CallState.Ended(new HangupBy.Caller(), HangupCause.NormalClearing), Legs = [first, second], EndedAt = at };
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

    private static HangupRecord MakeRecord(Leg leg, DateTimeOffset at) => new()
    {
        Leg = leg.Id,
        By = new HangupBy.Caller(),
        Cause = HangupCause.NormalClearing,
        Received = leg.Id.Number == 1 ? new ReceivedEnd("BYE", null, ["Q.850;cause=16"]) : null,
        Sent = leg.Id.Number == 2 ? new SentEnd("BYE", "Q.850;cause=16;text=\"NORMAL_CLEARING\"") : null,
        Phase = LegPhase.Bridged,
        StartedAt = at,
        AnsweredAt = at,
        EndedAt = at,
        Media = new LegMedia { PacketsReceived = 250, PacketsSent = 251, OctetsReceived = 40_000, OctetsSent = 40_160, Codec = "PCMU", LastPacketReceivedAt = at, LastPacketSentAt = at },
    };
}
