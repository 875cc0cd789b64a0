using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Ozeki;
using Switchhook.Dialects.Ozeki.Messages;
using Switchhook.Dialects.Ozeki.Notifications;
using Switchhook.Dialects.Ozeki.Replies;
using Switchhook.Dialects.Ozeki.Scripts;
using Switchhook.Exchange;
using Switchhook.Exchange.Prompts;
using Switchhook.Ivr;
using Switchhook.Server.Configuration;
using Switchhook.Server.Mail;

namespace Switchhook.Server.Running;

/// <summary>The Ozeki dialect's share of the server: scripts, messages, what it tells, and what answers its two listeners.</summary>
internal sealed class OzekiPart : IAsyncDisposable
{
    /// <summary>The largest body of a request.</summary>
    public const int MaxBodyBytes = 1024 * 1024;

    /// <summary>What its scripts are called in the native API.</summary>
    public const string ScriptDialect = "ozeki";

    private readonly CurrentDirectory _directory;
    private readonly TimeProvider _time;
    private readonly OzekiOptions _options;
    private readonly OzekiMessages _messages;

    public OzekiPart(ServerSettings settings, IHttpCaller http, CurrentDirectory directory, RecordingAddresses recordings, ICallHistory history, ILoggerFactory logs, TimeProvider time)
    {
        (_directory, _time) = (directory, time);
        _options = OptionsOf(settings, recordings, time);
        var files = new MediaFiles(settings.RecordingsDirectory, settings.PromptsDirectory);
        _messages = new OzekiMessages(http, directory, new SmtpMailer(settings.Mail), time, _options, logs.CreateLogger<OzekiMessages>());
        SideScripts = new OzekiSideScripts(http, directory, files, time, _options);
        Script = new OzekiScripts(http, directory, _messages, files) { History = history, TimeZone = time.LocalTimeZone };
    }

    /// <summary>What the settings mean to it. Times are in the zone of the machine, as the vendor has them.</summary>
    internal static OzekiOptions OptionsOf(ServerSettings settings, RecordingAddresses recordings, TimeProvider time) => new()
    {
        TimeZone = time.LocalTimeZone,
        RecordingUrl = recordings.Of,
        RecordingKey = recordings.Key,
        OpenRecording = file => RecordingFile.Open(settings.RecordingsDirectory, file),
        ClassicAccount = settings.Dialects.Ozeki.ClassicAccount,
        Allow = settings.Security.AllowAddresses,
        Deny = settings.Security.DenyAddresses,
        SmsGateway = settings.Sms.Url is { } gateway ? new OzekiSmsGateway(gateway, settings.Sms.Body, settings.Sms.ContentType, settings.Sms.Authorization) : null,
    };

    /// <summary>Runs OzML of calls.</summary>
    public IScriptSource Script { get; }

    /// <summary>Runs OzML that applications answer notifications with.</summary>
    public OzekiSideScripts SideScripts { get; }

    /// <summary>What it tells applications.</summary>
    public INotificationSource Notifications => new OzekiNotifications(_directory, _options);

    /// <summary>Begins to work on calls and messages.</summary>
    public void Start(SwitchExchange exchange, ICallHistory history)
    {
        _messages.Start(exchange.Messages);
        SideScripts.Start(exchange, history, exchange.Registrations, _messages, exchange.Prompts);
    }

    public OzekiApi Api(SwitchExchange exchange, ICallHistory history) =>
        new(exchange, history, _directory, exchange.Registrations, _time, _options, _messages) { Prompts = exchange.Prompts };

    public OzekiApi ClassicApi(SwitchExchange exchange, ICallHistory history) =>
        new(exchange, history, _directory, exchange.Registrations, _time, _options, _messages, classic: true, _directory) { Prompts = exchange.Prompts };

    /// <summary>Ends what is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await SideScripts.DisposeAsync();
        await _messages.DisposeAsync();
    }
}
