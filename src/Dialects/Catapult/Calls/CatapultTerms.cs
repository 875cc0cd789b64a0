using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Commands;
using Switchhook.Dialects.Catapult.Wire;

namespace Switchhook.Dialects.Catapult.Calls;

/// <summary>The parameters of a call that it keeps: where its events go, how it is recorded, its tag.</summary>
internal static class CatapultTerms
{
    public const int LongestCallbackTimeout = 10_000;
    public const int RecordingSeconds = 3600;

    /// <summary>The longest recording there is.</summary>
    public const int MostRecordingSeconds = 14_400;

    private const int LongestTag = 1024;
    private const int MostHeaders = 5;
    private const int LongestHeader = 256;

    // RFC 3261 §25.1, token.
    private static readonly SearchValues<char> Token = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.!%*_+`'~");

    /// <summary>Where events go, as a request says it; put among the details.</summary>
    public static void ReadCallbacks(CatapultFields fields, IDictionary<string, string> details)
    {
        Put(details, CatapultDetail.CallbackUrl, fields.CallbackUrl("callbackUrl"));
        Put(details, CatapultDetail.FallbackUrl, fields.CallbackUrl("fallbackUrl"));
        Put(details, CatapultDetail.CallbackHttpMethod, fields.Word("callbackHttpMethod", "POST", "GET"));
        Put(details, CatapultDetail.CallbackTimeout, fields.Number("callbackTimeout", 1, LongestCallbackTimeout));
    }

    /// <summary>How the call is recorded; put among the details.</summary>
    public static void ReadRecording(CatapultFields fields, IDictionary<string, string> details)
    {
        Put(details, CatapultDetail.RecordingEnabled, fields.Truth("recordingEnabled"));
        Put(details, CatapultDetail.RecordingFileFormat, fields.Word("recordingFileFormat", "wav", "mp3"));
        Put(details, CatapultDetail.TranscriptionEnabled, fields.Truth("transcriptionEnabled"));
        if (fields.Number("recordingMaxDuration", 1, int.MaxValue) is not { } seconds)
            return;
        if (seconds > MostRecordingSeconds)
            fields.Refuse(CatapultError.ForbiddenOf(
                "maximum-recording-value-request", $"Recording call maximum duration cannot exceed '{MostRecordingSeconds}' seconds."));
        Put(details, CatapultDetail.RecordingMaxDuration, seconds);
    }

    public static void ReadTag(CatapultFields fields, IDictionary<string, string> details) =>
        Put(details, CatapultDetail.Tag, fields.Text("tag", LongestTag) is { Length: > 0 } tag ? tag : null);

    /// <summary>Headers for the INVITE: at most five, all of them the application's own.</summary>
    public static ImmutableArray<KeyValuePair<string, string>> ReadHeaders(CatapultFields fields, IDictionary<string, string> details)
    {
        if (fields.Pairs("sipHeaders") is not { Count: > 0 } pairs)
            return [];
        if (pairs.Count > MostHeaders)
            fields.Refuse(CatapultError.TooGreat("call", "sipHeaders", MostHeaders.ToString(CultureInfo.InvariantCulture)));
        else if (pairs.Any(static p => !IsHeader(p)))
            fields.Refuse(CatapultError.BadParameters);
        else
        {
            details[CatapultDetail.SipHeaders] = JsonSerializer.Serialize(
                pairs.GroupBy(static p => p.Key, StringComparer.Ordinal).ToDictionary(static g => g.Key, static g => g.Last().Value), CatapultTexts.Default.DictionaryStringString);
            return [.. pairs];
        }
        return [];
    }

    /// <summary>What a recording of the call is to be.</summary>
    public static AudioOrder.Record RecordingOf(int leg, Func<string, string?> detail) => new(leg, new RecordingTerms
    {
        Format = detail(CatapultDetail.RecordingFileFormat) == "mp3" ? RecordingFormat.Mp3 : RecordingFormat.Wav,
        MostLength = TimeSpan.FromSeconds(int.TryParse(detail(CatapultDetail.RecordingMaxDuration), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : RecordingSeconds),
    });

    public static void Put(IDictionary<string, string> details, string name, string? value)
    {
        if (value is not null)
            details[name] = value;
    }

    public static void Put(IDictionary<string, string> details, string name, int? value) => Put(details, name, value?.ToString(CultureInfo.InvariantCulture));

    public static void Put(IDictionary<string, string> details, string name, bool? value) => Put(details, name, value is { } known ? known ? "true" : "false" : null);

    private static bool IsHeader(KeyValuePair<string, string> header) =>
        header is { Key.Length: > 2 and <= LongestHeader, Value.Length: <= LongestHeader }
        && header.Key.StartsWith("X-", StringComparison.OrdinalIgnoreCase) && !header.Key.AsSpan().ContainsAnyExcept(Token)
        && !header.Value.Any(char.IsControl);
}
