using System.Globalization;
using Switchhook.Sip.Auth;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Dialogs;

/// <summary>Answers challenges of the far side (RFC 3261 §22).</summary>
public sealed partial class SipUserAgent
{
    /// <summary>The header that answers the challenge, or null when it cannot be answered.</summary>
    internal DigestAnswer? Answer(SipRequest request, SipResponse challenge, DigestLogin login)
    {
        var clientNonce = _random.Next().ToString("x16", CultureInfo.InvariantCulture);
        return DigestClient.TryAnswer(request, challenge, login, clientNonce, out var answer) == DigestAnswerFault.None ? answer : null;
    }

    /// <summary>The same request once more as a new one: branch and CSeq of its own, and the answer to a challenge (§22.2, §8.1.3.5) or new timer rows.</summary>
    internal SipRequest Again(
        SipRequest request, uint cseq, in SipFlow flow, DigestAnswer? answer = null, params ReadOnlySpan<SipHeaderLine> timer)
    {
        var builder = new SipRequestBuilder(request.Method, request.RequestUri);
        WriteVia(builder, flow);
        if (!timer.IsEmpty)
        {
            builder.CopyAllExcept(request, HeaderName.Via, HeaderName.CSeq, HeaderName.SessionExpires, HeaderName.MinSE);
            foreach (var row in timer) builder.Header(row.Name, row.Value);
        }
        else if (answer is null) builder.CopyAllExcept(request, HeaderName.Via, HeaderName.CSeq);
        else builder.CopyAllExcept(request, HeaderName.Via, HeaderName.CSeq, answer.Header).Header(answer.Header, answer.Value);
        return builder.CSeq(cseq, request.Method).Body(request.Body.Span).Build();
    }
}
