using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Switchhook.Server.Json;

namespace Switchhook.Server.Configuration;

/// <summary>Why a text is not a value of the type asked for; null when it is.</summary>
internal delegate string? TryRead<T>(string text, out T value);

/// <summary>
/// Hands out settings by key and notes every mistake. Asking for a key is what makes it known: what was given and never asked for is unknown.
/// </summary>
internal sealed class SettingValues
{
    private readonly Dictionary<string, SettingEntry> _given = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _sections = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Mistake> _mistakes;
    private readonly Func<string, string?> _environment;

    /// <param name="entries">In order of precedence, the strongest last.</param>
    /// <param name="environment">Reads one variable, for secrets.</param>
    public SettingValues(IEnumerable<SettingEntry> entries, List<Mistake> mistakes, Func<string, string?> environment)
    {
        _mistakes = mistakes;
        _environment = environment;
        foreach (var entry in entries)
        {
            // A whole list replaces its single items given before, and the other way round.
            foreach (var item in _given.Keys.Where(k => IsItemOf(k, entry.Key) || (IsItemOf(entry.Key, k) && _given[k].Source != entry.Source)).ToList())
                _given.Remove(item);
            // Letter case makes no other key, in one file either; the same spelling twice is found by who reads the file.
            if (entry.Line > 0 && _given.TryGetValue(entry.Key, out var before) && before.Source == entry.Source && before.Key != entry.Key)
                _mistakes.Add(new Mistake(entry.Source, entry.Line, entry.Key, $"is given twice, as {before.Key} in line {before.Line}"));
            _given[entry.Key] = entry;
        }
    }

    /// <summary>Every key that was asked for.</summary>
    public IReadOnlyCollection<string> Known => _known;

    public string Text(string key, string byDefault) => One(key, byDefault, static (string text, out string value) =>
    {
        value = text;
        return text.Length == 0 ? "must not be empty" : null;
    });

    public string? OptionalText(string key) => One<string?>(key, null, static (string text, out string? value) =>
    {
        value = text.Length == 0 ? null : text;
        return null;
    });

    public bool Truth(string key, bool byDefault) => One(key, byDefault, static (string text, out bool value) =>
        bool.TryParse(text, out value) ? null : $"must be true or false, not '{text}'");

    public int Number(string key, int byDefault, int least, int most) => One(key, byDefault, (string text, out int value) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= least && value <= most
            ? null : $"must be a whole number from {least} to {most}, not '{text}'");

    public TimeSpan Seconds(string key, int byDefault, int least, int most) => TimeSpan.FromSeconds(Number(key, byDefault, least, most));

    public string Choice(string key, string byDefault, params string[] choices) => One(key, byDefault, (string text, out string value) =>
    {
        value = choices.FirstOrDefault(c => c.Equals(text, StringComparison.OrdinalIgnoreCase)) ?? byDefault;
        return choices.Contains(text, StringComparer.OrdinalIgnoreCase) ? null : $"must be one of {string.Join(", ", choices)}, not '{text}'";
    });

    /// <summary>One value of any type.</summary>
    public T One<T>(string key, T byDefault, TryRead<T> read)
    {
        if (Take(key) is not { } entry || TextOf(entry) is not { } text)
            return byDefault;
        if (read(text, out var value) is not { } mistake)
            return value;
        Wrong(entry, mistake);
        return byDefault;
    }

    /// <summary>A list: a JSON list, a text with commas, or items given one by one as <c>Key:0</c>, <c>Key:1</c>.</summary>
    public ImmutableArray<T> List<T>(string key, ImmutableArray<T> byDefault, TryRead<T> read)
    {
        var entries = Take(key) is { } whole ? Split(whole) : TakeItems(key);
        if (entries is null)
            return byDefault;
        var values = ImmutableArray.CreateBuilder<T>();
        foreach (var entry in entries)
        {
            if (TextOf(entry) is not { } text)
                continue;
            if (read(text, out var value) is { } mistake)
                Wrong(entry, mistake);
            else
                values.Add(value);
        }
        return values.ToImmutable();
    }

    /// <summary>Every key below a section whose names are not fixed, without the section's own name.</summary>
    public IReadOnlyList<(string Name, string Value, SettingEntry Entry)> Section(string section)
    {
        _ = _sections.Add(section + ":");
        return [.. from entry in _given.Values
                   where entry.Key.StartsWith(section + ":", StringComparison.OrdinalIgnoreCase)
                   let text = TextOf(entry)
                   where text is not null
                   select (entry.Key[(section.Length + 1)..], text, entry)];
    }

    /// <summary>Notes a mistake at the place a key was given, or at the key itself when it was not.</summary>
    public void Wrong(string key, string message) =>
        _mistakes.Add(_given.TryGetValue(key, out var entry)
            ? new Mistake(entry.Source, entry.Line, key, message) : new Mistake("configuration", 0, key, message));

    public void Wrong(SettingEntry entry, string message) => _mistakes.Add(new Mistake(entry.Source, entry.Line, entry.Key, message));

    /// <summary>Notes every key that was given and never asked for.</summary>
    public void RefuseUnknown()
    {
        foreach (var entry in _given.Values.Where(e => !_known.Contains(e.Key) && !_sections.Any(s => e.Key.StartsWith(s, StringComparison.OrdinalIgnoreCase))))
        {
            var below = _known.Where(k => k.StartsWith(entry.Key + ":", StringComparison.OrdinalIgnoreCase)).ToList();
            Wrong(entry, below.Count > 0
                ? $"is a section, not a value; its keys are {string.Join(", ", below.Order(StringComparer.Ordinal))}"
                : $"is an unknown key{NearestName.Hint(entry.Key, Likely(entry.Key))}");
        }
    }

    /// <summary>The keys somebody may have meant: any that is close, else those of the section that was named.</summary>
    private IReadOnlyCollection<string> Likely(string key)
    {
        if (NearestName.Of(key, _known) is { } nearest && NearestName.Distance(key.ToLowerInvariant(), nearest.ToLowerInvariant()) <= key.Length / 2)
            return _known;
        var section = key[..(key.IndexOf(':', StringComparison.Ordinal) + 1)];
        var beside = _known.Where(k => section.Length > 0 && k.StartsWith(section, StringComparison.OrdinalIgnoreCase)).ToList();
        return beside.Count > 0 ? beside : _known;
    }

    private SettingEntry? Take(string key)
    {
        _ = _known.Add(key);
        return _given.GetValueOrDefault(key);
    }

    private List<SettingEntry>? TakeItems(string key)
    {
        var items = _given.Values.Where(e => IsItemOf(e.Key, key)).OrderBy(e => int.Parse(e.Key[(key.Length + 1)..], CultureInfo.InvariantCulture)).ToList();
        foreach (var item in items)
            _ = _known.Add(item.Key);
        return items.Count == 0 ? null : items;
    }

    private List<SettingEntry>? Split(SettingEntry entry)
    {
        switch (entry.Value)
        {
            case JsonPiece.Items items:
                return [.. items.All.Select((v, i) => new SettingEntry($"{entry.Key}[{i}]", v, entry.Source, v.Line))];
            case JsonPiece.Text { Value: var text } when text.TrimStart().StartsWith('['):
                return JsonDocumentReader.Read(Encoding.UTF8.GetBytes(text), entry.Source, _mistakes) is JsonPiece.Items list
                    ? [.. list.All.Select((v, i) => new SettingEntry($"{entry.Key}[{i}]", v, entry.Source, entry.Line))] : [];
            case JsonPiece.Text { Value: var text }:
                return [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                    .Select(t => new SettingEntry(entry.Key, new JsonPiece.Text(t, entry.Line), entry.Source, entry.Line))];
            default:
                Wrong(entry, $"must be a list, not {entry.Value.Kind}");
                return null;
        }
    }

    /// <summary>A plain value as text, or a secret from where it is kept; null with a mistake noted when neither.</summary>
    private string? TextOf(SettingEntry entry)
    {
        switch (entry.Value)
        {
            case JsonPiece.Text text:
                return text.Value.Trim();
            case JsonPiece.Number number:
                return number.Value;
            case JsonPiece.Truth truth:
                return truth.Value ? "true" : "false";
            case JsonPiece.Members members when SecretText.Is(members):
                var secret = SecretText.Read(members, _environment, out var mistake);
                if (mistake is not null)
                    Wrong(entry, mistake);
                return secret;
            default:
                Wrong(entry, $"cannot be {entry.Value.Kind}");
                return null;
        }
    }

    /// <summary>True for <c>Key:3</c> below <c>Key</c>.</summary>
    private static bool IsItemOf(string key, string list) =>
        key.Length > list.Length + 1 && key.Length < list.Length + 6 && key[list.Length] == ':'
        && key.StartsWith(list, StringComparison.OrdinalIgnoreCase) && key.AsSpan(list.Length + 1).IndexOfAnyExceptInRange('0', '9') < 0;
}
