using System.Diagnostics;
using System.Globalization;
using System.IO.MemoryMappedFiles;
using Switchhook.Calls;
using Switchhook.Calls.Events;
using Switchhook.Storage.Flight;

namespace Switchhook.Benchmarks;

/// <summary>
/// What a call of two legs costs the shard for the flight recorder: eight events and two dialogs, written down before each message that follows
/// from them. Below it what the kernel's part alone is: 500 octets by a write, and by a copy into a mapped file. Run by <c>-- flight</c>.
/// </summary>
internal static class FlightWriting
{
    private const int Calls = 20_000;

    private static readonly string Dialog = new('d', 450);

    public static void Run()
    {
        Console.WriteLine("                                CPU us/call   CPU us/event   slowest ms   bytes/call");
        foreach (var name in (string[])["(warming up)", "a write for each event", "a write for two events"])
            Console.WriteLine(Measure(name, name == "a write for two events" ? 2 : 1));
        Console.WriteLine(Kernel("500 octets, write", Writing));
        Console.WriteLine(Kernel("500 octets, mapped", Mapping));
    }

    private static string Measure(string name, int flushEvery)
    {
        var directory = Directory.CreateTempSubdirectory("flight-").FullName;
        try
        {
            using var recorder = new FlightRecorder(directory, "bench");
            recorder.Open(0);
            List<CallEvent[]> calls = [.. Enumerable.Range(0, Calls).Select(n => SampleCalls.EventsOf(new CallId(1_000_000 + n)))];
            var (cursor, slowest) = (0L, TimeSpan.Zero);
            var (cpu, bytes) = (Cpu(), GC.GetAllocatedBytesForCurrentThread());
            foreach (var call in calls)
            {
                for (var i = 0; i < call.Length; i++)
                {
                    var at = Stopwatch.GetTimestamp();
                    var ticket = recorder.Add(++cursor, call[i]);
                    if (i is 2 or 3)
                        ticket = recorder.Add(cursor, new LegId(call[i].Call.Id, i - 1), Dialog);
                    if (i % flushEvery == 0)
                        recorder.Flush();
                    var took = Stopwatch.GetElapsedTime(at);
                    if (took > slowest)
                        slowest = took;
                    // As the journal's thread does, a batch later.
                    if (cursor % 64 == 0)
                        recorder.Stored(ticket - 32);
                }
            }
            (cpu, bytes) = (Cpu() - cpu, GC.GetAllocatedBytesForCurrentThread() - bytes);
            var perCall = cpu.TotalMicroseconds / Calls;
            return string.Create(CultureInfo.InvariantCulture, $"{name,-30}{perCall,13:F1}{perCall / 8,15:F2}{slowest.TotalMilliseconds,13:F2}{bytes / Calls,13}");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static string Kernel(string name, Func<FileStream, Action<byte[], int>> open)
    {
        const int Size = 4 * 1024 * 1024, Times = 400_000;
        var path = Path.GetTempFileName();
        try
        {
            using var file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite, 0);
            file.SetLength(Size);
            var write = open(file);
            var octets = new byte[500];
            var (cpu, slowest) = (Cpu(), TimeSpan.Zero);
            for (var i = 0; i < Times; i++)
            {
                var at = Stopwatch.GetTimestamp();
                write(octets, i * 500 % (Size - 500));
                var took = Stopwatch.GetElapsedTime(at);
                if (took > slowest)
                    slowest = took;
            }
            return string.Create(CultureInfo.InvariantCulture, $"{name,-43}{(Cpu() - cpu).TotalMicroseconds / Times,15:F2}{slowest.TotalMilliseconds,13:F2}");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static Action<byte[], int> Writing(FileStream file) => (octets, at) => RandomAccess.Write(file.SafeFileHandle, octets, at);

    private static Action<byte[], int> Mapping(FileStream file)
    {
        var view = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true).CreateViewAccessor();
        return (octets, at) => view.WriteArray(at, octets, 0, octets.Length);
    }

    private static TimeSpan Cpu() => Process.GetCurrentProcess().TotalProcessorTime;
}
