using System.Text;
using System.Xml;

namespace Switchhook.Dialects.Encodings;

/// <summary>Text that may have come from anybody, made fit for an XML 1.0 document.</summary>
internal static class XmlEscape
{
    /// <summary>Appends text escaped; what XML cannot carry at all becomes U+FFFD.</summary>
    /// <param name="to">The document.</param>
    /// <param name="value">The text.</param>
    /// <param name="quotes">Quotation marks and apostrophes as entities too, as some vendors write them outside of attributes.</param>
    public static void Append(StringBuilder to, string value, bool quotes = false)
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
            else if (c is '"' && quotes)
                to.Append("&quot;");
            else if (c is '\'' && quotes)
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
