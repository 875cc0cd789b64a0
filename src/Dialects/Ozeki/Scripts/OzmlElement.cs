using System.Text;
using System.Xml;

namespace Switchhook.Dialects.Ozeki.Scripts;

/// <summary>One command as written: its name, its attributes in any case, and the text directly in it.</summary>
internal sealed record OzmlElement(string Name, int Line, IReadOnlyDictionary<string, string> Attributes, string Text)
{
    /// <summary>The attribute, trimmed; null when it is missing or empty.</summary>
    public string? this[string name] => Attributes.TryGetValue(name, out var value) && value.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>The command's main parameter: the attribute, or else the element's text; null when both are empty.</summary>
    public string? Main(string name) => this[name] ?? (Text.Trim() is { Length: > 0 } text ? text : null);

    /// <summary>Reads the element the reader stands on, and leaves the reader behind it. Null when elements go too deep.</summary>
    /// <exception cref="XmlException">The document is not well-formed.</exception>
    public static OzmlElement? Read(XmlReader reader, int skippedLines)
    {
        var name = reader.LocalName;
        var line = (reader as IXmlLineInfo)?.LineNumber + skippedLines ?? 0;
        var attributes = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (reader.MoveToNextAttribute())
            attributes.TryAdd(reader.LocalName, reader.Value);
        reader.MoveToElement();

        var text = new StringBuilder();
        var depth = reader.Depth;
        if (!reader.IsEmptyElement)
        {
            while (reader.Read() && reader.Depth > depth)
            {
                if (reader.Depth > Ozml.MaxDepth)
                    return null;
                if (reader.Depth == depth + 1 && reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace)
                    text.Append(reader.Value);
            }
        }
        reader.Read();
        return new OzmlElement(name, line, attributes, text.ToString());
    }
}
