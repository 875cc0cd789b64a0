using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Scripts;
using Switchhook.Server.Json;
using Switchhook.Server.ProvisioningFiles;

namespace Switchhook.Server.Native;

/// <summary>Reads the body of <c>POST /switchhook/v1/calls</c>.</summary>
internal static class OriginateRequest
{
    /// <summary>Shown to the called side when the request names nobody.</summary>
    private const string NoCaller = "switchhook";
    private const int LongestNumber = 64;
    private const int LongestRing = 600;
    private const int LongestCall = 604_800;

    public static CallCommand.Originate? Read(ReadOnlySpan<byte> utf8, Account account, IReadOnlyCollection<string> scriptDialects, List<Mistake> mistakes)
    {
        var before = mistakes.Count;
        if (JsonDocumentReader.Read(utf8, "body", mistakes) is not { } piece)
            return null;
        if (piece is not JsonPiece.Members members)
        {
            mistakes.Add(new Mistake("body", piece.Line, "", $"must be an object, not {piece.Kind}"));
            return null;
        }
        var m = new MemberReader(members, "", "body", mistakes);
        var to = m.Required("to");
        var from = m.Checked("from", Number);
        var name = m.Checked("fromName", Formats.Name);
        var connect = m.Checked("connect", Number);
        var script = m.Object("script") is { } s ? ReadScript(s, scriptDialects) : null;
        var ring = m.Number("ringTimeSeconds", 1, LongestRing);
        var duration = m.Number("maxDurationSeconds", 1, LongestCall);
        var tag = m.Checked("tag", t => t.Length <= 256 ? null : "must be at most 256 characters");
        m.RefuseUnknown();
        if (to.Length > 0 && Number(to) is { } mistake)
            m.Wrong("to", mistake);
        if (connect is not null && script is not null)
            m.Wrong("script", "cannot stand beside connect: the call is joined or runs a script");
        if (mistakes.Count > before)
            return null;

        var command = new CallCommand.Originate
        {
            Dialect = "native",
            Account = account.Name,
            // Of two parties that are joined, the first is the caller.
            Caller = new Party(from ?? (connect is null ? NoCaller : to), name),
            Dialed = to,
            Then = connect is not null ? new OnAnswer.Connect(connect) : script is not null ? new OnAnswer.RunScript(script) : new OnAnswer.Wait(),
            MaxDuration = duration is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Callbacks = tag is null ? CallCallbacks.None : CallCallbacks.None with { Tag = tag },
        };
        return ring is { } time ? command with { RingTime = TimeSpan.FromSeconds(time) } : command;
    }

    private static ScriptRef ReadScript(MemberReader m, IReadOnlyCollection<string> dialects)
    {
        var script = new ScriptRef(
            m.Checked("dialect", d => dialects.Contains(d) ? null : $"must be one of {string.Join(", ", dialects)}, not '{d}'") ?? "ozeki",
            m.Checked("url", Formats.Url),
            m.Text("document"));
        m.RefuseUnknown();
        if ((script.Url is null) == (script.Document is null))
            m.Wrong("", "must hold either url or document");
        return script;
    }

    /// <summary>Only what would be no number anywhere: the exchange decides whether it leads somewhere.</summary>
    public static string? Number(string text) =>
        text.Length is > 0 and <= LongestNumber && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '"' or '<' or '>' or '@')
            ? null : $"must be a number of 1 to {LongestNumber} characters without spaces";
}
