using Switchhook.Sip.Auth;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;

namespace Switchhook.Sip.Dialogs;

/// <summary>Why a session has sent a request; the context of its client transaction.</summary>
internal enum SessionRequestKind
{
    Invite,
    Cancel,
    Reinvite,
    Bye,
    ForkBye,
    Info,
    Update,
    Prack,
    Refer,
    Notify,
}

/// <summary>A request a session has sent and awaits the response of.</summary>
internal sealed class SessionRequest(SipSession session, SessionRequestKind kind, SipRequest request, SipDialog? dialog = null) : ITimed
{
    public const int RefusedAtOnce = 0;
    public const int GivenUp = 1;

    public SipSession Session => session;
    public SessionRequestKind Kind => kind;
    public SipRequest Request => request;

    /// <summary>The dialog of the fork that a <see cref="SessionRequestKind.ForkBye"/> drops, or of an UPDATE or PRACK; null otherwise.</summary>
    public SipDialog? Dialog => dialog;

    /// <summary>The REFER that a <see cref="SessionRequestKind.Notify"/> tells about; null otherwise.</summary>
    public IncomingRefer? Refer { get; init; }

    /// <summary>Names the transaction while it lives.</summary>
    public ClientTransactionId? Transaction { get; set; }

    /// <summary>The ACK of the 2xx to a re-INVITE, kept for its repeats (RFC 3261 §13.2.2.4).</summary>
    public SipRequest? Ack { get; set; }

    /// <summary>The answer to its challenge, when it could be answered.</summary>
    public DigestAnswer? Answer { get; set; }

    /// <summary>It has been repeated with credentials once.</summary>
    public bool Repeated { get; init; }

    /// <summary>Ends the transaction without waiting for its final response.</summary>
    public void Abandon()
    {
        Transaction?.Abandon();
        Transaction = null;
    }

    /// <summary>The stack had refused it at once, or its final response has been waited for long enough.</summary>
    void ITimed.OnTimer(int timer)
    {
        if (timer == RefusedAtOnce) Session.OnFailed(this, TransactionFailure.Transport);
        else Abandon();
    }
}
