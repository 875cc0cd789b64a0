using System.Globalization;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;

namespace Switchhook.Sip.Dialogs;

/// <summary>Told what happens in a subscription's dialog, on the thread of the stack.</summary>
public interface INotifierUser
{
    /// <summary>A SUBSCRIBE in the dialog: a refresh or the end (RFC 6665 §4.1.2). To be answered before returning.</summary>
    void OnSubscribe(NotifierDialog dialog, IncomingRequest subscribe);

    /// <summary>A NOTIFY is over. Null: no final response came.</summary>
    void OnNotified(NotifierDialog dialog, SipResponse? final);
}

/// <summary>
/// The notifier's side of a dialog made by a SUBSCRIBE and used by that subscription alone (RFC 6665 §4.2, §4.5.2). When to notify of what is
/// the user's to decide; one NOTIFY at a time, or they may overtake each other.
/// </summary>
public sealed class NotifierDialog : IRequestUser
{
    private readonly SipUserAgent _agent;
    private readonly INotifierUser _user;
    private readonly SipDialog _dialog;
    private readonly byte[] _contact;
    private readonly byte[] _callId;
    private bool _closed;

    internal NotifierDialog(SipUserAgent agent, IncomingRequest subscribe, ulong tag, byte[] contact, INotifierUser user)
    {
        Span<byte> text = stackalloc byte[16];
        (_agent, _user, _contact, Tag) = (agent, user, contact, tag);
        _callId = subscribe.Request.CallId.ToArray();
        _dialog = SipDialog.FromRequest(subscribe.Request, SipUserAgent.WriteTag(tag, text), subscribe.Flow);
    }

    internal ulong Tag { get; }

    internal ReadOnlySpan<byte> CallId => _callId;

    /// <summary>Answers 200 to a SUBSCRIBE of this dialog, the first one included.</summary>
    /// <param name="subscribe">The request.</param>
    /// <param name="seconds">The time granted (§4.2.1.1).</param>
    public void Accept(IncomingRequest subscribe, uint seconds) => subscribe.Respond(_agent.BuildAnswer(
        subscribe, 200, Tag, _contact, default, [new SipHeaderLine("Expires", seconds.ToString(CultureInfo.InvariantCulture))]));

    /// <summary>Sends a NOTIFY (§4.2.2). What comes of it is told, never before this has returned.</summary>
    /// <param name="eventValue">The Event of the subscription, with its id.</param>
    /// <param name="state">The value of Subscription-State.</param>
    /// <param name="contentType">The type of the body.</param>
    /// <param name="body">Empty for none.</param>
    /// <returns>False when the stack has as many transactions as it may; then nothing is told.</returns>
    public bool Notify(string eventValue, string state, ReadOnlySpan<byte> contentType, ReadOnlySpan<byte> body)
    {
        var notify = _agent.BuildInDialog(
            _dialog, SipMethod.Notify, _contact, contentType, body, new SipHeaderLine("Event", eventValue), new SipHeaderLine("Subscription-State", state));
        return _agent.Stack.SendRequest(notify, _dialog.Flow, this) is not null;
    }

    /// <summary>The subscription is over: requests in the dialog are answered 481 from now on.</summary>
    public void Close()
    {
        _closed = true;
        _agent.Forget(this);
    }

    void IRequestUser.OnResponse(SipRequest request, SipResponse response)
    {
        if (response.Status >= 200 && !_closed) _user.OnNotified(this, response);
    }

    void IRequestUser.OnFailed(SipRequest request, TransactionFailure failure)
    {
        if (!_closed) _user.OnNotified(this, null);
    }

    internal void OnRequest(IncomingRequest request)
    {
        if (!_dialog.IsFrom(request.Request)) request.Reply(481);
        else if (!_dialog.TakeRemoteCSeq(request.Request.CSeq.Number)) request.Reply(500);
        else if (request.Request.Method != SipMethod.Subscribe) request.Reply(405, new SipHeaderLine("Allow", "SUBSCRIBE"));
        else
        {
            _dialog.Arrive(request.Request, request.Flow);
            _user.OnSubscribe(this, request);
            if (!request.IsAnswered) request.Reply(500);
        }
    }
}
