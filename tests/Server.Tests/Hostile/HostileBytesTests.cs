using System.Net.Sockets;
using System.Text;
using Switchhook.Server.Tests.Sip;
using Switchhook.TestKit.Sip;

namespace Switchhook.Server.Tests.Hostile;

/// <summary>Random, truncated and mutated bytes on every socket: the server answers by the book or not at all, and goes on.</summary>
public sealed class HostileBytesTests(Lab lab) : LabTests(lab)
{
    private const int Seed = 20260301;

    [Theory]
    [InlineData(Wire.Udp)]
    [InlineData(Wire.Tcp)]
    public async Task Random_bytes_on_the_sip_socket_harm_nothing(Wire wire)
    {
        var random = new Random(Seed);
        for (var i = 0; i < 300; i++)
        {
            var bytes = new byte[random.Next(1, 3000)];
            random.NextBytes(bytes);
            await SendAsync(wire, bytes);
        }

        await AssertServesAsync();
    }

    [Theory]
    [InlineData(Wire.Udp)]
    [InlineData(Wire.Tcp)]
    public async Task Truncated_messages_harm_nothing(Wire wire)
    {
        var phone = Unregistered(wire);
        var whole = phone.Invite(Lab.AnswerService).ToBytes();
        for (var length = 0; length < whole.Length; length += 3)
            await SendAsync(wire, whole[..length]);

        await AssertServesAsync();
    }

    [Theory]
    [InlineData(Wire.Udp)]
    [InlineData(Wire.Tcp)]
    public async Task Mutated_messages_harm_nothing(Wire wire)
    {
        var random = new Random(Seed + 1);
        var phone = Unregistered(wire);
        var pieces = new[] { "\r\n", ":", ";", "<", ">", "\"", "\0", "%", "sip:", "99999999999999999999", "\r\n ", ",", "=", "@", "[", "SIP/2.0", "é" };
        for (var i = 0; i < 600; i++)
        {
            var text = new StringBuilder(i % 2 == 0 ? phone.Invite(Lab.AnswerService).ToString() : phone.Request("REGISTER", "sip:switchhook.local").ToString());
            for (var changes = random.Next(1, 5); changes > 0; changes--)
            {
                var at = random.Next(text.Length);
                switch (random.Next(3))
                {
                    case 0:
                        text.Insert(at, pieces[random.Next(pieces.Length)]);
                        break;
                    case 1:
                        text.Remove(at, Math.Min(random.Next(1, 30), text.Length - at));
                        break;
                    default:
                        text[at] = (char)random.Next(256);
                        break;
                }
            }
            await SendAsync(wire, Encoding.Latin1.GetBytes(text.ToString()));
        }

        await AssertServesAsync();
    }

    [Theory]
    [InlineData(Wire.Udp)]
    [InlineData(Wire.Tcp)]
    public async Task Every_torture_message_of_RFC_4475_is_followed_by_an_answer_to_OPTIONS(Wire wire)
    {
        var messages = Directory.GetFiles(Path.Combine(Root(), "tests", "Sip.Tests", "Torture"), "*.sip");
        var phone = Unregistered(wire);
        foreach (var message in messages.Order(StringComparer.Ordinal))
        {
            await SendAsync(wire, await File.ReadAllBytesAsync(message));
            Assert.Equal(200, (await phone.FenceAsync()).Status);
        }

        Assert.Equal(49, messages.Length);
        await AssertServesAsync();
    }

    [Theory]
    [InlineData("Call-ID")]
    [InlineData("CSeq")]
    [InlineData("From")]
    [InlineData("To")]
    public async Task A_request_without_a_mandatory_header_gets_400_or_silence(string header)
    {
        var phone = Unregistered();
        var broken = phone.Invite(Lab.AnswerService).Remove(header);

        await phone.SendAsync(broken);
        await phone.FenceAsync();

        Assert.Equal(0, phone.CountReceived(m => m.Branch == WireMessage.Parameter(broken.Header("Via"), "branch") && m.Status is not (0 or 400)));
        await AssertServesAsync();
    }

    [Fact]
    public async Task A_message_that_states_a_longer_body_than_it_has_gets_400()
    {
        var phone = Unregistered();
        var broken = phone.Invite(Lab.AnswerService).WithContentLength("5000");

        await phone.SendAsync(broken);
        var answer = await phone.ReceiveAsync(m => m.Status >= 200 && m.CallId == broken.Header("Call-ID"), "a refusal");

        Assert.Equal(400, answer.Status);
    }

    [Fact]
    public async Task Stray_responses_and_acks_are_passed_over()
    {
        var phone = Unregistered();
        foreach (var status in new[] { 100, 180, 200, 401, 486, 699 })
        {
            var draft = phone.Request("INVITE", "sip:nobody@switchhook.local");
            draft.StartLine = $"SIP/2.0 {status} Whatever";
            await phone.SendAsync(draft);
        }
        await phone.SendAsync(phone.Request("ACK", $"sip:x@{Server.SipUdp}"));

        await AssertServesAsync();
        Assert.Equal(0, phone.CountReceived(_ => true));
    }

    [Fact]
    public async Task Garbage_on_the_rtp_port_of_a_call_does_not_reach_the_other_side()
    {
        var near = Probe();
        var far = Probe();
        var stranger = Probe();
        var (caller, callee) = (await PhoneAsync(), await PhoneAsync());
        var placed = await caller.DialAsync(callee.User, near.Local, "0 101");
        var offered = await callee.IncomingAsync();
        var connected = placed.ConnectAsync();
        await offered.AnswerAsync(Sdp.Audio(far.Local, "0 101"));
        await connected;
        var id = await IdOfAsync(placed);
        near.Remote = stranger.Remote = Sdp.AudioEndpoint(placed.RemoteSdp);
        var random = new Random(Seed + 2);
        await near.SendToneAsync(440, TimeSpan.FromMilliseconds(200));

        for (var i = 0; i < 400; i++)
        {
            var bytes = new byte[random.Next(0, 1400)];
            random.NextBytes(bytes);
            await stranger.SendBytesAsync(bytes);
            await near.SendBytesAsync(bytes.AsMemory(0, bytes.Length / 8));
        }
        await stranger.SendToneAsync(1000, TimeSpan.FromMilliseconds(300));
        await near.SendToneAsync(440, TimeSpan.FromMilliseconds(600));
        await far.HearToneAsync(440);
        var bye = placed.HangUpAsync();
        await offered.ExpectByeAsync();

        Assert.Equal(200, (await bye).Status);
        Assert.True(far.ShareOf(1000) < 0.5, "the stranger's tone was heard");
        await EndedAsync(id);
    }

    [Fact]
    public async Task Garbage_over_http_gets_the_interfaces_own_error_and_no_stack_trace()
    {
        foreach (var (port, path) in new[] { (Server.Http.Port, "/switchhook/v1/calls"), (Server.OzekiAddress.Port, "/api") })
        {
            foreach (var body in new[] { "{", "\0\0\0", "<xml", "command=%zz%", new string('a', 200_000), "[[[[[[[[[[" })
            {
                foreach (var type in new[] { "application/json", "application/x-www-form-urlencoded", "text/nonsense" })
                {
                    var reply = await PostRawAsync(port, path, type, body);
                    Assert.DoesNotContain("   at ", reply, StringComparison.Ordinal);
                    Assert.DoesNotContain("Exception", reply, StringComparison.Ordinal);
                    Assert.DoesNotContain(" 500 ", reply.Split('\n')[0], StringComparison.Ordinal);
                }
            }
            await SendRawAsync(port, "GET / HTTP/9.9\r\n\r\n"u8.ToArray());
            await SendRawAsync(port, [0x16, 0x03, 0x01, 0xFF, 0xFF, 0x00]);
        }

        await AssertServesAsync();
    }

    [Fact]
    public async Task Nothing_of_all_that_was_logged_as_a_failure_of_the_server()
    {
        await AssertServesAsync();

        Assert.DoesNotContain(Server.Lines, l => l.Contains("Unhandled exception", StringComparison.OrdinalIgnoreCase) || l.StartsWith("   at ", StringComparison.Ordinal));
    }

    /// <summary>OPTIONS is answered and a call works.</summary>
    private async Task AssertServesAsync()
    {
        var caller = await PhoneAsync();
        Assert.Equal(200, (await caller.FenceAsync()).Status);
        var placed = await caller.DialAsync(Lab.AnswerService);
        await placed.ConnectAsync();
        Assert.Equal(200, (await placed.HangUpAsync()).Status);
        await Server.QuietAsync("call", "leg", "rtp_port");
    }

    private static string Root()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "Switchhook.slnx")))
            at = Path.GetDirectoryName(at) ?? throw new DirectoryNotFoundException();
        return at;
    }

    private async Task SendAsync(Wire wire, byte[] bytes)
    {
        using var socket = wire == Wire.Udp
            ? new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
            : new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(wire == Wire.Udp ? Server.SipUdp : Server.SipTcp);
        if (bytes.Length > 0)
            await socket.SendAsync(bytes);
    }

    private static async Task<string> PostRawAsync(int port, string path, string type, string body)
    {
        var head = $"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {type}\r\nContent-Length: {Encoding.Latin1.GetByteCount(body)}\r\n\r\n";
        return await SendRawAsync(port, Encoding.Latin1.GetBytes(head + body));
    }

    private static async Task<string> SendRawAsync(int port, byte[] bytes)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        await using var stream = client.GetStream();
        using var expiry = new CancellationTokenSource(TimeSpan.FromSeconds(5), TimeProvider.System);
        try
        {
            await stream.WriteAsync(bytes, expiry.Token);
            client.Client.Shutdown(SocketShutdown.Send);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            return await reader.ReadToEndAsync(expiry.Token);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            return "";
        }
    }
}
