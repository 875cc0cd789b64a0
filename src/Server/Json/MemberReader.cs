using System.Collections.Immutable;
using System.Globalization;

namespace Switchhook.Server.Json;

/// <summary>
/// Takes the members of one JSON object by name and notes every mistake with its place. Asking for a member is what makes it known;
/// <see cref="RefuseUnknown"/> notes the rest.
/// </summary>
internal sealed class MemberReader(JsonPiece.Members members, string path, string source, List<Mistake> mistakes, Func<string, string?>? environment = null)
{
    private readonly Dictionary<string, JsonMember> _members = members.All.ToDictionary(m => m.Name, StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>Where in the document this object stands, as <c>extensions[2]</c>; empty for the root.</summary>
    public string Path => path;

    public bool Has(string name) => _members.TryGetValue(name, out var member) && member.Value is not JsonPiece.Nothing;

    public string Required(string name)
    {
        if (Text(name) is { Length: > 0 } text)
            return text;
        if (!Has(name) || _members[name].Value is JsonPiece.Text)
            Wrong(name, "is needed");
        return "";
    }

    /// <summary>A text, or a secret kept elsewhere where the environment was given; null when absent or null.</summary>
    public string? Text(string name)
    {
        switch (Take(name))
        {
            case null or JsonPiece.Nothing:
                return null;
            case JsonPiece.Text text:
                return text.Value;
            case JsonPiece.Members secret when environment is not null && SecretText.Is(secret):
                var value = SecretText.Read(secret, environment, out var mistake);
                if (mistake is not null)
                    Wrong(name, mistake);
                return value;
            case { } other:
                Wrong(name, $"must be text, not {other.Kind}");
                return null;
        }
    }

    /// <summary>A text that must pass a check; the check's answer says what is wrong.</summary>
    public string? Checked(string name, Func<string, string?> mistakeIn)
    {
        var text = Text(name);
        if (text is not null && mistakeIn(text) is { } mistake)
            Wrong(name, mistake);
        return text;
    }

    public int? Number(string name, int least, int most)
    {
        switch (Take(name))
        {
            case null or JsonPiece.Nothing:
                return null;
            case JsonPiece.Number number when int.TryParse(number.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                && value >= least && value <= most:
                return value;
            default:
                Wrong(name, $"must be a whole number from {least} to {most}");
                return null;
        }
    }

    public bool Truth(string name, bool byDefault)
    {
        switch (Take(name))
        {
            case null or JsonPiece.Nothing:
                return byDefault;
            case JsonPiece.Truth truth:
                return truth.Value;
            case { } other:
                Wrong(name, $"must be true or false, not {other.Kind}");
                return byDefault;
        }
    }

    /// <summary>One of several words.</summary>
    public T Choice<T>(string name, T byDefault, params ReadOnlySpan<(string Word, T Value)> choices)
    {
        if (Text(name) is not { } text)
            return byDefault;
        foreach (var (word, value) in choices)
        {
            if (word == text)
                return value;
        }
        var words = new List<string>();
        foreach (var (word, _) in choices)
            words.Add(word);
        Wrong(name, $"must be one of {string.Join(", ", words)}, not '{text}'");
        return byDefault;
    }

    /// <summary>A member of any type, for the few that may be more than one.</summary>
    public JsonPiece? Any(string name) => Take(name) is JsonPiece.Nothing ? null : Take(name);

    public MemberReader? Object(string name)
    {
        switch (Take(name))
        {
            case null or JsonPiece.Nothing:
                return null;
            case JsonPiece.Members inner:
                return new MemberReader(inner, At(name), source, mistakes, environment);
            case { } other:
                Wrong(name, $"must be an object, not {other.Kind}");
                return null;
        }
    }

    /// <summary>What the object of that name is read as, or null where there is none; members nobody read are refused.</summary>
    public T? Part<T>(string name, Func<MemberReader, T> read)
        where T : class
    {
        if (Object(name) is not { } inner)
            return null;
        var part = read(inner);
        inner.RefuseUnknown();
        return part;
    }

    public IEnumerable<MemberReader> Objects(string name)
    {
        var items = Items(name);
        for (var i = 0; i < items.Length; i++)
        {
            if (items[i] is JsonPiece.Members inner)
                yield return new MemberReader(inner, $"{At(name)}[{i}]", source, mistakes, environment);
            else
                mistakes.Add(new Mistake(source, items[i].Line, $"{At(name)}[{i}]", $"must be an object, not {items[i].Kind}"));
        }
    }

    public ImmutableArray<string> Texts(string name, Func<string, string?>? mistakeIn = null)
    {
        var texts = ImmutableArray.CreateBuilder<string>();
        var items = Items(name);
        for (var i = 0; i < items.Length; i++)
        {
            if (items[i] is not JsonPiece.Text { Value: var text })
                mistakes.Add(new Mistake(source, items[i].Line, $"{At(name)}[{i}]", $"must be text, not {items[i].Kind}"));
            else if (mistakeIn?.Invoke(text) is { } mistake)
                mistakes.Add(new Mistake(source, items[i].Line, $"{At(name)}[{i}]", mistake));
            else
                texts.Add(text);
        }
        return texts.ToImmutable();
    }

    /// <summary>The line a member stands on, or the object's own.</summary>
    public int LineOf(string name) => _members.TryGetValue(name, out var member) ? member.Line : members.Line;

    /// <summary>A member's place in the document; the object's own for an empty name.</summary>
    public string At(string name) => path.Length == 0 ? name : name.Length == 0 ? path : $"{path}.{name}";

    public void Wrong(string name, string message) => mistakes.Add(new Mistake(source, LineOf(name), At(name), message));

    public void RefuseUnknown()
    {
        foreach (var member in members.All.Where(m => !_known.Contains(m.Name)))
            mistakes.Add(new Mistake(source, member.Line, At(member.Name), $"is an unknown member{NearestName.Hint(member.Name, _known)}"));
    }

    private ImmutableArray<JsonPiece> Items(string name)
    {
        switch (Take(name))
        {
            case null or JsonPiece.Nothing:
                return [];
            case JsonPiece.Items items:
                return items.All;
            case { } other:
                Wrong(name, $"must be a list, not {other.Kind}");
                return [];
        }
    }

    private JsonPiece? Take(string name)
    {
        _ = _known.Add(name);
        return _members.GetValueOrDefault(name)?.Value;
    }
}
