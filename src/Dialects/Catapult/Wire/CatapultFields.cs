using System.Globalization;
using System.Text.Json;

namespace Switchhook.Dialects.Catapult.Wire;

/// <summary>Reads the members of a request one after the other and keeps the first thing that is wrong with them.</summary>
/// <param name="resource">What it is a request about, as messages name it: <c>call</c>.</param>
/// <param name="body">The members.</param>
internal sealed class CatapultFields(string resource, CatapultBody body)
{
    private const int LongestText = 4096;

    /// <summary>The first mistake; null while there is none.</summary>
    public CatapultError? Mistake { get; private set; }

    public bool Has(string name) => body.Has(name);

    /// <summary>Notes a mistake, unless there was one before.</summary>
    public void Refuse(CatapultError mistake) => Mistake ??= mistake;

    /// <summary>A text; a number or truth counts as the text it is written as. Null when it is missing.</summary>
    public string? Text(string name, int longest = LongestText)
    {
        switch (body[name])
        {
            case null: return null;
            case { ValueKind: JsonValueKind.String } text when text.GetString() is { } value:
                if (value.Length <= longest)
                    return value;
                Refuse(CatapultError.TooGreat(resource, name, longest.ToString(CultureInfo.InvariantCulture)));
                return null;
            case { ValueKind: JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False } plain: return plain.GetRawText();
            default:
                Refuse(CatapultError.BadParameters);
                return null;
        }
    }

    /// <summary>A text that must be there and be no blank; empty after a mistake.</summary>
    public string Needed(string name)
    {
        if (Text(name) is not { } text)
            Refuse(CatapultError.Missing(resource, name));
        else if (string.IsNullOrWhiteSpace(text))
            Refuse(CatapultError.Blank(resource, name));
        else
            return text.Trim();
        return "";
    }

    /// <summary>A truth, or the word for it.</summary>
    public bool? Truth(string name)
    {
        switch (Text(name))
        {
            case null: return null;
            case var word when word.Equals("true", StringComparison.OrdinalIgnoreCase): return true;
            case var word when word.Equals("false", StringComparison.OrdinalIgnoreCase): return false;
            default:
                Refuse(CatapultError.NotOneOf(resource, name, ["true", "false"]));
                return null;
        }
    }

    /// <summary>A whole number between two, or its digits in a text.</summary>
    public int? Number(string name, int least, int most)
    {
        if (Decimal(name, least, most) is not { } number)
            return null;
        if (number == Math.Floor(number))
            return (int)number;
        Refuse(CatapultError.BadParameters);
        return null;
    }

    /// <summary>A number between two, or its digits in a text.</summary>
    public decimal? Decimal(string name, decimal least, decimal most)
    {
        if (Text(name) is not { Length: > 0 } text)
            return null;
        if (!decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number))
            Refuse(CatapultError.BadParameters);
        else if (number > most)
            Refuse(CatapultError.TooGreat(resource, name, most.ToString(CultureInfo.InvariantCulture)));
        else if (number < least)
            Refuse(CatapultError.TooSmall(resource, name, (least - 1).ToString(CultureInfo.InvariantCulture)));
        else
            return number;
        return null;
    }

    /// <summary>One of those words, in any letter case; as it stands in the list.</summary>
    public string? Word(string name, params ReadOnlySpan<string> words)
    {
        if (Text(name) is not { } text)
            return null;
        foreach (var word in words)
        {
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase))
                return word;
        }
        Refuse(CatapultError.NotOneOf(resource, name, words.ToArray()));
        return null;
    }

    /// <summary>The address of a callback; <c>none</c> and nothing are none.</summary>
    public string? CallbackUrl(string name)
    {
        if (Text(name) is not { Length: > 0 and var length } url || (length == 4 && url.Equals("none", StringComparison.OrdinalIgnoreCase)))
            return null;
        if (IsUrl(url))
            return url;
        Refuse(CatapultError.InvalidUrl(name, url));
        return null;
    }

    /// <summary>An object within this one; null when it is missing.</summary>
    public CatapultFields? Part(string name)
    {
        if (body[name] is not { } element)
            return null;
        if (CatapultBody.TryRead(element, out var part))
            return new CatapultFields(resource, part);
        Refuse(CatapultError.BadParameters);
        return null;
    }

    /// <summary>A list of texts; null when it is missing.</summary>
    public IReadOnlyList<string>? Texts(string name)
    {
        if (body[name] is not { } element)
            return null;
        if (element.ValueKind == JsonValueKind.Array && element.EnumerateArray().All(static e => e.ValueKind == JsonValueKind.String))
            return [.. element.EnumerateArray().Select(static e => e.GetString()!)];
        Refuse(CatapultError.BadParameters);
        return null;
    }

    /// <summary>The members of an object of texts; null when it is missing.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? Pairs(string name)
    {
        if (body[name] is not { } element)
            return null;
        if (element.ValueKind == JsonValueKind.Object && element.EnumerateObject().All(static m => m.Value.ValueKind == JsonValueKind.String))
            return [.. element.EnumerateObject().Select(static m => KeyValuePair.Create(m.Name, m.Value.GetString()!))];
        Refuse(CatapultError.BadParameters);
        return null;
    }

    /// <summary>True for an absolute address over HTTP.</summary>
    public static bool IsUrl(string url) =>
        !url.Any(char.IsControl) && Uri.TryCreate(url, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps) && address.Host.Length > 0;
}
