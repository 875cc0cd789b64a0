using System.Diagnostics;
using System.Globalization;
using Switchhook.Calls;
using Switchhook.Calls.Events;
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

    /// <summary>One size of batches, again and again.</summary>
    public static void RunOnce(int callsInBatch)
    {
        for (var n = 0; n < 8; n++)
            Console.WriteLine(Measure(callsInBatch));
    }

    private static string Measure(int callsInBatch)
    {
        var directory = Directory.CreateTempSubdirectory("call-log-").FullName;
        try
        {
            var path = Path.Combine(directory, "bench.db");
            using var storage = SqliteStorage.Open($"Data Source={path};Synchronous=Normal", TimeProvider.System);
            List<CallEvent[]> calls = [.. Enumerable.Range(0, Calls).Select(n => SampleCalls.EventsOf(new CallId(1_000_000 + n)))];
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
            List<CallEvent[]> calls = [.. Enumerable.Range(0, Calls).Select(n => SampleCalls.EventsOf(new CallId(first + n)))];
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
}
