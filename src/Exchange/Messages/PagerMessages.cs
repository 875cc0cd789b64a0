using System.Globalization;
using Microsoft.Extensions.Logging;
using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Exchange.Registrar;
using Switchhook.Exchange.Routing;
using Switchhook.Exchange.Shards;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;

namespace Switchhook.Exchange.Messages;

/// <summary>Takes messages of phones and applications and brings them to the phones of an extension (RFC 3428). On the shard's thread.</summary>
internal sealed partial class PagerMessages(
    IDirectory directory, Bindings bindings, LegTargets targets, MessageListeners listeners, IRandomSource random, SwitchCounts counts, string domain, ILogger log)
{
    /// <summary>Messages under way at once; beyond it 503.</summary>
    public const int MostUnderWay = 1_000;

    private readonly ILogger _log = log;
    private int _underWay;

    /// <summary>Set once the user agent exists.</summary>
    public SipUserAgent Agent { get; set; } = null!;

    /// <summary>A MESSAGE outside every dialog, from a phone that has proved who it is.</summary>
    public void OnMessage(IncomingRequest incoming, Extension sender)
    {
        var request = incoming.Request;
        var hops = request.TryGetNumber(HeaderName.MaxForwards, out var left) ? left : SipUserAgent.UsualHops;
        var type = request.GetText(HeaderName.ContentType);
        if (hops == 0)
            Refuse(incoming, 483);
        else if (request.Body.Length > TextMessage.MostBytes)
            Refuse(incoming, 413);
        else if (type is null && !request.Body.IsEmpty)
            Refuse(incoming, 400);
        else if (!SipUri.TryParse(request.RequestUri, out var uri) || directory.Current.Extension(uri.UserText) is not { } target)
            Refuse(incoming, 404);
        else
            Take(incoming, new TextMessage(sender.Number, target.Number, request.Body.ToArray(), type ?? TextMessage.PlainText), target, sender.Name, (int)Math.Min(hops, SipUserAgent.UsualHops) - 1);
    }

    /// <summary>A message of an application.</summary>
    public void Send(TextMessage message, Action<MessageReply> done)
    {
        if (message.Body.Length > TextMessage.MostBytes)
            done(new MessageReply(MessageOutcome.TooLong));
        else if (directory.Current.Extension(message.To) is not { } target)
            done(new MessageReply(MessageOutcome.NoSuchExtension));
        else
            Relay(message, target, null, SipUserAgent.UsualHops, done);
    }

    private void Take(IncomingRequest incoming, TextMessage message, Extension target, string? name, int hops)
    {
        if (_underWay >= MostUnderWay)
        {
            Refuse(incoming, 503, new SipHeaderLine("Retry-After", "5"));
            return;
        }
        var isHeard = Hear(message);
        // §7: an application that hears it has taken it on, and what it does with it nobody can know yet.
        if (target.Kind is not (ExtensionKind.Phone or ExtensionKind.DemoPhone))
            Reply(incoming, isHeard && target.Kind == ExtensionKind.Api ? new MessageReply(MessageOutcome.Accepted) : new MessageReply(MessageOutcome.NotRegistered));
        else
            Relay(message, target, name, hops, reply => Reply(incoming, reply));
    }

    private bool Hear(TextMessage message)
    {
        var all = listeners.All;
        foreach (var listener in all)
        {
            try
            {
                listener(message);
            }
#pragma warning disable CA1031 // A listener's bug concerns the listener.
            catch (Exception bug)
#pragma warning restore CA1031
            {
                LogListenerFailed(bug);
            }
        }
        return all.Length > 0;
    }

    private void Relay(TextMessage message, Extension target, string? name, int hops, Action<MessageReply> done)
    {
        if (_underWay >= MostUnderWay)
        {
            done(new MessageReply(MessageOutcome.Congestion));
            return;
        }
        List<Destination> phones = [];
        if (bindings.IsRegistered(target.Number))
        {
            foreach (var leg in targets.Expand(new LegTarget.Extension(target.Number)))
            {
                if (targets.TryFind(leg, out var destination, out var refusal) && refusal is null)
                    phones.Add(destination);
            }
        }
        if (phones.Count == 0)
        {
            done(new MessageReply(MessageOutcome.NotRegistered));
            return;
        }
        _underWay++;
        var relay = new MessageRelay(phones.Count, reply =>
        {
            _underWay--;
            done(reply);
        });
        foreach (var phone in phones)
        {
            if (Agent.Request(Draft(message, phone, name, hops), relay) is null)
                relay.Fail(503);
        }
    }

    private OutgoingRequest Draft(TextMessage message, Destination phone, string? name, int hops) => new()
    {
        Method = SipMethod.Message,
        RequestUri = phone.RequestUri,
        From = new SipAddress($"sip:{SipNumbers.Escape(message.From)}@{domain}", name),
        To = new SipAddress(phone.ToUri),
        Flow = phone.Flow,
        CallId = Token() + Token(),
        Sequence = 1,
        MaxForwards = hops,
        Routes = phone.Route is { } route ? [route] : [],
        ContentType = message.ContentType,
        Body = message.Body,
    };

    private string Token() => random.Next().ToString("x16", CultureInfo.InvariantCulture);

    private void Reply(IncomingRequest incoming, MessageReply reply)
    {
        var status = reply switch
        {
            { Outcome: MessageOutcome.Delivered } => 200,
            { Outcome: MessageOutcome.Accepted } => 202,
            { Outcome: MessageOutcome.NoSuchExtension } => 404,
            { Outcome: MessageOutcome.NotRegistered } => 480,
            { Outcome: MessageOutcome.TooLong } => 413,
            // A challenge of the phone cannot be answered by its sender, and must not be taken for one of ours.
            { Outcome: MessageOutcome.Refused, Status: 401 or 407 or null } => 480,
            { Outcome: MessageOutcome.Refused, Status: { } theirs } => theirs < 400 ? 480 : theirs,
            { Outcome: MessageOutcome.Unanswered } => 408,
            _ => 503,
        };
        if (status >= 300)
            Refuse(incoming, status);
        else
            incoming.Reply(status);
    }

    private void Refuse(IncomingRequest incoming, int status, params ReadOnlySpan<SipHeaderLine> headers)
    {
        counts.Reject("message-" + status.ToString(CultureInfo.InvariantCulture));
        incoming.Reply(status, headers);
    }

    [LoggerMessage(EventName = "MessageListenerFailed", Level = LogLevel.Error, Message = "who listens for messages failed")]
    private partial void LogListenerFailed(Exception bug);
}
