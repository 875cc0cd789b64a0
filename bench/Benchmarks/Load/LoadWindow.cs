using System.Diagnostics;
using System.Globalization;

namespace Switchhook.Benchmarks.Load;

/// <summary>A stretch of time in which the server's processor time, and what the legs heard, are counted.</summary>
internal static class LoadWindow
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    /// <summary>Lets the scene settle, counts for the seconds asked for, and prints.</summary>
    /// <param name="calls">What the processor time is divided by.</param>
    /// <param name="of">What each of them is called.</param>
    /// <returns>Percent of a core the server took.</returns>
    public static async Task<double> MeasureAsync(string title, LoadOptions options, RtpLoop audio, IReadOnlyList<RtpLeg> legs, int calls, string of)
    {
        await Task.Delay(Settling, TimeProvider.System);
        using var server = Process.GetProcessById(options.Pid);
        var began = TimeProvider.System.GetTimestamp();
        var (serverBefore, ownBefore, diskBefore) = (server.TotalProcessorTime, Environment.CpuUsage.TotalTime, Written(options.Pid));
        await audio.DoAsync(() => Each(legs, l => l.Reset()));
        await Task.Delay(TimeSpan.FromSeconds(options.Seconds), TimeProvider.System);
        long received = 0, sent = 0, missing = 0, late = 0, lateLegs = 0, gap = 0;
        await audio.DoAsync(() => Each(legs, l =>
        {
            (received, missing, late, gap) = (received + l.Received, missing + l.Missing, late + l.LateGaps, Math.Max(gap, l.LongestGapNs));
            sent += l.Sent;
            lateLegs += l.LateGaps > 0 ? 1 : 0;
        }));
        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        server.Refresh();
        var (used, own) = ((server.TotalProcessorTime - serverBefore).TotalSeconds / seconds * 100, (Environment.CpuUsage.TotalTime - ownBefore).TotalSeconds / seconds * 100);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"""
            {title}, {seconds:0.0} s
              server           {used:0.0} % of a core, {used / calls:0.0000} % a {of} ({calls})
              packets          {received} received of {seconds * 50 * legs.Count:0}, {missing} missing between those received; {sent} sent
              longest gap      {gap / 1e6:0.0} ms; {late} over 40 ms, in {lateLegs} of {legs.Count} legs
              stored           {(Written(options.Pid) - diskBefore) / 1e6 / seconds:0.00} MB/s
              generator        {own:0.0} % of a core{(own > 80 ? ": TOO MUCH, this measures the generator" : "")}
            """));
        return used;
    }

    private static void Each(IReadOnlyList<RtpLeg> legs, Action<RtpLeg> what)
    {
        foreach (var leg in legs) what(leg);
    }

    /// <summary>Octets the process had written to storage (proc(5), <c>write_bytes</c>).</summary>
    private static long Written(int pid) =>
        long.Parse(File.ReadLines($"/proc/{pid}/io").First(l => l.StartsWith("write_bytes:", StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture);
}
