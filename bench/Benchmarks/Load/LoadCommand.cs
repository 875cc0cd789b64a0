namespace Switchhook.Benchmarks.Load;

/// <summary>
/// <c>-- load SCENE --pid PID</c>: calls a server that runs with <c>bench/provision.json</c> on another core, and says what the calls cost it
/// and what their parties heard. Scenes: <c>menu</c>, <c>conference</c>, <c>transcode</c>, <c>record</c>, <c>keys</c>.
/// </summary>
internal static class LoadCommand
{
    public static async Task<int> RunAsync(string[] words)
    {
        if (words.Length == 0) return Wrong("which scene?");
        if (LoadOptions.Read(words, out var mistake) is not { } options) return Wrong(mistake!);
        await using var calls = new LoadCalls(options);
        switch (options.Scene)
        {
            case "menu": await MenuScene.RunAsync(options, calls); break;
            case "conference": await ConferenceScene.RunAsync(options, calls); break;
            case "transcode": await TranscodeScene.RunAsync(options, calls); break;
            case "record": await RecordScene.RunAsync(options, calls); break;
            case "keys": await KeysScene.RunAsync(options, calls); break;
            default: return Wrong($"there is no scene {options.Scene}");
        }
        return 0;
    }

    private static int Wrong(string mistake)
    {
        Console.Error.WriteLine($"{mistake}\nload menu|conference|transcode|record|keys --pid PID [--server HOST:PORT] [--api URL] [--calls N] [--seconds S] [--rooms N] [--speaking N] [--samples N]");
        return 2;
    }
}
