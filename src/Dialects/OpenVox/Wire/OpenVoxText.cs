using System.Text;
using System.Xml;

namespace Switchhook.Dialects.OpenVox.Wire;

/// <summary>Text that may have come from anybody, made fit for a document.</summary>
internal static class OpenVoxText
{
    /// <summary>The text with every lone half of a surrogate pair replaced by U+FFFD.</summary>
    public static string Whole(string text) => text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : text;

    /// <summary>Appends text as XML 1.0 can carry it; what it cannot carry at all becomes U+FFFD.</summary>
    public static void AppendXml(StringBuilder to, string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (c is '&')
                to.Append("&amp;");
            else if (c is '<')
                to.Append("&lt;");
            else if (c is '>')
                to.Append("&gt;");
            else if (c is '"')
                to.Append("&quot;");
            else if (c is '\'')
                to.Append("&apos;");
            else if (c is '\r')
                to.Append("&#xD;");
            else if (i + 1 < value.Length && XmlConvert.IsXmlSurrogatePair(value[i + 1], c))
                to.Append(c).Append(value[++i]);
            else
                to.Append(XmlConvert.IsXmlChar(c) ? c : '\uFFFD');
        }
    }
}
