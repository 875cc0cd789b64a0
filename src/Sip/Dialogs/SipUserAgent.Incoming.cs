using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Dialogs;

/// <summary>What the stack hands up: requests and responses on their way to their sessions.</summary>
public sealed partial class SipUserAgent : ISipStackUser
{
    SipRefusal? ISipStackUser.RefusalOf(SipRequest invite) => _handler.RefusalOf(invite);

    void ISipStackUser.OnRequest(in ServerTransactionId id, SipRequest request, in SipFlow flow)
    {
        if (request.ToTag.IsEmpty) OnOutOfDialog(id, request, flow);
        else OnInDialog(new IncomingRequest(this, id, request, flow));
    }

    void ISipStackUser.OnCancel(in ServerTransactionId id, SipRequest cancel, in ServerTransactionId invite, in SipFlow flow)
    {
        var request = new IncomingRequest(this, id, cancel, flow);
        if (invite.IsNone) request.Reply(481);
        else if (invite.Context is IncomingRequest { Session: { } session } cancelled) session.OnCancel(cancelled, request);
        else request.Reply(200);
    }

    void ISipStackUser.OnAck(SipRequest ack, in SipFlow flow) => Find(ack)?.OnAck(ack);

    void ISipStackUser.OnResponse(in ClientTransactionId id, object? context, SipResponse response)
    {
        if (context is SessionRequest sent) sent.Session.OnResponse(sent, response);
        else if (context is IRequestUser user) user.OnResponse(id.Request, response);
    }

    void ISipStackUser.OnFailed(in ClientTransactionId id, object? context, TransactionFailure failure)
    {
        if (context is SessionRequest sent) sent.Session.OnFailed(sent, failure);
        else if (context is IRequestUser user) user.OnFailed(id.Request, failure);
    }

    void ISipStackUser.OnServerAcknowledged(in ServerTransactionId id)
    {
        if (id.Context is IncomingRequest { Session: { } session } request) session.OnServerEnded(request, ServerTransactionEnd.Finished);
    }

    void ISipStackUser.OnServerEnded(in ServerTransactionId id, ServerTransactionEnd end)
    {
        // Finished says nothing new: the end of a refusal was told with its ACK, that of a 2xx concerns nobody.
        if (end != ServerTransactionEnd.Finished && id.Context is IncomingRequest { Session: { } session } request)
            session.OnServerEnded(request, end);
    }

    private void OnInDialog(IncomingRequest request)
    {
        if (request.Request.Method is SipMethod.Invite or SipMethod.Update or SipMethod.Prack or SipMethod.Refer) request.Transaction.Attach(request);
        if (Find(request.Request) is { } session)
        {
            if (!HasUnknownRequire(request)) session.OnRequest(request);
        }
        else if (FindNotifier(request.Request) is { } notifier)
        {
            if (!HasUnknownRequire(request)) notifier.OnRequest(request);
        }
        else if (FindRefer(request.Request) is not ({ } referred, { } refer)) request.Reply(481);
        else if (!HasUnknownRequire(request)) referred.OnReferRequest(refer, request, request.Flow);
    }

    private void OnOutOfDialog(in ServerTransactionId transaction, SipRequest request, in SipFlow flow)
    {
        if (request.Method != SipMethod.Invite)
        {
            var other = new IncomingRequest(this, transaction, request, flow);
            if (request.Method == SipMethod.Other) other.Reply(501, AllowLine);
            else if (request.Method is SipMethod.Bye or SipMethod.Info or SipMethod.Update or SipMethod.Prack) other.Reply(481);
            else if (HasUsableUris(other) && !HasUnknownRequire(other) && !(request.Method == SipMethod.Refer && TryRefer(other))) _handler.OnRequest(other);
            return;
        }

        var invite = new IncomingInvite(this, transaction, request, flow);
        transaction.Attach(invite);
        if (request.TryGetNumber(HeaderName.MaxForwards, out var hops) && hops == 0) invite.Reply(483);
        else if (HasUsableUris(invite) && !HasUnknownRequire(invite) && Admits(invite) && TakesSdp(invite) && !IsTooBrief(invite))
        {
            _handler.OnInvite(invite);
            if (invite.Session is null) invite.Reply(500);
        }
    }

    private SipSession? Find(SipRequest request) =>
        TryReadTag(request.ToTag, out var tag) && _sessions.TryGetValue(tag, out var session)
        && request.CallId.SequenceEqual(session.CallIdBytes) ? session : null;

    /// <summary>§8.2.3: only SDP is understood, by itself or among other parts. False when it has been answered.</summary>
    internal static bool Admits(IncomingRequest request)
    {
        switch (SessionBody.Find(request.Request, out _))
        {
            case BodyFault.None: return true;
            case BodyFault.UnknownEncoding: request.Reply(415, AcceptEncodingLine); break;
            default: request.Reply(415, AcceptLine); break;
        }

        return false;
    }

    /// <summary>§20.1: an INVITE whose Accept leaves SDP out cannot be answered (RFC 4475 §3.3.15). False when it has been refused.</summary>
    private static bool TakesSdp(IncomingRequest invite)
    {
        if (!invite.Request.Has(HeaderName.Accept)) return true;
        foreach (var range in invite.Request.Values(HeaderName.Accept))
        {
            var end = range.IndexOf((byte)';');
            var type = SipText.Trim(end < 0 ? range : range[..end]);
            if (SipText.EqualsIgnoreCase(type, "application/sdp"u8) || SipText.EqualsIgnoreCase(type, "application/*"u8) || type.SequenceEqual("*/*"u8))
                return true;
        }

        invite.Reply(406);
        return false;
    }

    /// <summary>
    /// §8.2.2.1: a Request-URI of a known scheme, and for REGISTER an address of record that is a SIP URI (§10.3, RFC 4475 §3.3.4). False when
    /// it has been refused.
    /// </summary>
    private static bool HasUsableUris(IncomingRequest request)
    {
        if (!SipUri.TryParse(request.Request.RequestUri, out var uri) || uri.Scheme == SipScheme.Other) request.Reply(416);
        else if (request.Request.Method == SipMethod.Register && !IsSip(request.Request.To.Uri)) request.Reply(400);
        else return true;
        return false;
    }

    private static bool IsSip(ReadOnlySpan<byte> text) => SipUri.TryParse(text, out var uri) && uri.Scheme is SipScheme.Sip or SipScheme.Sips;
}
