using System.Collections.Immutable;
using System.Xml;
using Switchhook.Dialects.Ozeki.Commands;
using Switchhook.Dialects.Ozeki.Wire;
using Switchhook.Ivr;
using Switchhook.Ivr.Documents;

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

    private static readonly ScriptDocument Document = new(MaxCharacters, MaxCommands, MaxDepth, StringComparer.OrdinalIgnoreCase);

    /// <summary>The body of a reply, in the encoding it declares.</summary>
    public static OzmlReading ReadReply(ReadOnlyMemory<byte> body, OzmlContext? context = null)
    {
        var start = ScriptDocument.Start(body.Span);
        if (start == body.Length)
            return Unreadable("empty reply");
        if (body.Length > MaxCharacters)
            return Unreadable(ScriptDocument.TooLarge);
        var skippedLines = body.Span[..start].Count((byte)'\n');
        using var stream = new MemoryStream(body[start..].ToArray(), writable: false);
        using var reader = Document.Open(stream);
        return Read(reader, skippedLines, context ?? OzmlContext.None);
    }

    /// <summary>The value of a parameter. Text without any markup is spoken.</summary>
    public static OzmlReading ReadParameter(string document, OzmlContext? context = null)
    {
        var text = document.TrimStart('\uFEFF').Trim();
        if (text.Length == 0)
            return Unreadable("empty document");
        if (text.Length > MaxCharacters)
            return Unreadable(ScriptDocument.TooLarge);
        if (!text.Contains('<', StringComparison.Ordinal))
            return new([new Verb.Speak(ScriptElement.Collapse(text), null, null, 1)], null);
        var skippedLines = document.AsSpan(0, document.IndexOf(text[0], StringComparison.Ordinal)).Count('\n');
        using var characters = new StringReader(text);
        using var reader = Document.Open(characters);
        if (ReadRoot(text, out var root) is null && root is not null && root.Is(OzekiRequest.Name))
            return new(OzmlRequest.Verbs(root, context ?? OzmlContext.None), null);
        if (root?.Is(OzekiAlarm.Root) == true)
            return new(OzekiAlarm.Verbs(root), null);
        return Read(reader, skippedLines, context ?? OzmlContext.None);
    }

    /// <summary>The root of a document with everything in it.</summary>
    /// <returns>Null and the root, or why it cannot be read.</returns>
    public static string? ReadRoot(string document, out ScriptElement? root) => Document.ReadRoot(document, out root);

    /// <summary>The root of a reply with everything in it.</summary>
    /// <returns>Null and the root, or why it cannot be read.</returns>
    public static string? ReadReplyRoot(ReadOnlyMemory<byte> body, out ScriptElement? root)
    {
        root = null;
        return body.Length > MaxCharacters ? ScriptDocument.TooLarge : Document.ReadRoot(body, out root);
    }

    private static OzmlReading Read(XmlReader reader, int skippedLines, OzmlContext context)
    {
        try
        {
            if (reader.MoveToContent() != XmlNodeType.Element)
                return Unreadable(ScriptDocument.NoElement);
            if (!IsRoot(reader.LocalName))
                return OzekiCommand.Find(OzmlVerb.Canonical(reader.LocalName)) is null
                    ? Unreadable($"unknown root element {reader.LocalName}")
                    : ReadCommands(reader, skippedLines, rootIsCommand: true, context);
            return ReadCommands(reader, skippedLines, rootIsCommand: false, context);
        }
        catch (XmlException broken)
        {
            return Unreadable(ScriptDocument.Why(broken, skippedLines));
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
                if (Document.Read(reader, skippedLines, ref left) is not { } element)
                    return Unreadable(left < 0 ? ScriptDocument.TooMany : ScriptDocument.TooDeep);
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

    /// <summary>True for the name of a root that holds commands.</summary>
    public static bool IsRoot(string name) =>
        name.Equals("Response", StringComparison.OrdinalIgnoreCase) || name.Equals("OzML", StringComparison.OrdinalIgnoreCase);

    private static OzmlReading Unreadable(string why) => new([], why);
}
