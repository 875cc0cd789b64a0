namespace Switchhook.CrashHarness;

/// <summary>
/// The pace of the load: how long people talk, when the kill comes, how often a reader knocks at a server that is down. Nothing is judged by
/// these times; what a check waits for, it waits for as an event.
/// </summary>
internal static class Pace
{
    public static async Task WaitAsync(TimeSpan time, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(time, TimeProvider.System);
        await timer.WaitForNextTickAsync(stop);
    }
}
