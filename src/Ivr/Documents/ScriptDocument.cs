using System.Collections.Immutable;
using System.Text;
using System.Xml;

namespace Switchhook.Ivr.Documents;

/// <summary>
/// Reads what applications send as a dialect's XML: elements, attributes and text. There is no document type, nothing outside of the document is
/// ever opened, and size, number and depth of elements are bounded.
/// </summary>
/// <param name="mostCharacters">Characters of a document, and octets of a body.</param>
/// <param name="mostElements">Elements in it.</param>
/// <param name="mostDepth">Elements inside each other.</param>
/// <param name="names">How names of attributes compare.</param>
public sealed class ScriptDocument(int mostCharacters, int mostElements, int mostDepth, StringComparer names)
{
    /// <summary>Why a document has no verbs.</summary>
    public const string TooLarge = "document too large", TooMany = "too many commands", TooDeep = "elements too deep", NoElement = "no element";

    private readonly XmlReaderSettings _settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = mostCharacters,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    };

    /// <summary>Elements in a document.</summary>
    public int MostElements => mostElements;

    /// <summary>True when the text is longer than a document may be.</summary>
    public bool IsTooLarge(int characters) => characters > mostCharacters;

    /// <summary>A reader over octets in the encoding they declare.</summary>
    public XmlReader Open(Stream octets) => XmlReader.Create(octets, _settings);

    /// <summary>A reader over text.</summary>
    public XmlReader Open(TextReader characters) => XmlReader.Create(characters, _settings);

    /// <summary>Where a body's document begins: behind a byte order mark and white space. Equal to the length for a body without one.</summary>
    public static int Start(ReadOnlySpan<byte> body)
    {
        var start = body.StartsWith("\uFEFF"u8) ? 3 : 0;
        while (start < body.Length && body[start] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            start++;
        return start;
    }

    /// <summary>The root of a body with everything in it.</summary>
    /// <returns>Null and the root, or why it cannot be read.</returns>
    public string? ReadRoot(ReadOnlyMemory<byte> body, out ScriptElement? root)
    {
        root = null;
        if (IsTooLarge(body.Length))
            return TooLarge;
        var start = Start(body.Span);
        using var stream = new MemoryStream(body[start..].ToArray(), writable: false);
        using var reader = Open(stream);
        return ReadRoot(reader, body.Span[..start].Count((byte)'\n'), out root);
    }

    /// <summary>The root of a document with everything in it.</summary>
    /// <returns>Null and the root, or why it cannot be read.</returns>
    public string? ReadRoot(string document, out ScriptElement? root)
    {
        root = null;
        var text = document.TrimStart('\uFEFF').Trim();
        if (IsTooLarge(text.Length))
            return TooLarge;
        using var characters = new StringReader(text);
        using var reader = Open(characters);
        return ReadRoot(reader, 0, out root);
    }

    private string? ReadRoot(XmlReader reader, int skippedLines, out ScriptElement? root)
    {
        root = null;
        try
        {
            if (reader.MoveToContent() != XmlNodeType.Element)
                return NoElement;
            var left = mostElements;
            if (Read(reader, skippedLines, ref left) is not { } read)
                return left < 0 ? TooMany : TooDeep;
            while (reader.Read()) { }   // what follows the root must be well-formed too
            root = read;
            return null;
        }
        catch (XmlException broken)
        {
            return Why(broken, skippedLines);
        }
    }

    /// <summary>What is wrong with a document that is not XML, or not XML alone.</summary>
    // A document type, which is never read, has no line.
    public static string Why(XmlException broken, int skippedLines) =>
        broken.LineNumber > 0 ? $"not well-formed, line {broken.LineNumber + skippedLines}" : "not a document of elements alone";

    /// <summary>Reads the element the reader stands on with everything in it, and leaves the reader behind it.</summary>
    /// <param name="reader">Stands on the element.</param>
    /// <param name="skippedLines">Lines of the document the reader has not seen.</param>
    /// <param name="left">Elements that may still be read; less than zero after it when there were too many.</param>
    /// <returns>Null when elements go too deep or are too many.</returns>
    /// <exception cref="XmlException">The document is not well-formed.</exception>
    public ScriptElement? Read(XmlReader reader, int skippedLines, ref int left)
    {
        if (--left < 0 || reader.Depth > mostDepth)
            return null;
        var name = reader.LocalName;
        var line = (reader as IXmlLineInfo)?.LineNumber + skippedLines ?? 0;
        var attributes = new Dictionary<string, string>(names);
        while (reader.MoveToNextAttribute())
            attributes.TryAdd(reader.LocalName, reader.Value);
        reader.MoveToElement();

        var text = new StringBuilder();
        var children = ImmutableArray.CreateBuilder<ScriptElement>();
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
        return new ScriptElement(name, line, attributes, text.ToString(), children.ToImmutable());
    }
}
