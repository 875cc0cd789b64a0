using System.Collections.Immutable;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Switchhook.Ivr.Documents;

/// <summary>One element of a document as written: its name, its attributes, the text directly in it, and the elements in it.</summary>
/// <param name="Name">Without a prefix.</param>
/// <param name="Line">From 1; 0 when unknown.</param>
/// <param name="Attributes">By name, which compares as the dialect has it.</param>
/// <param name="Text">All text directly in it, as written.</param>
/// <param name="Children">In order.</param>
public sealed record ScriptElement(string Name, int Line, IReadOnlyDictionary<string, string> Attributes, string Text, ImmutableArray<ScriptElement> Children)
{
    /// <summary>The attribute, trimmed; null when it is missing or empty.</summary>
    public string? this[string name] => Attributes.TryGetValue(name, out var value) && value.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>The main parameter: the attribute, or else the element's text; null when both are empty.</summary>
    public string? Main(string name) => this[name] ?? (Text.Trim() is { Length: > 0 } text ? text : null);

    /// <summary>The element as a document of its own.</summary>
    public string ToXml() => ToElement().ToString(SaveOptions.DisableFormatting);

    /// <summary>Text as it is spoken: every run of white space is one space, and none is at its ends.</summary>
    public static string Collapse(string text)
    {
        var spoken = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!char.IsWhiteSpace(c))
                spoken.Append(c);
            else if (spoken is { Length: > 0 } && spoken[^1] != ' ')
                spoken.Append(' ');
        }
        return spoken.ToString().TrimEnd();
    }

    private XElement ToElement() => new(
        XmlConvert.EncodeLocalName(Name),
        Attributes.Select(a => new XAttribute(XmlConvert.EncodeLocalName(a.Key), a.Value)), Text, Children.Select(c => c.ToElement()));
}
