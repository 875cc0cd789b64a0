using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Switchhook.TestKit.Sip;

/// <summary>
/// Many phones with very many calls on one socket: enough of a user agent to make, take, repeat and end calls, and to say afterwards what each
/// saw. What a phone does with a call that comes in is told by its number.
/// </summary>
public sealed class Crowd : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, CrowdCall> _calls = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<WireMessage>> _answers = new(StringComparer.Ordinal);
    private readonly Func<string, string> _secretOf;
    private readonly Func<CrowdCall, Task> _taken;
    private readonly Task _reading;
    private readonly Task _repeating;

    /// <param name="secretOf">The password of a number.</param>
    /// <param name="taken">What is done with a call that came in, on the pool.</param>
    public Crowd(IPEndPoint server, Func<string, string> secretOf, Func<CrowdCall, Task> taken)
    {
        (Server, _secretOf, _taken) = (server, secretOf, taken);
        _socket.ReceiveBufferSize = 8 << 20;
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _reading = Task.Run(ReadAsync);
        _repeating = Task.Run(RepeatAsync);
    }

    public IPEndPoint Server { get; }

    /// <summary>Address of all the phones.</summary>
    public IPEndPoint Local => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>Every call since the last <see cref="Forget"/>.</summary>
    public IReadOnlyList<CrowdCall> Calls => [.. _calls.Values];

    /// <summary>What went wrong in the phones themselves.</summary>
    public ConcurrentQueue<string> Mishaps { get; } = new();

    /// <summary>While true, INVITEs that nobody has answered are not repeated: their phones have given up.</summary>
    public bool GivesUp { get; set; }

    /// <summary>Forgets the calls so far.</summary>
    public void Forget() => _calls.Clear();

    /// <summary>Registers a number.</summary>
    public async Task RegisterAsync(string number)
    {
        var register = Request("REGISTER", $"sip:{Server}", number, $"<sip:{number}@switchhook.local>", $"{ScriptedPhone.NewToken()}@crowd", ScriptedPhone.NewToken(), 1)
            .Add("Expires", "3600");
        var response = await AskAsync(register);
        if (response.Status == 401)
        {
            register.Set("Via", NewVia()).Set("CSeq", "2 REGISTER");
            Authorize(register, response, number, "REGISTER", $"sip:{Server}");
            response = await AskAsync(register);
        }
        if (response.Status != 200)
            throw new InvalidOperationException($"{number} was not registered:\n{response}");
    }

    /// <summary>Begins a call.</summary>
    /// <param name="from">Who calls.</param>
    /// <param name="number">Who is called.</param>
    /// <param name="endsAtOnce">As <see cref="CrowdCall.EndsAtOnce"/>.</param>
    public CrowdCall Dial(string from, string number, bool endsAtOnce = false)
    {
        var call = CrowdCall.Placed(this, from, number);
        call.EndsAtOnce = endsAtOnce;
        _calls[call.CallId] = call;
        call.Begin();
        return call;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket.Dispose();
        await Task.WhenAll(_reading, _repeating);
        _stop.Dispose();
    }

    internal string NewVia() => $"SIP/2.0/UDP {Local};branch=z9hG4bK{ScriptedPhone.NewToken()};rport";

    internal SipDraft Request(string method, string uri, string from, string to, string callId, string tag, uint sequence) =>
        new SipDraft($"{method} {uri} SIP/2.0").Add("Via", NewVia()).Add("Max-Forwards", "70")
            .Add("From", $"<sip:{from}@switchhook.local>;tag={tag}").Add("To", to).Add("Call-ID", callId).Add("CSeq", $"{sequence} {method}")
            .Add("Contact", $"<sip:{from}@{Local}>");

    internal void Authorize(SipDraft draft, WireMessage challenge, string user, string method, string uri)
    {
        var proxy = challenge.Status == 407;
        var answer = new DigestAnswer(user, _secretOf(user)) { Algorithm = "MD5" };
        draft.Set(proxy ? "Proxy-Authorization" : "Authorization", answer.For(challenge.All(proxy ? "Proxy-Authenticate" : "WWW-Authenticate"), method, uri));
    }

    internal void Send(byte[] message)
    {
        try
        {
            _socket.SendTo(message, Server);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Lost on the way, as on any network: the server is down just now.
        }
    }

    private async Task<WireMessage> AskAsync(SipDraft request)
    {
        var answer = new TaskCompletionSource<WireMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        _answers[request.Header("Call-ID")] = answer;
        Send(request.ToBytes());
        return await answer.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[65536];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var length = await _socket.ReceiveAsync(buffer, SocketFlags.None, _stop.Token);
                if (!UdpWire.IsStray(buffer.AsSpan(0, length)))
                    Take(WireMessage.Read(buffer.AsSpan(0, length), Nowhere.It));
            }
            catch (SocketException)
            {
                // The server's socket is gone for a while.
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (Exception e) when (e is FormatException or InvalidOperationException)
            {
                Mishaps.Enqueue(e.Message);
            }
        }
    }

    private void Take(WireMessage message)
    {
        if (_calls.TryGetValue(message.CallId, out var call))
            call.Take(message);
        else if (!message.IsRequest)
        {
            if (message.Status >= 200 && _answers.TryRemove(message.CallId, out var waiter))
                waiter.TrySetResult(message);
        }
        else if (message.Is("INVITE") && message.ToTag.Length == 0)
        {
            call = CrowdCall.Offered(this, message);
            _calls[call.CallId] = call;
            call.Take(message);
            _ = DoAsync(call);
        }
        else if (!message.Is("ACK"))
            Send(CrowdCall.Response(message, message.Is("OPTIONS") ? 200 : 481, "0").ToBytes());
    }

    private async Task DoAsync(CrowdCall call)
    {
        try
        {
            await Task.Run(() => _taken(call));
        }
        catch (OperationCanceledException)
        {
            // The round is over.
        }
    }

    private async Task RepeatAsync()
    {
        using var timer = new PeriodicTimer(Tick, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                foreach (var call in _calls.Values)
                    call.Repeat();
            }
        }
        catch (OperationCanceledException)
        {
            // Over.
        }
    }

    private sealed class Nowhere : IWirePath
    {
        public static readonly Nowhere It = new();

        public Task SendAsync(ReadOnlyMemory<byte> bytes) => throw new InvalidOperationException("A crowd answers from its own socket.");
    }
}
