using System.Globalization;
using System.Text;
using Switchhook.Dialects.Ozeki.Commands;
using Switchhook.Dialects.Ozeki.Wire;
using Switchhook.Ivr;

namespace Switchhook.Dialects.Ozeki.Scripts;

/// <summary>An OzML command as a verb. One that cannot run becomes <see cref="Verb.Invalid"/> with the vendor's code and message.</summary>
internal static class OzmlVerb
{
    private const int MaxSeconds = 86_400;

    public static Verb From(OzmlElement element) => OzekiCommand.Find(Canonical(element.Name)) switch
    {
        { Script: OzekiPlace.Served } command => Served(command.Name, element),
        { Script: OzekiPlace.Elsewhere } command => Invalid(element, command.Name, OzekiAnswer.InappropriateCommand(command.Name)),
        _ => Invalid(element, element.Name, OzekiAnswer.NotImplementedCommand(element.Name)),
    };

    /// <summary>Scripts may use the classic name of ForwardCall.</summary>
    public static string Canonical(string name) => name.Equals("Forward", StringComparison.OrdinalIgnoreCase) ? "ForwardCall" : name;

    /// <summary>Text as it is spoken: every run of white space is one space.</summary>
    public static string Collapse(string text)
    {
        var spoken = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!char.IsWhiteSpace(c))
                spoken.Append(c);
            else if (spoken is { Length: > 0 } && spoken[^1] != ' ')
                spoken.Append(' ');
        }
        return spoken.ToString().TrimEnd();
    }

    private static Verb Served(string name, OzmlElement e) => name switch
    {
        "Speak" => new Verb.Speak(Collapse(e.Main("Text") ?? ""), e["Language"], e["Voice"], e.Line),
        "Play" => Play(e),
        "Delay" => TrySeconds(e.Main("Time"), out var time) ? new Verb.Delay(time, e.Line) : Wrong(e, "Time", name),
        "Hangup" => new Verb.HangUp(e["CallId"], e.Line),
        "Reject" => new Verb.Reject(e.Line),
        // An SQL query in place of an address is of the vendor's database scripts, which there are none of here.
        "GoTo" => e.Main("Url") is { } url && !url.Any(char.IsWhiteSpace) ? new Verb.GoTo(url, e.Line) : Wrong(e, "Url", name),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "A served command without a verb."),
    };

    private static Verb Play(OzmlElement e)
    {
        if (e.Main("AudioFile") is not { } file || !IsAudioFile(file))
            return Wrong(e, "AudioFile", "Play");
        var repeat = false;
        if (e["Repeat"] is { } word && !bool.TryParse(word, out repeat))
            return Wrong(e, "Repeat", "Play");
        TimeSpan? timeout = null;
        if (e["Timeout"] is { } text)
        {
            if (!TrySeconds(text, out var seconds))
                return Wrong(e, "Timeout", "Play");
            timeout = seconds > TimeSpan.Zero ? seconds : null;
        }
        return new Verb.Play(file, repeat, timeout, e.Line);
    }

    /// <summary>An http address, or a path that stays below the folder it is taken from.</summary>
    private static bool IsAudioFile(string file) =>
        OzekiUrl.IsAbsolute(file)
        || (!file.Contains(':', StringComparison.Ordinal) && file[0] is not ('/' or '\\') && !file.Split('/', '\\').Contains("..") && !file.Any(char.IsControl));

    private static bool TrySeconds(string? text, out TimeSpan time)
    {
        var whole = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= MaxSeconds;
        time = TimeSpan.FromSeconds(seconds);
        return whole;
    }

    private static Verb.Invalid Wrong(OzmlElement e, string parameter, string command) =>
        Invalid(e, command, OzekiAnswer.InvalidParameter(parameter, command));

    private static Verb.Invalid Invalid(OzmlElement e, string word, OzekiAnswer error) => new(word, error.Code, error.Message, e.Line);
}
