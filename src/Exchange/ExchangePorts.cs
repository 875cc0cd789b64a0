using Microsoft.Extensions.Logging;
using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Calls.Traces;
using Switchhook.Exchange.Subscriptions;
using Switchhook.Ivr;
using Switchhook.Sip.Resolution;

namespace Switchhook.Exchange;

/// <summary>Everything outside that the exchange needs.</summary>
public sealed record ExchangePorts
{
    public required IDirectory Directory { get; init; }
    public required ICallHistory History { get; init; }
    public required ICallLog Log { get; init; }

    /// <summary>Keeps over a crash what the log is still to store; opened by the exchange, closed by its owner after it. Null: nobody does.</summary>
    public IFlightRecorder? Flight { get; init; }
    public required IRegistrationStore Registrations { get; init; }
    public required ISpeech Speech { get; init; }
    public required ICallTraces Traces { get; init; }
    public required TimeProvider Time { get; init; }
    public required ILoggerFactory Logs { get; init; }

    /// <summary>Who is asked for the addresses of trunk hosts; null: the name servers of this machine.</summary>
    public IDnsQueries? Names { get; init; }

    /// <summary>Fetches prompts behind addresses; null: they cannot be played.</summary>
    public IHttpCaller? Http { get; init; }

    /// <summary>Who knows how many messages wait for an extension.</summary>
    public IMessageCounts MessageCounts { get; init; } = new MessageCountBoard();

    /// <summary>One per dialect that has scripts.</summary>
    public IReadOnlyList<IScriptSource> Scripts { get; init; } = [];

    /// <summary>Dialects whose applications take calls to numbers; the first that knows a number decides.</summary>
    public IReadOnlyList<INumberApplications> Applications { get; init; } = [];

    /// <summary>Say what is to be told of each event; it is stored with the event.</summary>
    public IReadOnlyList<INotificationSource> Notifications { get; init; } = [];

    /// <summary>Say what is to be told of phones that come and go.</summary>
    public IReadOnlyList<IRegistrationNotificationSource> RegistrationNotifications { get; init; } = [];

    /// <summary>The address of a recording's file, as scripts are told it; null: its name alone.</summary>
    public Func<CallId, string, string>? RecordingUrl { get; init; }

    /// <summary>Done once <see cref="RecordingUrl"/> knows the server's address: recordings a crash left are told then.</summary>
    public Task Listening { get; init; } = Task.CompletedTask;

    /// <summary>Delivers what was stored; null: nobody does.</summary>
    public INotifier? Notifier { get; init; }

    /// <summary>Told every event after it is durable.</summary>
    public IReadOnlyList<IEventSubscriber> Subscribers { get; init; } = [];
}
