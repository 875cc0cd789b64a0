using System.Collections.Immutable;
using System.Text;
using System.Xml;

namespace Switchhook.Dialects.Ozeki.Wire;

/// <summary>Answers as the vendor lays them out: declaration, two namespaces, two spaces of indentation, one element a line.</summary>
internal static class OzekiXml
{
    public const string ContentType = "application/xml";

    private const string Head = """
        <?xml version="1.0"?>
        <Response xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">

        """;

    public static byte[] Write(OzekiAnswer answer)
    {
        if (answer.Root is { } root)
        {
            var whole = new StringBuilder("<?xml version=\"1.0\"?>\n", 512);
            Append(whole, root, 0);
            return Encoding.UTF8.GetBytes(whole.ToString());
        }
        var text = new StringBuilder(Head, 512);
        Append(text, new OzekiElement("Code", answer.Code), 1);
        Append(text, new OzekiElement("Message", answer.Message), 1);
        foreach (var element in answer.Payload)
            Append(text, element, 1);
        return Encoding.UTF8.GetBytes(text.Append("</Response>").ToString());
    }

    private static void Append(StringBuilder text, OzekiElement element, int depth)
    {
        text.Append(' ', depth * 2).Append('<').Append(element.Name);
        if (element is { Children: [_, ..] children })
        {
            text.Append(">\n");
            foreach (var child in children)
                Append(text, child, depth + 1);
            text.Append(' ', depth * 2);
        }
        else if (element.Text is { Length: > 0 } value)
        {
            text.Append('>');
            Escape(text, value);
        }
        else
        {
            text.Append(" />\n");
            return;
        }
        text.Append("</").Append(element.Name).Append(">\n");
    }

    /// <summary>Text as XML 1.0 can carry it; what it cannot carry at all becomes U+FFFD.</summary>
    private static void Escape(StringBuilder text, string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (c is '&')
                text.Append("&amp;");
            else if (c is '<')
                text.Append("&lt;");
            else if (c is '>')
                text.Append("&gt;");
            else if (c is '\r')
                text.Append("&#xD;");
            else if (i + 1 < value.Length && XmlConvert.IsXmlSurrogatePair(value[i + 1], c))
                text.Append(c).Append(value[++i]);
            else
                text.Append(XmlConvert.IsXmlChar(c) ? c : '\uFFFD');
        }
    }
}
