using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Server.Json;

namespace Switchhook.Server.Native;

/// <summary>Reads the body of <c>POST /switchhook/v1/calls/{id}/hangup</c>; an empty body asks for nothing in particular.</summary>
internal sealed record HangupRequest(HangupCause? Cause, int? Leg)
{
    public static HangupRequest? Read(ReadOnlySpan<byte> utf8, CallId call, List<Mistake> mistakes)
    {
        var before = mistakes.Count;
        if (utf8.Trim(" \t\r\n"u8).IsEmpty)
            return new HangupRequest(null, null);
        if (JsonDocumentReader.Read(utf8, "body", mistakes) is not { } piece)
            return null;
        if (piece is not JsonPiece.Members members)
        {
            mistakes.Add(new Mistake("body", piece.Line, "", $"must be an object, not {piece.Kind}"));
            return null;
        }
        var m = new MemberReader(members, "", "body", mistakes);
        var request = new HangupRequest(ReadCause(m), ReadLeg(m, call));
        m.RefuseUnknown();
        return mistakes.Count == before ? request : null;
    }

    private static HangupCause? ReadCause(MemberReader m)
    {
        var text = m.Any("cause") switch
        {
            null => null,
            JsonPiece.Number number => number.Value,
            JsonPiece.Text word => word.Value,
            _ => "",
        };
        if (text is null)
            return null;
        if (HangupCauses.TryParse(text, out var cause))
            return cause;
        m.Wrong("cause", "must be a Q.850 cause, by number or name");
        return null;
    }

    private static int? ReadLeg(MemberReader m, CallId call)
    {
        if (m.Text("leg") is not { } leg)
            return null;
        var prefix = $"{call}-";
        if (leg.StartsWith(prefix, StringComparison.Ordinal)
            && int.TryParse(leg.AsSpan(prefix.Length), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number))
            return number;
        m.Wrong("leg", $"must be the id of a leg of this call, such as {prefix}1");
        return null;
    }
}
