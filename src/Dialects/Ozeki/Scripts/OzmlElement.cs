using System.Collections.Immutable;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Switchhook.Ivr;

namespace Switchhook.Dialects.Ozeki.Scripts;

/// <summary>One element as written: its name, its attributes in any case, the text directly in it, and the elements in it.</summary>
internal sealed record OzmlElement(string Name, int Line, IReadOnlyDictionary<string, string> Attributes, string Text, ImmutableArray<OzmlElement> Children)
{
    /// <summary>The attribute, trimmed; null when it is missing or empty.</summary>
    public string? this[string name] => Attributes.TryGetValue(name, out var value) && value.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>The command's main parameter: the attribute, or else the element's text; null when both are empty.</summary>
    public string? Main(string name) => this[name] ?? (Text.Trim() is { Length: > 0 } text ? text : null);

    public bool Is(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>What stands in the children of that name, in order.</summary>
    public IEnumerable<OzmlElement> Inside(string name) => Children.Where(c => c.Is(name)).SelectMany(c => c.Children);

    /// <summary>True when what the command itself says has variables; the commands in it are another matter.</summary>
    public bool HasVariables => Attributes.Values.Any(ScriptScope.HasVariables) || ScriptScope.HasVariables(Text) || Items.Any(c => c.HasVariables);

    /// <summary>The items of a list, which are text and no commands.</summary>
    public IEnumerable<OzmlElement> Items => Is("Array") ? Children.Where(c => c.Is("item")) : [];

    /// <summary>The command with its variables replaced.</summary>
    public OzmlElement Expand(ScriptScope scope) => this with
    {
        Attributes = Attributes.ToDictionary(a => a.Key, a => scope.Expand(a.Value), StringComparer.OrdinalIgnoreCase),
        Text = scope.Expand(Text),
        Children = Is("Array") ? [.. Children.Select(c => c.Expand(scope))] : Children,
    };

    /// <summary>The element as a document of its own.</summary>
    public string ToXml() => ToElement().ToString(SaveOptions.DisableFormatting);

    private XElement ToElement() => new(
        XmlConvert.EncodeLocalName(Name),
        Attributes.Select(a => new XAttribute(XmlConvert.EncodeLocalName(a.Key), a.Value)), Text, Children.Select(c => c.ToElement()));

    /// <summary>Reads the element the reader stands on with everything in it, and leaves the reader behind it.</summary>
    /// <param name="reader">Stands on the element.</param>
    /// <param name="skippedLines">Lines of the document the reader has not seen.</param>
    /// <param name="left">Elements that may still be read; less than zero after it when there were too many.</param>
    /// <returns>Null when elements go too deep or are too many.</returns>
    /// <exception cref="XmlException">The document is not well-formed.</exception>
    public static OzmlElement? Read(XmlReader reader, int skippedLines, ref int left)
    {
        if (--left < 0 || reader.Depth > Ozml.MaxDepth)
            return null;
        var name = reader.LocalName;
        var line = (reader as IXmlLineInfo)?.LineNumber + skippedLines ?? 0;
        var attributes = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (reader.MoveToNextAttribute())
            attributes.TryAdd(reader.LocalName, reader.Value);
        reader.MoveToElement();

        var text = new StringBuilder();
        var children = ImmutableArray.CreateBuilder<OzmlElement>();
        if (!reader.IsEmptyElement)
        {
            reader.Read();
            while (reader.NodeType != XmlNodeType.EndElement)
            {
                if (reader.NodeType == XmlNodeType.Element)
                {
                    if (Read(reader, skippedLines, ref left) is not { } child)
                        return null;
                    children.Add(child);
                    continue;
                }
                if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace)
                    text.Append(reader.Value);
                reader.Read();
            }
        }
        reader.Read();
        return new OzmlElement(name, line, attributes, text.ToString(), children.ToImmutable());
    }
}
