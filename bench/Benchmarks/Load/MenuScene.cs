using Switchhook.Media.Codecs;

namespace Switchhook.Benchmarks.Load;

/// <summary>Callers in a menu of a script: each hears its prompt while keys are gathered. They send audio themselves with <c>--speaking</c>.</summary>
internal static class MenuScene
{
    /// <summary>A menu whose prompt is longer than any run.</summary>
    public const string Menu = $"<UserInput Digits=\"2\" Timeout=\"3600\"><InitialCommands><Play>{ScriptServer.Low}</Play></InitialCommands></UserInput>";

    public static async Task RunAsync(LoadOptions options, LoadCalls calls)
    {
        await using var scripts = new ScriptServer { Script = Menu };
        var legs = new List<RtpLeg>();
        for (var i = 0; i < (options.Calls ?? 400); i++)
            legs.Add((await calls.CallAsync("500", AudioCodec.Pcmu, i < options.Speaking ? 700 : 0)).Leg);
        await LoadWindow.MeasureAsync("calls in a menu", options, calls.Audio, legs, legs.Count, "call");
        await calls.Audio.DoAsync(() => Console.WriteLine($"  hear the prompt  {legs.Count(l => l.ShareOf(ScriptServer.LowHz) > 0.8)} of {legs.Count}"));
    }
}
