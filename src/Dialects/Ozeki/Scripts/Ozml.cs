using System.Collections.Immutable;
using System.Xml;
using Switchhook.Dialects.Ozeki.Commands;
using Switchhook.Dialects.Ozeki.Wire;
using Switchhook.Ivr;

namespace Switchhook.Dialects.Ozeki.Scripts;

/// <summary>A document read: its verbs, or why it cannot be read.</summary>
internal readonly record struct OzmlReading(ImmutableArray<Verb> Verbs, string? Error);

/// <summary>
/// OzML: XML whose root holds commands from top to bottom. Names match in any case. A document that is not well-formed has no verbs at all;
/// a command that is wrong becomes <see cref="Verb.Invalid"/> and the others stand.
/// </summary>
internal static class Ozml
{
    /// <summary>Characters of a document, elements in it, and elements inside each other.</summary>
    public const int MaxCharacters = 256 * 1024, MaxCommands = 1000, MaxDepth = 32;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MaxCharacters,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    };

    /// <summary>The body of a reply, in the encoding it declares.</summary>
    public static OzmlReading ReadReply(ReadOnlyMemory<byte> body, OzmlContext? context = null)
    {
        var mark = body.Span.StartsWith("\uFEFF"u8) ? 3 : 0;
        var start = mark;
        while (start < body.Length && body.Span[start] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            start++;
        if (start == body.Length)
            return Unreadable("empty reply");
        if (body.Length > MaxCharacters)
            return Unreadable("document too large");
        var skippedLines = body.Span[..start].Count((byte)'\n');
        using var stream = new MemoryStream(body[start..].ToArray(), writable: false);
        using var reader = XmlReader.Create(stream, Settings);
        return Read(reader, skippedLines, context ?? OzmlContext.None);
    }

    /// <summary>The value of a parameter. Text without any markup is spoken.</summary>
    public static OzmlReading ReadParameter(string document, OzmlContext? context = null)
    {
        var text = document.TrimStart('\uFEFF').Trim();
        if (text.Length == 0)
            return Unreadable("empty document");
        if (text.Length > MaxCharacters)
            return Unreadable("document too large");
        if (!text.Contains('<', StringComparison.Ordinal))
            return new([new Verb.Speak(OzmlVerb.Collapse(text), null, null, 1)], null);
        var skippedLines = document.AsSpan(0, document.IndexOf(text[0], StringComparison.Ordinal)).Count('\n');
        using var characters = new StringReader(text);
        using var reader = XmlReader.Create(characters, Settings);
        if (ReadRoot(text, out var root) is null && root is not null && root.Is(OzekiRequest.Name))
            return new(OzmlRequest.Verbs(root, context ?? OzmlContext.None), null);
        return Read(reader, skippedLines, context ?? OzmlContext.None);
    }

    /// <summary>The root of a document with everything in it.</summary>
    /// <returns>Null and the root, or why it cannot be read.</returns>
    public static string? ReadRoot(string document, out OzmlElement? root)
    {
        root = null;
        var text = document.TrimStart('\uFEFF').Trim();
        if (text.Length > MaxCharacters)
            return "document too large";
        try
        {
            using var characters = new StringReader(text);
            using var reader = XmlReader.Create(characters, Settings);
            if (reader.MoveToContent() != XmlNodeType.Element)
                return "no element";
            var left = MaxCommands;
            if (OzmlElement.Read(reader, 0, ref left) is not { } read)
                return left < 0 ? "too many commands" : "elements too deep";
            while (reader.Read()) { }
            root = read;
            return null;
        }
        catch (XmlException broken)
        {
            return broken.LineNumber > 0 ? $"not well-formed, line {broken.LineNumber}" : "not a document of elements alone";
        }
    }

    private static OzmlReading Read(XmlReader reader, int skippedLines, OzmlContext context)
    {
        try
        {
            if (reader.MoveToContent() != XmlNodeType.Element)
                return Unreadable("no element");
            if (!IsRoot(reader.LocalName))
                return OzekiCommand.Find(OzmlVerb.Canonical(reader.LocalName)) is null
                    ? Unreadable($"unknown root element {reader.LocalName}")
                    : ReadCommands(reader, skippedLines, rootIsCommand: true, context);
            return ReadCommands(reader, skippedLines, rootIsCommand: false, context);
        }
        catch (XmlException broken)
        {
            // A document type, which is never read, has no line.
            return Unreadable(broken.LineNumber > 0 ? $"not well-formed, line {broken.LineNumber + skippedLines}" : "not a document of elements alone");
        }
    }

    private static OzmlReading ReadCommands(XmlReader reader, int skippedLines, bool rootIsCommand, OzmlContext context)
    {
        var verbs = ImmutableArray.CreateBuilder<Verb>();
        var left = MaxCommands;
        var inside = reader.Depth + (rootIsCommand ? 0 : 1);
        var open = rootIsCommand || (!reader.IsEmptyElement && reader.Read());
        while (open)
        {
            if (reader.NodeType == XmlNodeType.Element && reader.Depth == inside)
            {
                if (OzmlElement.Read(reader, skippedLines, ref left) is not { } element)
                    return Unreadable(left < 0 ? "too many commands" : "elements too deep");
                verbs.Add(OzmlVerb.From(element, context));
                open = !reader.EOF;   // the reader stands behind the element already
            }
            else
            {
                open = reader.Read();
            }
        }
        while (reader.Read()) { }   // what follows the root must be well-formed too
        return new(verbs.ToImmutable(), null);
    }

    private static bool IsRoot(string name) =>
        name.Equals("Response", StringComparison.OrdinalIgnoreCase) || name.Equals("OzML", StringComparison.OrdinalIgnoreCase);

    private static OzmlReading Unreadable(string why) => new([], why);
}
