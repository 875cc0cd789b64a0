using System.Collections.Immutable;
using System.Text;

namespace Switchhook.Ivr;

/// <summary>One element of a list: its text, and fields by name in any case when it has some.</summary>
public sealed record ScriptItem(string Text, ImmutableDictionary<string, string>? Fields = null);

/// <summary>What a call's scripts remember: texts and lists by name, in any case. Bounded, so that a script cannot grow without end.</summary>
public sealed record ScriptVariables
{
    /// <summary>Names, and characters of one value or list.</summary>
    public const int MaxNames = 256, MaxCharacters = 64 * 1024;

    private static readonly ImmutableDictionary<string, string> NoTexts = ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase);
    private static readonly ImmutableDictionary<string, ImmutableArray<ScriptItem>> NoLists =
        ImmutableDictionary.Create<string, ImmutableArray<ScriptItem>>(StringComparer.OrdinalIgnoreCase);

    public static readonly ScriptVariables None = new(NoTexts, NoLists);

    private readonly ImmutableDictionary<string, string> _texts;
    private readonly ImmutableDictionary<string, ImmutableArray<ScriptItem>> _lists;

    private ScriptVariables(ImmutableDictionary<string, string> texts, ImmutableDictionary<string, ImmutableArray<ScriptItem>> lists) =>
        (_texts, _lists) = (texts, lists);

    public string? this[string name] => _texts.GetValueOrDefault(name);

    /// <summary>The list of that name; an unknown one is empty.</summary>
    public ImmutableArray<ScriptItem> List(string name) => _lists.TryGetValue(name, out var items) ? items : [];

    /// <summary>With the text under the name, or null when there is no room.</summary>
    public ScriptVariables? With(string name, string value) =>
        value.Length > MaxCharacters || (_texts.Count + _lists.Count >= MaxNames && !_texts.ContainsKey(name)) ? null : new(_texts.SetItem(name, value), _lists);

    /// <summary>With the list under the name, or null when there is no room.</summary>
    public ScriptVariables? With(string name, ImmutableArray<ScriptItem> items) =>
        items.Sum(i => (long)i.Text.Length + (i.Fields?.Sum(f => (long)f.Value.Length) ?? 0)) > MaxCharacters
        || (_texts.Count + _lists.Count >= MaxNames && !_lists.ContainsKey(name)) ? null : new(_texts, _lists.SetItem(name, items));
}

/// <summary>The variables as one verb sees them: those of the call, and the item of the innermost round it stands in.</summary>
public readonly record struct ScriptScope(ScriptVariables Variables, ScriptItem? Item)
{
    /// <summary>The name of the current item.</summary>
    public const string ItemName = "item";

    /// <summary>True when the text has the sign of a variable followed by what could be a name.</summary>
    public static bool HasVariables(string text)
    {
        for (var i = text.IndexOf('$', StringComparison.Ordinal); i >= 0 && i + 1 < text.Length; i = text.IndexOf('$', i + 1))
            if (IsNameStart(text[i + 1]))
                return true;
        return false;
    }

    /// <summary>
    /// The text with each <c>$name</c> and <c>$item.field</c> replaced; the longest name counts, and an unknown one stays as written.
    /// Never longer than a variable may be.
    /// </summary>
    public string Expand(string text)
    {
        if (!HasVariables(text))
            return text;
        var expanded = new StringBuilder(text.Length + 32);
        for (var i = 0; i < text.Length && expanded.Length <= ScriptVariables.MaxCharacters;)
        {
            if (text[i] == '$' && TryName(text, i + 1, out var end) && Value(text, i + 1, ref end) is { } value)
            {
                expanded.Append(value);
                i = end;
            }
            else
            {
                expanded.Append(text[i++]);
            }
        }
        return expanded.Length <= ScriptVariables.MaxCharacters ? expanded.ToString() : expanded.ToString(0, ScriptVariables.MaxCharacters);
    }

    private string? Value(string text, int start, ref int end)
    {
        var name = text[start..end];
        if (Item is null || !name.Equals(ItemName, StringComparison.OrdinalIgnoreCase))
            return Variables[name];
        if (Item.Fields is { } fields && end < text.Length && text[end] == '.' && TryName(text, end + 1, out var fieldEnd)
            && fields.TryGetValue(text[(end + 1)..fieldEnd], out var field))
        {
            end = fieldEnd;
            return field;
        }
        return Item.Text;
    }

    private static bool TryName(string text, int start, out int end)
    {
        end = start;
        if (start >= text.Length || !IsNameStart(text[start]))
            return false;
        while (end < text.Length && (IsNameStart(text[end]) || char.IsAsciiDigit(text[end])))
            end++;
        return true;
    }

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_';
}
