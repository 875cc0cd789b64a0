using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Switchhook.Calls.Directory;

namespace Switchhook.Dialects.Ozeki.Commands;

/// <summary>Numbers as clients write them: digits, a plus before them, or an extension with the host that stands for this server.</summary>
internal static class OzekiNumber
{
    public const string Host = "@localhost";

    private static readonly SearchValues<char> Keys = SearchValues.Create("0123456789*#");

    public static string WithoutHost(string text) => text.EndsWith(Host, StringComparison.OrdinalIgnoreCase) ? text[..^Host.Length] : text;

    /// <summary>True for up to 32 digits, <c>*</c> and <c>#</c> with a plus before them if need be, and for every extension there is.</summary>
    public static bool TryRead(string? text, CallDirectory directory, [NotNullWhen(true)] out string? number)
    {
        number = text is null ? null : WithoutHost(text.Trim());
        if (number is null)
            return false;
        return AreDigits(number) || directory.Extension(number) is not null;
    }

    /// <summary>True for up to 32 digits, <c>*</c> and <c>#</c>, with a plus before them if need be.</summary>
    public static bool AreDigits(string number)
    {
        var digits = number.AsSpan(number.StartsWith('+') ? 1 : 0);
        return digits is { Length: > 0 and <= 32 } && !digits.ContainsAnyExcept(Keys);
    }
}
