using System.Collections.Immutable;
using Switchhook.Ivr;
using Switchhook.Ivr.Documents;

namespace Switchhook.Dialects.Catapult.Bxml;

/// <summary>A document read: its verbs, or the first thing that is wrong with it.</summary>
internal readonly record struct BxmlReading(ImmutableArray<Verb> Verbs, string? Error);

/// <summary>
/// BXML: a root <c>Response</c> with verbs from top to bottom. Names are taken as they are written, letter case included. A document with
/// anything wrong in it has no verbs at all: whoever asked for it tries elsewhere and hangs up.
/// </summary>
internal static class Bxml
{
    /// <summary>Octets of a document, elements in it, and elements inside each other.</summary>
    public const int MaxOctets = 16 * 1024, MaxElements = 200, MaxDepth = 4;

    /// <summary>How long a call stays up once the document has nothing more to do.</summary>
    public static readonly TimeSpan Linger = TimeSpan.FromSeconds(30);

    private static readonly string[] OwnVerbs = ["SpeakSentence", "PlayAudio", "Gather", "Transfer", "Redirect", "Pause", "SendDtmf"];

    private static readonly ScriptDocument Document = new(MaxOctets, MaxElements, MaxDepth, StringComparer.Ordinal);

    /// <summary>True for a body that holds no document: the call is steered otherwise, if at all.</summary>
    public static bool IsBlank(ReadOnlyMemory<byte> body) => ScriptDocument.Start(body.Span) == body.Length;

    /// <summary>True for a document with a verb that no other dialect has.</summary>
    public static bool IsOne(ReadOnlyMemory<byte> body) => Document.ReadRoot(body, out var root) is null && root!.Children.Any(static c => OwnVerbs.Contains(c.Name));

    /// <summary>The document of a reply, in the encoding it declares.</summary>
    public static BxmlReading Read(ReadOnlyMemory<byte> body, BxmlContext context)
    {
        if (Document.ReadRoot(body, out var root) is { } unreadable)
            return Refused(unreadable);
        if (root!.Name != "Response")
            return Refused($"the root is {root.Name}, not Response");
        if (root.Text.Trim().Length > 0)
            return Refused("text outside of a verb");
        var verbs = ImmutableArray.CreateBuilder<Verb>();
        for (var i = 0; i < root.Children.Length; i++)
        {
            if (BxmlVerbs.Add(root.Children[i], i == root.Children.Length - 1, context, verbs) is { } mistake)
                return Refused(mistake);
        }
        // The caller is not cut off at once: there is time for one last word, and for a REST request.
        if (root.Children is [] || !EndsItself(root.Children[^1].Name))
            verbs.Add(new Verb.Delay(Linger, 0) { Name = "end of the document" });
        return new(verbs.ToImmutable(), null);
    }

    /// <summary>What follows is another document, or nothing.</summary>
    private static bool EndsItself(string verb) => verb is "Hangup" or "Redirect";

    private static BxmlReading Refused(string why) => new([], why);
}
