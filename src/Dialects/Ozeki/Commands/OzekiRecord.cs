using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Commands;
using Switchhook.Dialects.Ozeki.Scripts;
using Switchhook.Dialects.Ozeki.Wire;

namespace Switchhook.Dialects.Ozeki.Commands;

/// <summary>
/// Record: over HTTP both directions of a live call, until it ends; in a script its party. Keys, silence and length end a recording on calls
/// with an application alone.
/// </summary>
/// <param name="Format"><c>mp3</c> or <c>wav</c>.</param>
/// <param name="Longest">Null: without a bound of its own.</param>
/// <param name="Silence">Null: silence does not end it.</param>
/// <param name="FinishKeys">Any of these ends it.</param>
/// <param name="FinishedUrl">Told of its end; in a script it may be relative.</param>
/// <param name="Folder">Below the recordings, where a copy goes; null: none.</param>
internal sealed record OzekiRecord(string Format, TimeSpan? Longest, TimeSpan? Silence, string FinishKeys, string? FinishedUrl, string? Folder)
{
    public const string Name = "Record";

    /// <summary>The parameters in the order of the vendor's table.</summary>
    /// <returns>The one that is wrong, or null.</returns>
    public static string? Read(Func<string, string?> value, out OzekiRecord record)
    {
        record = null!;
        var format = value("Format")?.ToUpperInvariant() switch { null or "MP3" => "mp3", "WAV" => "wav", _ => null };
        if (format is null)
            return "Format";
        if (value("FinishedUrl") is { } url && url.Any(char.IsWhiteSpace))
            return "FinishedUrl";
        if (!TryFolder(value("RecordPath"), out var folder))
            return "RecordPath";
        if (!OzmlVerb.TrySeconds(value("Duration") ?? "0", out var longest))
            return "Duration";
        if (!OzmlVerb.TrySeconds(value("Inactivity") ?? "0", out var silence))
            return "Inactivity";
        var keys = value("FinishDigits")?.ToUpperInvariant() ?? "";
        if (keys.Length > 0 && !OzmlMenu.AreKeys(keys))
            return "FinishDigits";
        record = new OzekiRecord(
            format, longest > TimeSpan.Zero ? longest : null, silence > TimeSpan.Zero ? silence : null, keys, value("FinishedUrl"), folder);
        return null;
    }

    public static async ValueTask<OzekiAnswer> RunAsync(OzekiAsk ask, OzekiPorts ports, CancellationToken cancellation)
    {
        var p = ask.Parameters;
        if (p["CallId"] is null)
            return OzekiAnswer.InvalidParameter("CallId", Name);
        if (Read(name => p[name], out var record) is { } wrong)
            return OzekiAnswer.InvalidParameter(wrong, Name);
        if (record.FinishedUrl is { } url && !OzekiUrl.IsAbsolute(url))
            return OzekiAnswer.InvalidParameter("FinishedUrl", Name);
        if (ask.FindCall(Name, ports.Calls, out var call) is { } unknown)
            return unknown;
        var reply = await ports.Calls.AskAsync(new CallCommand.Sound(call.Id, new AudioOrder.Record(null, record.TermsFor(call))), cancellation);
        return reply.Done ? OzekiAnswer.Ok : OzekiAsk.Refused(reply.Refusal, Name, call.Id);
    }

    /// <summary>
    /// The folder a path names below the recordings, which is where the path begins whatever drive or root it is written with; null for none.
    /// </summary>
    private static bool TryFolder(string? path, out string? folder)
    {
        folder = null;
        if (path is null)
            return true;
        var written = path is [var drive, ':', ..] && char.IsAsciiLetter(drive) ? path[2..] : path;
        var parts = written.Split(['/', '\\'], StringSplitOptions.RemoveEmptyEntries);
        folder = parts.Length == 0 ? null : string.Join('/', parts);
        return path.Length <= 255 && !path.Any(char.IsControl) && !parts.Any(static part => part[0] == '.' || part.Contains(':', StringComparison.Ordinal));
    }

    private RecordingTerms TermsFor(Call call)
    {
        var withApplication = call.Far == 0;
        return new RecordingTerms
        {
            Sides = RecordedSides.Both,
            Format = Format == "wav" ? RecordingFormat.Wav : RecordingFormat.Mp3,
            MostLength = withApplication ? Longest : null,
            EndSilence = withApplication ? Silence : null,
            EndKeys = withApplication ? FinishKeys : "",
            Folder = Folder,
            Callback = FinishedUrl is { } url ? new RecordingCallback(OzekiAccess.Dialect, url) : null,
        };
    }
}
