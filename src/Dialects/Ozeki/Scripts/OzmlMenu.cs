using System.Buffers;
using System.Collections.Immutable;
using Switchhook.Dialects.Ozeki.Commands;
using Switchhook.Dialects.Ozeki.Wire;
using Switchhook.Ivr;
using Switchhook.Ivr.Documents;

namespace Switchhook.Dialects.Ozeki.Scripts;

/// <summary>UserInput and WaitForMsg: the commands that have other commands in them.</summary>
internal static class OzmlMenu
{
    private const int MaxDigits = 255;
    private const int DefaultMessageSeconds = 90;

    /// <summary>Between the keys of an entry that has begun, the vendor's own time-out is at least this.</summary>
    private static readonly TimeSpan LeastBetweenKeys = TimeSpan.FromSeconds(5);

    private static readonly SearchValues<char> Keys = SearchValues.Create("0123456789*#ABCD");

    public static bool AreKeys(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExcept(Keys);

    public static Verb UserInput(ScriptElement e, OzmlContext context)
    {
        const string name = "UserInput";
        if (!OzmlVerb.TryBool(e["Repeat"], out var repeat))
            return OzmlVerb.Wrong(e, "Repeat", name);
        if (!OzmlVerb.TrySeconds(e["Timeout"] ?? "0", out var timeout))
            return OzmlVerb.Wrong(e, "Timeout", name);
        if (!TryDigits(e["Digits"], 1, out var digits))
            return OzmlVerb.Wrong(e, "Digits", name);
        var varies = e["MinDigits"] is not null || e["MaxDigits"] is not null;
        if (!TryDigits(e["MinDigits"], varies ? 1 : digits, out var min))
            return OzmlVerb.Wrong(e, "MinDigits", name);
        if (!TryDigits(e["MaxDigits"], Math.Max(min, digits), out var max) || max < min)
            return OzmlVerb.Wrong(e, "MaxDigits", name);
        var back = e["BackKey"]?.ToUpperInvariant();
        if (back is not null && (back.Length != 1 || !AreKeys(back)))
            return OzmlVerb.Wrong(e, "BackKey", name);
        var url = e["ForwardToUrl"] ?? e["enteredUrl"];   // the second is what older samples write
        if (url?.Any(char.IsWhiteSpace) == true)
            return OzmlVerb.Wrong(e, "ForwardToUrl", name);

        var choices = ImmutableArray.CreateBuilder<GatherChoice>();
        foreach (var input in e.Inside("Inputs").Where(c => c.Is("Input")))
        {
            if (input["key"]?.ToUpperInvariant() is not { } key || !AreKeys(key))
                return OzmlVerb.Wrong(e, "key", name);
            choices.Add(new GatherChoice(key, Verbs(input.Children, context)));
        }
        return new Verb.Gather(name, Verbs(e.Inside("InitialCommands"), context), e.Line)
        {
            MinDigits = min,
            MaxDigits = max,
            BackKey = back?[0],
            FirstDigit = timeout,
            InterDigit = timeout > LeastBetweenKeys ? timeout : LeastBetweenKeys,
            Attempts = repeat ? null : 1,
            Choices = choices.ToImmutable(),
            Url = url,
        };
    }

    public static Verb WaitForMsg(ScriptElement e, OzmlContext context)
    {
        const string name = "WaitForMsg";
        if (e["FromConnection"] is not { } connection)
            return OzmlVerb.Wrong(e, "FromConnection", name);
        if (!OzmlVerb.TrySeconds(e["Timeout"] ?? $"{DefaultMessageSeconds}", out var timeout))
            return OzmlVerb.Wrong(e, "Timeout", name);
        return new Verb.WaitForMessage(
            OzekiNumber.WithoutHost(connection), e["FromAddress"], timeout,
            Verbs(e.Inside("Execute"), context), Verbs(e.Inside("OnMessage"), context), Verbs(e.Inside("OnTimeout"), context), e.Line);
    }

    public static ImmutableArray<Verb> Verbs(IEnumerable<ScriptElement> elements, OzmlContext context) => [.. elements.Select(c => OzmlVerb.From(c, context))];

    private static bool TryDigits(string? text, int otherwise, out int digits)
    {
        digits = otherwise;
        return text is null || (int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out digits) && digits is >= 1 and <= MaxDigits);
    }
}
