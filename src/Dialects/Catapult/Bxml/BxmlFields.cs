using System.Globalization;
using Switchhook.Ivr.Documents;

namespace Switchhook.Dialects.Catapult.Bxml;

/// <summary>Reads the attributes of a verb one after the other and keeps the first thing that is wrong with them. Attributes nobody asks for are passed over.</summary>
internal sealed class BxmlFields(ScriptElement element)
{
    private const int LongestText = 4096;

    /// <summary>The first mistake, with the verb and its line; null while there is none.</summary>
    public string? Mistake { get; private set; }

    public ScriptElement Element => element;

    public int Line => element.Line;

    /// <summary>Notes a mistake, unless there was one before.</summary>
    public void Refuse(string what) => Mistake ??= At(element, what);

    /// <summary>A mistake in an element within this one is one of this one.</summary>
    public void Take(BxmlFields inner) => Mistake ??= inner.Mistake;

    /// <summary>A mistake of that element.</summary>
    public static string At(ScriptElement element, string what) => string.Create(CultureInfo.InvariantCulture, $"{element.Name}, line {element.Line}: {what}");

    /// <summary>An attribute as it is written; null when it is missing, which an empty one is not.</summary>
    public string? Raw(string name) => element.Attributes.GetValueOrDefault(name);

    /// <summary>An attribute, trimmed; null when it is missing or empty.</summary>
    public string? Text(string name)
    {
        if (element[name] is not { } text)
            return null;
        if (text.Length <= LongestText && !text.Any(char.IsControl))
            return text;
        Refuse($"{name} is too long, or has control characters");
        return null;
    }

    /// <summary>A whole number between two.</summary>
    public int Number(string name, int usual, int least, int most)
    {
        if (Text(name) is not { } text)
            return usual;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        Refuse(string.Create(CultureInfo.InvariantCulture, $"{name} must be a whole number from {least} to {most}"));
        return usual;
    }

    /// <summary>A time in seconds, which may have decimals.</summary>
    public TimeSpan Seconds(string name, double usual, double least, double most)
    {
        if (Text(name) is not { } text)
            return TimeSpan.FromSeconds(usual);
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds >= least && seconds <= most)
            return TimeSpan.FromSeconds(seconds);
        Refuse(string.Create(CultureInfo.InvariantCulture, $"{name} must be seconds from {least} to {most}"));
        return TimeSpan.FromSeconds(usual);
    }

    /// <summary>A truth.</summary>
    public bool Truth(string name)
    {
        switch (Text(name))
        {
            case null: return false;
            case var word when bool.TryParse(word, out var truth): return truth;
            default:
                Refuse($"{name} must be true or false");
                return false;
        }
    }

    /// <summary>One of those words, in any letter case; as it stands in the list. The first when it is missing.</summary>
    public string Word(string name, params ReadOnlySpan<string> words)
    {
        var text = Text(name) ?? words[0];
        foreach (var word in words)
        {
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase))
                return word;
        }
        Refuse($"{name} must be one of {string.Join(", ", words.ToArray())}");
        return words[0];
    }

    /// <summary>Keys of a telephone; null when the attribute is missing.</summary>
    public string? Keys(string name)
    {
        if (Raw(name)?.Trim().ToUpperInvariant() is not { } keys)
            return null;
        if (keys.Length <= 16 && keys.All(static k => "0123456789*#ABCD".Contains(k, StringComparison.Ordinal)))
            return keys;
        Refuse($"{name} must be keys of a telephone");
        return null;
    }

    /// <summary>An address over HTTP, which may be relative to that of the document; null when it is missing.</summary>
    public string? Url(string name)
    {
        if (Text(name) is not { } url)
            return null;
        if (!url.Any(char.IsWhiteSpace) && Uri.TryCreate(url, UriKind.RelativeOrAbsolute, out var address)
            && (!address.IsAbsoluteUri || address.Scheme is "http" or "https" || url.StartsWith('/')))
            return url;
        Refuse($"{name} is not an http address");
        return null;
    }

    /// <summary>How long the other side of <c>requestUrl</c> has; null when the attribute is missing.</summary>
    public TimeSpan? ReplyTime() => Text("requestUrlTimeout") is null ? null : TimeSpan.FromMilliseconds(Number("requestUrlTimeout", 0, 1, 60_000));

    /// <summary>The text in the element, as it is spoken.</summary>
    public string Spoken()
    {
        if (element.Children is [var child, ..])
            Refuse($"{child.Name} cannot stand in it");
        return ScriptElement.Collapse(element.Text);
    }

    /// <summary>Refuses whatever stands in an element that is to be empty.</summary>
    public void Empty()
    {
        if (Spoken().Length > 0)
            Refuse("text cannot stand in it");
    }
}
