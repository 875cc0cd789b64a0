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

    /// <summary>The same request once more as a new one: with the answer, a branch and a CSeq of its own (§22.2, §8.1.3.5).</summary>
    internal SipRequest WithCredentials(SipRequest request, DigestAnswer answer, uint cseq, in SipFlow flow)
    {
        var builder = new SipRequestBuilder(request.Method, request.RequestUri);
        WriteVia(builder, flow);
        return builder
            .CopyAllExcept(request, HeaderName.Via, HeaderName.CSeq, answer.Header)
            .CSeq(cseq, request.Method)
            .Header(answer.Header, answer.Value)
            .Body(request.Body.Span)
            .Build();
    }
}
