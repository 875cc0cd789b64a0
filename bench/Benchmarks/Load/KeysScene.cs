using System.Globalization;
using Switchhook.Media.Codecs;

namespace Switchhook.Benchmarks.Load;

/// <summary>From the first packet of a key to the first packet of what the script plays for it; <c>--calls</c> others are in a menu meanwhile.</summary>
internal static class KeysScene
{
    /// <summary>Menus inside each other, of a document that may be 32 elements deep.</summary>
    private const int KeysACall = 5;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(LoadOptions options, LoadCalls calls)
    {
        await using var scripts = new ScriptServer { Script = MenuScene.Menu };
        var others = new List<RtpLeg>();
        for (var i = 0; i < (options.Calls ?? 0); i++) others.Add((await calls.CallAsync("500", AudioCodec.Pcmu, 700)).Leg);
        scripts.Script = Nested(0);
        _ = await MeasureAsync(calls, 2 * KeysACall);        // The first calls fetch the prompts and have code compiled.
        var own = Environment.CpuUsage.TotalTime;
        var began = TimeProvider.System.GetTimestamp();
        var times = await MeasureAsync(calls, options.Samples);
        var busy = (Environment.CpuUsage.TotalTime - own) / TimeProvider.System.GetElapsedTime(began) * 100;
        times.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"""
            key to the next prompt's first packet, {others.Count} other calls, {times.Count} keys
              p50 / p95 / p99  {At(times, 50):0.0} / {At(times, 95):0.0} / {At(times, 99):0.0} ms, longest {times[^1]:0.0} ms
              generator        {busy:0.0} % of a core
            """));
    }

    private static double At(List<double> sorted, int percent) => sorted[Math.Min(sorted.Count - 1, sorted.Count * percent / 100)];

    private static async Task<List<double>> MeasureAsync(LoadCalls calls, int samples)
    {
        var times = new List<double>();
        var chance = new Random(1);
        while (times.Count < samples)
        {
            var (call, leg) = await calls.CallAsync("500", AudioCodec.Pcmu, 300);
            for (var i = 0; i < KeysACall; i++)
            {
                // At any moment of a tick, and well into the prompt.
                await Task.Delay(TimeSpan.FromMilliseconds(300 + (chance.NextDouble() * 100)), TimeProvider.System);
                var key = new KeyPress('1', i % 2 == 0 ? ScriptServer.HighHz : ScriptServer.LowHz);
                await calls.Audio.PressAsync(leg, key);
                times.Add(await key.Heard.WaitAsync(Deadline, TimeProvider.System));
            }
            await calls.EndAsync(call, leg);
        }
        return times;
    }

    /// <summary>A menu that plays one tone and, for key 1, has the next menu with the other tone in it.</summary>
    private static string Nested(int depth)
    {
        var prompt = depth % 2 == 0 ? ScriptServer.Low : ScriptServer.High;
        var next = depth < KeysACall ? $"<Inputs><Input key=\"1\">{Nested(depth + 1)}</Input></Inputs>" : "";
        return $"<UserInput Digits=\"1\" Timeout=\"60\"><InitialCommands><Play>{prompt}</Play></InitialCommands>{next}</UserInput>";
    }
}
