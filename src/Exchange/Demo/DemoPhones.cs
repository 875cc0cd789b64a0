using System.Net;
using Microsoft.Extensions.Logging;
using Switchhook.Calls.Directory;
using Switchhook.Exchange.Gate;
using Switchhook.Exchange.Shards;
using Switchhook.Media.Transport;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport;

namespace Switchhook.Exchange.Demo;

/// <summary>
/// The built-in phones: real SIP endpoints on a socket and a thread of their own, registered over loopback like any other phone. Nothing but
/// SIP and RTP passes between them and the exchange.
/// </summary>
internal sealed partial class DemoPhones(
    IDirectory directory, DemoSecrets secrets, MediaEngine media, ISipTransport exchange, string domain, TimeProvider time, ILogger log)
    : ISipUserAgentHandler, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<string, DemoPhone> _phones = new(StringComparer.Ordinal);
    private readonly ILogger _log = log;
    private SipTransport? _transport;
    private SipUserAgent? _agent;
    private Thread? _thread;

    /// <summary>Registers every demo phone there is. Does nothing when there is none, or no UDP address to reach the exchange by.</summary>
    public void Start()
    {
        Extension[] extensions = [.. directory.Current.Provisioning.Extensions.Where(static e => e.Kind == ExtensionKind.DemoPhone)];
        if (extensions.Length == 0 || exchange.Listeners.FirstOrDefault(static l => l.Kind == SipTransportKind.Udp) is not { } listener)
            return;
        var target = listener.Bound.ToIPEndPoint();
        if (target.Address.Equals(IPAddress.Any))
            target = new IPEndPoint(IPAddress.Loopback, target.Port);
        var timers = new TimerWheel(time);
        var listen = new SipListen(SipTransportKind.Udp, new IPEndPoint(target.Address, 0));
        if (!SipTransport.TryOpen([listen], new SipTransportLimits(), SipLimits.Default, timers, out var transport, out var failure))
        {
            LogNoSocket(failure.Detail);
            return;
        }
        _transport = transport;
        _agent = new SipUserAgent(transport, timers, this, new StrongRandom(), new SipUserAgentOptions { Product = "Switchhook demo phone" });
        var registrar = SipFlow.Toward(SipTransportKind.Udp, target);
        foreach (var extension in extensions)
            _phones[extension.Number] = new DemoPhone(extension, extension.Secret ?? secrets.Of(extension.Number), domain, _agent, timers, media, registrar);
        _thread = new Thread(Run) { Name = "demo phones", IsBackground = true };
        _thread.Start();
    }

    public void OnInvite(IncomingInvite invite)
    {
        if (SipUri.TryParse(invite.Request.RequestUri, out var uri) && _phones.TryGetValue(uri.UserText, out var phone))
            phone.OnInvite(invite);
        else
            invite.Reply(404);
    }

    public void OnRequest(IncomingRequest request) => request.Reply(request.Request.Method == SipMethod.Options ? 200 : 405);

    public void Dispose()
    {
        _stopping.Cancel();
        _agent?.Stack.Wake();
        _thread?.Join();
        _transport?.Dispose();
        _stopping.Dispose();
    }

    private void Run()
    {
        foreach (var phone in _phones.Values)
            phone.Register();
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                _agent!.Stack.Poll(long.MaxValue);
            }
#pragma warning disable CA1031 // A demo phone's bug must not end the process.
            catch (Exception bug)
#pragma warning restore CA1031
            {
                LogFailed(bug);
            }
        }
    }

    [LoggerMessage(EventName = "DemoPhonesWithoutSocket", Level = LogLevel.Error, Message = "the demo phones have no socket: {Reason}")]
    private partial void LogNoSocket(string reason);

    [LoggerMessage(EventName = "DemoPhoneFailed", Level = LogLevel.Error, Message = "a demo phone failed")]
    private partial void LogFailed(Exception bug);
}
