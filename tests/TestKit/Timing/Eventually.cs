namespace Switchhook.TestKit.Timing;

/// <summary>Waits until a condition holds that can only be asked for, never for a time to pass.</summary>
public static class Eventually
{
    /// <summary>How long a test waits for anything unless it says otherwise.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(15);

    /// <summary>Asks again until the answer satisfies; gives the answer.</summary>
    /// <exception cref="TimeoutException">It never did; the message shows the last answer.</exception>
    public static async Task<T> GetAsync<T>(Func<Task<T>> ask, Func<T, bool> satisfies, string what, TimeSpan? deadline = null)
    {
        var limit = deadline ?? Deadline;
        var since = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(Pause, TimeProvider.System);
        while (true)
        {
            var answer = await ask();
            if (satisfies(answer))
                return answer;
            if (TimeProvider.System.GetElapsedTime(since) > limit)
                throw new TimeoutException($"Not within {limit.TotalSeconds:0.#} s: {what}. Last seen: {answer}");
            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Asks again until it is so.</summary>
    /// <exception cref="TimeoutException">It never was.</exception>
    public static Task TrueAsync(Func<Task<bool>> ask, string what, TimeSpan? deadline = null) => GetAsync(ask, so => so, what, deadline);

    /// <summary>Asks again until it is so.</summary>
    /// <exception cref="TimeoutException">It never was.</exception>
    public static Task TrueAsync(Func<bool> ask, string what, TimeSpan? deadline = null) =>
        GetAsync(() => Task.FromResult(ask()), so => so, what, deadline);
}
