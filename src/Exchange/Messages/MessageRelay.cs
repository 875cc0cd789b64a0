using Switchhook.Calls.Ports;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;

namespace Switchhook.Exchange.Messages;

/// <summary>One message on its way to all phones of an extension: the first that takes it decides. On the shard's thread.</summary>
/// <param name="phones">How many it was sent to.</param>
/// <param name="done">Told once.</param>
internal sealed class MessageRelay(int phones, Action<MessageReply> done) : IRequestUser
{
    private int _left = phones;
    private int _worst;
    private bool _told;

    public void OnResponse(SipRequest request, SipResponse response)
    {
        if (response.Status < 200)
            return;
        if (response.Status < 300)
            Tell(new MessageReply(response.Status == 202 ? MessageOutcome.Accepted : MessageOutcome.Delivered, response.Status));
        else
            Fail(response.Status);
    }

    public void OnFailed(SipRequest request, TransactionFailure failure) => Fail(0);

    /// <summary>One of the phones will not have it. The status is 0 when it said nothing.</summary>
    public void Fail(int status)
    {
        // RFC 3261 §16.7 step 6: a 6xx speaks for the user, else the lowest class says most; any answer says more than none.
        if (_worst < 600 && status > 0 && (status >= 600 || _worst == 0 || status / 100 < _worst / 100))
            _worst = status;
        if (--_left == 0)
            Tell(_worst > 0 ? new MessageReply(MessageOutcome.Refused, _worst) : new MessageReply(MessageOutcome.Unanswered));
    }

    private void Tell(MessageReply reply)
    {
        if (_told)
            return;
        _told = true;
        done(reply);
    }
}
