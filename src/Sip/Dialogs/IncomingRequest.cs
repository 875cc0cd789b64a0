using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Dialogs;

/// <summary>A request of the far side that is to be answered.</summary>
public class IncomingRequest
{
    private readonly SipUserAgent? _agent;
    private ulong _toTag;

    internal IncomingRequest(SipUserAgent? agent, ServerTransactionId transaction, SipRequest request, SipFlow flow)
    {
        _agent = agent;
        Transaction = transaction;
        Request = request;
        Flow = flow;
    }

    /// <summary>The message as received.</summary>
    public SipRequest Request { get; }

    /// <summary>Where it came from; the response goes back there.</summary>
    public SipFlow Flow { get; }

    /// <summary>True once a final response has been given.</summary>
    public bool IsAnswered { get; private set; }

    internal ServerTransactionId Transaction { get; }

    internal SipSession? Session { get; set; }

    /// <summary>Answers with a status, the standard reason phrase and further header rows. Does nothing when already answered.</summary>
    /// <param name="status">100 to 699.</param>
    /// <param name="headers">Rows to add, for example WWW-Authenticate, Retry-After, Contact, Expires.</param>
    public void Reply(int status, params ReadOnlySpan<SipHeaderLine> headers)
    {
        if (IsAnswered || _agent is null) return;
        if (_toTag == 0) _toTag = _agent.NewTag();
        Respond(_agent.BuildReply(this, status, _toTag, headers));
    }

    /// <summary>Begins a response with our tag, for answers that need more than header rows; send it with <see cref="Respond"/>.</summary>
    /// <param name="status">100 to 699.</param>
    public SipResponseBuilder Begin(int status)
    {
        if (_agent is null) return SipResponseBuilder.ReplyTo(Request, status, "");
        if (_toTag == 0) _toTag = _agent.NewTag();
        return _agent.ReplyTo(this, status, _toTag);
    }

    /// <summary>Answers with a response built by the caller. Does nothing when already answered.</summary>
    public void Respond(SipResponse response)
    {
        if (!IsAnswered) Send(response);
    }

    /// <summary>The transaction keeps nothing of an answered request; of an INVITE, the way to its session as long as that may hear of it.</summary>
    internal void LetGo()
    {
        Transaction.LetGo();
        if (Session is null && ReferenceEquals(Transaction.Context, this)) Transaction.Attach(null);
    }

    /// <summary>Sends without asking whether a final response went before: a 2xx is repeated until its ACK (RFC 3261 §13.3.1.4).</summary>
    internal void Send(SipResponse response)
    {
        IsAnswered |= response.Status >= 200;
        _agent?.Send(this, response);
        if (IsAnswered) LetGo();
    }
}

/// <summary>The first INVITE of a call.</summary>
public sealed class IncomingInvite : IncomingRequest
{
    private readonly SipUserAgent _agent;

    internal IncomingInvite(SipUserAgent agent, ServerTransactionId transaction, SipRequest request, SipFlow flow)
        : base(agent, transaction, request, flow) => _agent = agent;

    /// <summary>
    /// Makes the call a session, which from now on answers the INVITE. The far side has got at most 100 so far.
    /// </summary>
    /// <param name="user">Told of everything that happens to the session.</param>
    /// <param name="context">Kept in <see cref="SipSession.Context"/>.</param>
    /// <param name="contactUser">The user part of our Contact; empty for none.</param>
    /// <exception cref="InvalidOperationException">The INVITE has been accepted or answered before.</exception>
    public SipSession Accept(ISessionUser user, object? context = null, string contactUser = "")
    {
        if (IsAnswered || Session is not null) throw new InvalidOperationException("The INVITE has been accepted or answered before.");
        return _agent.Accept(this, user, context, contactUser);
    }
}
