using System.Globalization;
using System.Net;

namespace Switchhook.Server.ProvisioningFiles;

/// <summary>Checks of single values; each answers what is wrong, or null.</summary>
internal static class Formats
{
    private const int LongestNumber = 32;

    public static string? Name(string text) =>
        text.Length is > 0 and <= 64 && !text.Any(char.IsControl) ? null : "must be 1 to 64 characters without control characters";

    public static string? ExtensionNumber(string text) =>
        text.Length is > 0 and <= LongestNumber && text.All(c => char.IsAsciiDigit(c) || c is '*' or '#')
            ? null : $"must be digits, * or #, at most {LongestNumber} of them, not '{text}'";

    public static string? PublicNumber(string text)
    {
        var digits = text.StartsWith('+') ? text[1..] : text;
        return digits.Length is > 0 and <= LongestNumber && digits.All(char.IsAsciiDigit) ? null : $"must be digits, with + in front or without, not '{text}'";
    }

    public static string? Url(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Host.Length > 0
            ? null : $"must be an absolute http or https address, not '{text}'";

    public static string? Amount(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
            ? null : $"must be an amount such as 12.500, not '{text}'";

    /// <summary>An amount that nobody is given.</summary>
    public static string? Price(string text) => Amount(text) ?? (text.StartsWith('-') ? $"must not be below 0: '{text}'" : null);

    public static string? WebhookSecret(string text)
    {
        const string Prefix = "whsec_";
        Span<byte> room = stackalloc byte[256];
        return text.StartsWith(Prefix, StringComparison.Ordinal) && Convert.TryFromBase64String(text[Prefix.Length..], room, out var bytes) && bytes > 0
            ? null : "must be whsec_ and up to 256 bytes in base64";
    }

    /// <summary>The events there are; one test compares them with the family of call events.</summary>
    public static readonly IReadOnlyList<string> EventNames =
    [
        "call.started", "call.ringing", "leg.answered", "call.answered", "call.held", "call.unheld", "call.forwarded", "call.transferred",
        "call.transfer-failed", "call.noted", "leg.noted", "script.failed", "leg.moved", "leg.ended", "call.ended", "hangup.confirmed",
        "digit.heard", "playback.started", "playback.ended", "gather.started", "gather.ended", "recording.started", "recording.ended", "conference.joined", "conference.left",
    ];

    public static string? EventName(string text) =>
        text == "*" || EventNames.Contains(text) ? null : $"must be * or the name of an event, not '{text}'{Json.NearestName.Hint(text, EventNames)}";

    public static string? Network(string text) =>
        IPAddress.TryParse(text, out _) || IPNetwork.TryParse(text, out _) ? null : $"must be an IP address or a network such as 10.0.0.0/8, not '{text}'";

    public static string? Prefix(string text) =>
        text.Length <= LongestNumber && text.All(c => char.IsAsciiDigit(c) || c is '+' or '*' or '#') ? null : $"must be digits, +, * or #, not '{text}'";

    /// <summary>X, Z, N, [..], digits, + * #, and at the end . or !</summary>
    public static string? Pattern(string text)
    {
        if (text.Length is 0 or > 64)
            return "must be 1 to 64 characters";
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '[':
                    var end = text.IndexOf(']', i);
                    if (end < 0)
                        return $"opens [ at place {i + 1} and never closes it";
                    if (!IsDigitSet(text.AsSpan(i + 1, end - i - 1)))
                        return $"must hold digits or a range such as 1-4 between [ and ], not '{text[(i + 1)..end]}'";
                    i = end;
                    break;
                case '.' or '!' when i < text.Length - 1:
                    return $"may have '{text[i]}' only at its end";
                case var c when !(char.IsAsciiDigit(c) || c is 'X' or 'Z' or 'N' or '+' or '*' or '#' or '.' or '!'):
                    return $"holds '{c}' at place {i + 1}; X, Z, N, [1-4], digits, +, *, # and a last . or ! are known";
            }
        }
        return null;
    }

    private static bool IsDigitSet(ReadOnlySpan<char> set)
    {
        for (var i = 0; i < set.Length; i++)
        {
            if (!char.IsAsciiDigit(set[i]))
                return false;
            if (i + 2 < set.Length && set[i + 1] == '-')
            {
                if (!char.IsAsciiDigit(set[i + 2]) || set[i + 2] < set[i])
                    return false;
                i += 2;
            }
        }
        return set.Length > 0;
    }
}
