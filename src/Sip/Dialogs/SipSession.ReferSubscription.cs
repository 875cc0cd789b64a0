using System.Globalization;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Dialogs;

/// <summary>The subscription that a REFER of the far side makes (RFC 3515 §2.4.4): what is told in it, and how it is lengthened or ended.</summary>
public sealed partial class SipSession
{
    private static readonly SipHeaderLine AllowReferEvents = new("Allow-Events", "refer");

    /// <summary>A SUBSCRIBE in the session's dialog: to what comes of a REFER there, or to something else, which nobody serves here.</summary>
    private void OnReferSubscribe(IncomingRequest subscribe)
    {
        if (!IsAboutRefer(subscribe, out var asked)) return;
        if (_refers?.FindLast(refer => refer.Own is null && refer.IsNamedBy(asked)) is { } named) Subscribe(named, subscribe);
        else subscribe.Reply(481);
    }

    /// <summary>A request in the dialog that a REFER has made for itself; it takes nothing but SUBSCRIBE.</summary>
    internal void OnReferRequest(IncomingRefer refer, IncomingRequest request, in SipFlow flow)
    {
        var dialog = refer.Own!.Dialog;
        if (!dialog.IsFrom(request.Request)) request.Reply(481);
        else if (!dialog.TakeRemoteCSeq(request.Request.CSeq.Number)) request.Reply(500, new SipHeaderLine("Retry-After", "0"));
        else if (request.Request.Method != SipMethod.Subscribe) request.Reply(405, new SipHeaderLine("Allow", "SUBSCRIBE"));
        else if (IsAboutRefer(request, out var asked))
        {
            if (!refer.IsNamedBy(asked))
            {
                request.Reply(481);
                return;
            }

            dialog.Arrive(request.Request, flow);
            Subscribe(refer, request);
        }
    }

    /// <summary>False when it has been answered: it is about something else.</summary>
    private static bool IsAboutRefer(IncomingRequest subscribe, out EventHeader asked)
    {
        if (EventHeader.TryParse(subscribe.Request.Get(HeaderName.Event), out asked) && asked.Type == "refer") return true;
        subscribe.Reply(489, AllowReferEvents);
        return false;
    }

    private void Subscribe(IncomingRefer refer, IncomingRequest subscribe)
    {
        uint seconds = IncomingRefer.MostSeconds;
        if (subscribe.Request.Has(HeaderName.Expires))
        {
            if (!subscribe.Request.TryGetNumber(HeaderName.Expires, out var asked))
            {
                subscribe.Reply(400);
                return;
            }

            seconds = Math.Min(seconds, asked);
        }

        Dispatch(refer, new SessionInput.SubscribeReceived(subscribe, seconds));
    }

    private void Grant(IncomingRefer refer, IncomingRequest subscribe, uint seconds)
    {
        if (seconds > 0) refer.Seconds = seconds;
        if (refer.Own is null) _dialog!.Refresh(subscribe.Request);
        subscribe.Respond(_agent.BuildAnswer(
            subscribe, 200, refer.Own?.Tag ?? Tag, refer.Own?.Contact ?? _contact, [],
            [new SipHeaderLine("Expires", seconds.ToString(CultureInfo.InvariantCulture))]));
    }

    private SipRequest BuildNotify(IncomingRefer refer, ReferReport report) => _agent.BuildInDialog(
        DialogOf(refer), SipMethod.Notify, refer.Own?.Contact ?? _contact, Sipfrag.ContentType, Sipfrag.OfStatus(report.Status),
        new SipHeaderLine("Event", refer.EventId is { } id ? string.Create(CultureInfo.InvariantCulture, $"refer;id={id}") : "refer"),
        new SipHeaderLine("Subscription-State", report switch
        {
            { IsUnwanted: true } => "terminated;reason=timeout",
            { IsLast: true } => "terminated;reason=noresource",
            _ => string.Create(CultureInfo.InvariantCulture, $"active;expires={refer.Seconds}"),
        }));
}
