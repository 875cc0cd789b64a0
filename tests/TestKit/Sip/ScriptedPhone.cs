using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Switchhook.TestKit.Timing;

namespace Switchhook.TestKit.Sip;

/// <summary>
/// A SIP endpoint that does exactly what a test tells it, right or wrong. It never retransmits, acknowledges or answers by itself, unless a
/// reflex says so; everything it hears is kept until someone receives it, and shown when something expected did not come.
/// </summary>
public sealed partial class ScriptedPhone : IAsyncDisposable
{
    private readonly ISipWire _wire;
    private readonly Inbox<WireMessage> _inbox = new(capacity: 20_000);
    private readonly WireLog _log = new();
    private readonly SeenRequests _seen = new(capacity: 4_000);
    private readonly List<Func<WireMessage, Task<bool>>> _reflexes = [];
    private readonly Lock _lock = new();
    private int _sequence;
    private int _gone;

    private ScriptedPhone(PhoneSettings settings, ISipWire wire)
    {
        Settings = settings;
        _wire = wire;
        _wire.Start(OnReceived);
    }

    /// <summary>Who it is and where its server is; may change between messages.</summary>
    public PhoneSettings Settings { get; set; }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Local => _wire.Local;
    public string User => Settings.User;

    /// <summary>Its address of record.</summary>
    public string Address => $"sip:{User}@{Settings.Domain}";

    /// <summary>Where requests to it go.</summary>
    public string Contact => Settings.Wire == Wire.Udp ? $"sip:{User}@{Local}" : $"sip:{User}@{Local};transport={(Settings.Wire == Wire.Wss ? "ws" : Transport.ToLowerInvariant())}";

    /// <summary>Everything sent and received so far, oldest first.</summary>
    public IReadOnlyList<WireLogEntry> Traffic => _log.Entries;

    /// <summary>Opens the phone's socket.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The phone owns its wire.")]
    public static ScriptedPhone Open(PhoneSettings settings) =>
        settings.Network is { } network ? network.Inside(() => OpenHere(settings)) : OpenHere(settings);

    [SuppressMessage("Reliability", "CA2000", Justification = "The phone owns its wire.")]
    private static ScriptedPhone OpenHere(PhoneSettings settings) =>
        new(settings, settings.Wire switch
        {
            Wire.Udp => new UdpWire(settings.Local),
            Wire.Tcp or Wire.Tls => new TcpWire(settings.Local, settings.Wire == Wire.Tls),
            Wire.Ws or Wire.Wss => new WebSocketWire(settings.Local, settings.Wire == Wire.Wss),
        });

    /// <summary>Does something with every message that fits, at once; the message is still received afterwards unless the reflex says true.</summary>
    public void AddReflex(Func<WireMessage, Task<bool>> reflex)
    {
        lock (_lock)
            _reflexes.Add(reflex);
    }

    /// <summary>Answers that request with that status whenever it comes; it can be received all the same.</summary>
    public void AlwaysAnswer(string method, int status) => AddReflex(async m =>
    {
        if (m.Is(method))
            await RespondAsync(m, status);
        return false;
    });

    /// <summary>Sends bytes to the server.</summary>
    public Task SendBytesAsync(ReadOnlyMemory<byte> bytes)
    {
        _log.Sent(bytes.Span);
        return _wire.SendAsync(bytes, Settings.Server);
    }

    /// <summary>Sends a message to the server.</summary>
    public Task SendAsync(SipDraft message) => SendBytesAsync(message.ToBytes());

    /// <summary>Sends a message back the way another one came.</summary>
    public Task SendAsync(SipDraft message, IWirePath path)
    {
        var bytes = message.ToBytes();
        _log.Sent(bytes);
        return path.SendAsync(bytes);
    }

    /// <summary>Takes the first message that fits, now or when it comes; never the repeat of a request, which a phone that is slow hears as well.</summary>
    /// <exception cref="TimeoutException">None came; the message shows all traffic.</exception>
    public Task<WireMessage> ReceiveAsync(Func<WireMessage, bool> wanted, string what, TimeSpan? deadline = null) =>
        TakeAsync(m => !m.IsRepeat && wanted(m), what, deadline);

    /// <summary>Takes the first repeat of that request.</summary>
    /// <exception cref="TimeoutException">None came; the message shows all traffic.</exception>
    public Task<WireMessage> ReceiveRepeatAsync(WireMessage of, TimeSpan? deadline = null) =>
        TakeAsync(m => m.IsRepeat && m.Is(of.Method) && m.Branch == of.Branch, $"{of.Method} again", deadline);

    private async Task<WireMessage> TakeAsync(Func<WireMessage, bool> wanted, string what, TimeSpan? deadline)
    {
        var limit = deadline ?? Eventually.Deadline;
        return await _inbox.TakeAsync(wanted, limit)
            ?? throw new TimeoutException($"Phone {User} did not receive {what} within {limit.TotalSeconds:0.#} s.\n{_log}");
    }

    /// <summary>Takes the next request of that method.</summary>
    public Task<WireMessage> ReceiveAsync(string method, TimeSpan? deadline = null) => ReceiveAsync(m => m.Is(method), method, deadline);

    /// <summary>Forgets what came and was not received by anyone: a phone of very many calls stays quick.</summary>
    public void Forget() => _inbox.Clear();

    /// <summary>How many messages of a kind came so far, received by someone or not; the repeat of a request is not another.</summary>
    public int CountReceived(Func<WireMessage, bool> kind) => _log.CountReceived(m => !m.IsRepeat && kind(m));

    /// <summary>A response to a request: Via, From, To, Call-ID and CSeq are copied, the To tag and a Contact are this phone's.</summary>
    public SipDraft Response(WireMessage request, int status, string? reason = null, string? toTag = null)
    {
        var draft = new SipDraft($"SIP/2.0 {status} {reason ?? Phrase(status)}");
        foreach (var via in request.All("Via"))
            draft.Add("Via", via);
        foreach (var route in request.All("Record-Route"))
            draft.Add("Record-Route", route);
        var to = request.Header("To");
        if (request.ToTag.Length == 0 && status > 100)
            to += $";tag={toTag ?? TagFor(request)}";
        draft.Add("From", request.Header("From")).Add("To", to).Add("Call-ID", request.CallId).Add("CSeq", request.Header("CSeq"));
        return status is > 100 and < 300 && request.Method is "INVITE" or "UPDATE" ? draft.Add("Contact", $"<{Contact}>") : draft;
    }

    /// <summary>Answers a request with a bare status, the way it came.</summary>
    public Task RespondAsync(WireMessage request, int status, params (string Name, string Value)[] headers)
    {
        var response = Response(request, status);
        foreach (var (name, value) in headers)
            response.Add(name, value);
        return SendAsync(response, request.Path);
    }

    /// <summary>A request outside any dialog, complete with Via, tags and Contact.</summary>
    public SipDraft Request(string method, string uri, string? to = null, string? callId = null, uint? sequence = null)
    {
        var draft = new SipDraft($"{method} {uri} SIP/2.0");
        return draft.Add("Via", NewVia()).Add("Max-Forwards", "70")
            .Add("From", $"<{Address}>;tag={NewToken()}").Add("To", $"<{to ?? uri}>")
            .Add("Call-ID", callId ?? $"{NewToken()}@phone").Add("CSeq", $"{sequence ?? NextSequence()} {method}")
            .Add("Contact", $"<{Contact}>");
    }

    private string Transport => Settings.Wire switch
    {
        Wire.Udp => "UDP",
        Wire.Tcp => "TCP",
        Wire.Tls => "TLS",
        Wire.Ws => "WS",
        Wire.Wss => "WSS",
    };

    /// <summary>A Via of this phone with a new branch.</summary>
    public string NewVia() => $"SIP/2.0/{Transport} {Local};branch=z9hG4bK{NewToken()};rport";

    /// <summary>Asks OPTIONS and waits for the answer: everything sent before it has then been read by the server.</summary>
    public async Task<WireMessage> FenceAsync()
    {
        var options = Request("OPTIONS", $"sip:{Settings.Domain}");
        await SendAsync(options);
        return await ReceiveAsync(m => !m.IsRequest && m.CallId == options.Header("Call-ID") && m.Status >= 200, "an answer to OPTIONS");
    }

    /// <summary>Cuts its TCP connections, as a failing network does.</summary>
    public void CutConnections() => (_wire as TcpWire)?.Cut();

    /// <summary>A token nobody else has.</summary>
    public static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    /// <summary>Closes its sockets: the phone is gone. A second time does nothing.</summary>
    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _gone, 1) == 0 ? _wire.DisposeAsync() : ValueTask.CompletedTask;

    /// <summary>The traffic so far, for the output of a failed test.</summary>
    public override string ToString() => _log.ToString();

    /// <summary>The next CSeq number.</summary>
    public uint NewCSeq() => NextSequence();

    internal uint NextSequence() => (uint)Interlocked.Increment(ref _sequence);

    /// <summary>The same tag for every response to one INVITE, so that a CANCEL's and the INVITE's agree.</summary>
    internal static string TagFor(WireMessage request) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.Latin1.GetBytes(request.CallId + request.FromTag))[..6]);

    private static string Phrase(int status) => status switch
    {
        100 => "Trying",
        180 => "Ringing",
        183 => "Session Progress",
        200 => "OK",
        401 => "Unauthorized",
        404 => "Not Found",
        407 => "Proxy Authentication Required",
        408 => "Request Timeout",
        480 => "Temporarily Unavailable",
        481 => "Call/Transaction Does Not Exist",
        486 => "Busy Here",
        487 => "Request Terminated",
        488 => "Not Acceptable Here",
        503 => "Service Unavailable",
        603 => "Decline",
        _ => status.ToString(CultureInfo.InvariantCulture),
    };

    private void OnReceived(byte[] bytes, IWirePath path)
    {
        _log.Received(bytes);
        if (bytes.AsSpan().TrimStart("\r\n\0"u8).IsEmpty)
            return;
        var message = WireMessage.Read(bytes, path);
        message.IsRepeat = Settings.Wire == Wire.Udp && !_seen.IsNew(message);
        _log.Received(message);
        _ = ReactAsync(message);
    }

    private async Task ReactAsync(WireMessage message)
    {
        Func<WireMessage, Task<bool>>[] reflexes;
        lock (_lock)
            reflexes = [.. _reflexes];
        foreach (var reflex in reflexes)
        {
            if (await reflex(message))
                return;
        }
        _inbox.Add(message);
    }
}
