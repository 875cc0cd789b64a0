using System.Collections.Immutable;
using System.Text;
using Switchhook.Dialects.Encodings;

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
        foreach (var element in answer.Ahead)
            Append(text, element, 1);
        Append(text, new OzekiElement("Code", answer.Code), 1);
        Append(text, new OzekiElement("Message", answer.Message), 1);
        foreach (var element in answer.Payload)
            Append(text, element, 1);
        return Encoding.UTF8.GetBytes(text.Append("</Response>").ToString());
    }

    private static void Append(StringBuilder text, OzekiElement element, int depth)
    {
        text.Append(' ', depth * 2).Append('<').Append(element.Name);
        if (element.Attribute is { } attribute)
            text.Append(' ').Append(attribute.Name).Append("=\"").Append(attribute.Value).Append('"');   // fixed words of ours
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
            XmlEscape.Append(text, value);
        }
        else
        {
            text.Append(" />\n");
            return;
        }
        text.Append("</").Append(element.Name).Append(">\n");
    }
}
