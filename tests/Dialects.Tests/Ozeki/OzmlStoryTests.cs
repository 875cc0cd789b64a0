using System.Globalization;
using System.Runtime.CompilerServices;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Scripts;
using Switchhook.Dialects.Ozeki.Scripts;
using Switchhook.Ivr.Simulation;

namespace Switchhook.Dialects.Tests.Ozeki;

/// <summary>
/// Whole scripts in the vendor's style, and what comes of them: Golden/scripts/*.story. A story begins with the script, what the caller does
/// and what web servers answer; what happens follows. UPDATE_DOCS=1 writes it anew.
/// </summary>
public class OzmlStoryTests
{
    private static readonly string Folder = Path.Combine(Path.GetDirectoryName(Here())!, "Golden", "scripts");

    public static TheoryData<string> Stories => [.. Directory.GetFiles(Folder, "*.story").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Stories))]
    public async Task A_script_goes_as_its_story_says(string name)
    {
        var path = Path.Combine(Folder, name + ".story");
        var text = (await File.ReadAllTextAsync(path)).Replace("\r\n", "\n", StringComparison.Ordinal);
        var head = text[..(text.IndexOf("\n\n", StringComparison.Ordinal) + 2)];

        var story = head + await RunAsync(head);

        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
            await File.WriteAllTextAsync(path, story);
        else
            Assert.Equal(text, story);
    }

    private static async Task<string> RunAsync(string head)
    {
        const string url = "http://app.test/ivr/script";
        var web = new SimulatedWeb();
        var options = new SimulationOptions();
        var busy = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in head.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split(' ', 2);
            switch (words[0])
            {
                case "script":
                    web.Answer(url, File.ReadAllBytes(Path.Combine(Folder, words[1])));
                    break;
                case "answer":
                    web.Answer(words[1].Split(' ')[0], File.ReadAllBytes(Path.Combine(Folder, words[1].Split(' ')[1])));
                    break;
                case "keys":
                    Assert.True(SimulatedKeys.TryParse(words[1], out var keys, out _));
                    options = options with { Keys = keys };
                    break;
                case "speaks":
                    Assert.True(SimulatedSpeech.TryParse(words[1], out var speech, out _));
                    options = options with { Speech = speech };
                    break;
                case "hangup":
                    Assert.True(SimulatedKeys.TryTime(words[1], out var time));
                    options = options with { HangUpAt = time };
                    break;
                case "busy":
                    busy.Add(words[1]);
                    break;
                default:
                    Assert.Fail($"A story does not say '{line}'.");
                    break;
            }
        }
        options = options with { Dial = n => busy.Contains(n) ? HangupCause.UserBusy : null };
        var story = await new ScriptSimulation(new OzekiScripts(web), OzekiWorld.Incoming(), web, options).RunAsync(new ScriptRef("ozeki", url));
        return string.Concat(story.Lines.Where(l => l.Kind != SimulationKind.Step)
            .Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.At.TotalSeconds,7:0.000}  {l.Kind}: {l.Text}\n")));
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
