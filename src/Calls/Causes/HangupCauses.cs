namespace Switchhook.Calls.Causes;

/// <summary>Names and numbers of <see cref="HangupCause"/>.</summary>
public static class HangupCauses
{
    private static readonly Dictionary<HangupCause, string> Names = Enum.GetValues<HangupCause>().ToDictionary(c => c, Spell);

    private static readonly Dictionary<string, HangupCause> ByName = Names.ToDictionary(p => p.Value, p => p.Key, StringComparer.OrdinalIgnoreCase);

    /// <summary>The name outside: <c>USER_BUSY</c>.</summary>
    public static string NameOf(HangupCause cause) => Names.TryGetValue(cause, out var name) ? name : "UNSPECIFIED";

    /// <summary>The number for a Q.850 Reason header, 0 to 127; <see cref="HangupCause.OriginatorCancel"/>, which has none, is sent as 16.</summary>
    public static int Q850Of(HangupCause cause) => cause == HangupCause.OriginatorCancel ? 16 : (int)cause;

    /// <summary>Reads a name in any case, or a Q.850 number that has a name.</summary>
    public static bool TryParse(string? text, out HangupCause cause)
    {
        cause = default;
        if (text is null)
            return false;
        if (int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number))
            return TryFromQ850(number, out cause);
        return ByName.TryGetValue(text, out cause);
    }

    /// <summary>The cause with that Q.850 number; false when the number has no name here.</summary>
    public static bool TryFromQ850(int number, out HangupCause cause)
    {
        cause = (HangupCause)number;
        return cause != HangupCause.OriginatorCancel && Names.ContainsKey(cause);
    }

    private static string Spell(HangupCause cause)
    {
        var text = cause.ToString();
        var spelled = new System.Text.StringBuilder(text.Length + 8);
        for (var i = 0; i < text.Length; i++)
        {
            if (i > 0 && char.IsUpper(text[i]))
                spelled.Append('_');
            spelled.Append(char.ToUpperInvariant(text[i]));
        }
        return spelled.ToString();
    }
}
