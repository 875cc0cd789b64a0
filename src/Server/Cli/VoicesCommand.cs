using Switchhook.Server.Json;
using Switchhook.Server.Speech;

namespace Switchhook.Server.Cli;

/// <summary><c>switchhook voices</c>: the languages and voices scripts can speak with.</summary>
internal static class VoicesCommand
{
    public static Command Command { get; } = new(
        "voices",
        "voices [LANGUAGE]",
        "Lists the languages and voices of the speech engine espeak-ng.",
        """
        Each line has a language, which a script may give as Language or Voice, who speaks it, and the other languages it is taken for. With a
        LANGUAGE such as en, only its own and its variants (en-us). Programs and servers set by Speech:Provider know their own voices.
        """,
        [],
        RunAsync);

    private static async Task<ExitCode> RunAsync(Arguments arguments, CommandShell shell)
    {
        if (arguments.Words.Count > 1)
            return shell.Wrong("voices", $"'{arguments.Words[1]}' is not expected here");
        var (voices, problem) = await EspeakVoices.ListAsync(shell.Time, CancellationToken.None);
        if (problem is not null)
            return shell.Failed(problem);
        var language = arguments.Words.Count == 1 ? arguments.Words[0] : null;
        var wanted = voices.Where(v => language is null || v.IsOf(language)).ToList();
        if (wanted.Count == 0)
            return shell.Failed($"no voice speaks '{language}'{NearestName.Hint(language!, [.. voices.Select(v => v.Language)])}");
        shell.Out.WriteLine($"{"LANGUAGE",-16}{"VOICE",-32}{"GENDER",-8}ALSO");
        foreach (var voice in wanted)
            shell.Out.WriteLine($"{voice.Language,-16}{voice.Name,-32}{voice.Gender,-8}{string.Join(' ', voice.Others)}".TrimEnd());
        return ExitCode.Fine;
    }
}
