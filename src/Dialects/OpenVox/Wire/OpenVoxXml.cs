using System.Globalization;
using System.Text;
using System.Xml;
using Switchhook.Dialects.Encodings;

namespace Switchhook.Dialects.OpenVox.Wire;

/// <summary>XML as the vendor lays it out, and its requests, which are hostile until they are read: no document types, no entities, no depth.</summary>
internal static class OpenVoxXml
{
    public const string ContentType = "application/xml; charset=utf-8";

    private const string Root = "xml";

    private static readonly XmlReaderSettings Limits = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = OpenVoxBody.MaxBytes,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    };

    public static byte[] Write(OpenVoxNode.Map document)
    {
        var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<xml>\n", 512);
        AppendMembers(text, document, 1);
        return Encoding.UTF8.GetBytes(text.Append("</xml>").ToString());
    }

    /// <summary>The children of the root that hold text alone, by name; the last of a name counts. False for what is no such document.</summary>
    public static bool TryRead(string document, Dictionary<string, string> fields)
    {
        try
        {
            using var characters = new StringReader(document);
            using var reader = XmlReader.Create(characters, Limits);
            if (reader.MoveToContent() != XmlNodeType.Element || reader.Name != Root)
                return false;
            return TryReadChildren(reader, fields);
        }
        catch (XmlException)
        {
            return false;
        }
    }

    private static bool TryReadChildren(XmlReader reader, Dictionary<string, string> fields)
    {
        var text = new StringBuilder();
        string? name = null;
        var nested = false;
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element when reader.Depth >= OpenVoxBody.MaxDepth || fields.Count >= OpenVoxBody.MaxFields:
                    return false;
                case XmlNodeType.Element when reader.Depth == 1:
                    (name, nested) = (reader.Name, false);
                    text.Clear();
                    if (reader.IsEmptyElement)
                        fields[name] = "";
                    break;
                case XmlNodeType.Element:
                    nested = true;
                    break;
                case XmlNodeType.EndElement when reader.Depth == 1 && !nested:
                    fields[name!] = text.ToString();
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace when reader.Depth == 2:
                    text.Append(reader.Value);
                    break;
            }
        }
        return true;
    }

    private static void AppendMembers(StringBuilder text, OpenVoxNode.Map map, int depth)
    {
        foreach (var (name, value) in map.Members)
            Append(text, name, value, depth, null);
    }

    private static void Append(StringBuilder text, string name, OpenVoxNode value, int depth, int? number)
    {
        text.Append(' ', depth * 2).Append('<').Append(name);
        if (number is { } id)
            text.Append(CultureInfo.InvariantCulture, $" id=\"{id}\"");
        text.Append('>');
        switch (value)
        {
            case OpenVoxNode.Text scalar:
                XmlEscape.Append(text, scalar.Value, quotes: true);
                break;
            case OpenVoxNode.Number figure:
                text.Append(CultureInfo.InvariantCulture, $"{figure.Value}");
                break;
            case OpenVoxNode.List { Items: [] } or OpenVoxNode.Map { Members: [] }:
                break;
            case OpenVoxNode.List { Unwrapped: true, Items: [OpenVoxNode.Map only] }:
                AppendInside(text, only, depth);
                break;
            case OpenVoxNode.List list:
                text.Append('\n');
                for (var i = 0; i < list.Items.Length; i++)
                    Append(text, "item", list.Items[i], depth + 1, i);
                text.Append(' ', depth * 2);
                break;
            case OpenVoxNode.Map map:
                AppendInside(text, map, depth);
                break;
        }
        text.Append("</").Append(name).Append(">\n");
    }

    private static void AppendInside(StringBuilder text, OpenVoxNode.Map map, int depth)
    {
        text.Append('\n');
        AppendMembers(text, map, depth + 1);
        text.Append(' ', depth * 2);
    }
}
