using System.Text;
using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.TestKit.Sip;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>Text messages between phones, and to and from programs (RFC 3428).</summary>
public sealed class MessageTests : IAsyncLifetime
{
    private readonly Loopback _loopback = Loopback.Start(new Provisioning
    {
        Extensions =
        [
            new Extension { Number = "101", Secret = "pw101", Name = "Alice", Account = "demo" }, new Extension { Number = "102", Secret = "pw102", Account = "demo" },
            new Extension { Number = "900", Kind = ExtensionKind.Api, Url = "http://127.0.0.1:9/", Account = "demo" },
            new Extension { Number = "800", Kind = ExtensionKind.Service, Behaviour = ServiceBehaviour.Answer, Account = "demo" },
        ],
        Trunks = [new Trunk { Name = "carrier", Host = "127.0.0.9", From = ["127.0.0.9"], MayDial = TrunkDial.All }],
    });

    private ScriptedPhone _alice = null!;

    public ValueTask InitializeAsync()
    {
        _alice = _loopback.Phone("101", "pw101");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _loopback.DisposeAsync();

    [Theory]
    [InlineData(200, 200)]
    [InlineData(202, 202)]
    [InlineData(486, 486)]
    [InlineData(603, 603)]
    [InlineData(401, 480)]
    [InlineData(302, 480)]
    public async Task A_message_reaches_the_phone_as_it_is_and_its_answer_comes_back(int theirs, int ours)
    {
        var bob = await RegisteredAsync();

        var asking = AskAsync("102", "<b>grüß dich</b>", "text/html;charset=UTF-8");
        var arrived = await bob.ReceiveAsync("MESSAGE");
        await bob.RespondAsync(arrived, theirs);
        var answer = await asking;

        Assert.Equal(ours, answer.Status);
        Assert.Equal(bob.Contact, arrived.RequestUri);
        Assert.Equal(("text/html;charset=UTF-8", "69"), (arrived.Header("Content-Type"), arrived.Header("Max-Forwards")));
        Assert.Equal("<b>grüß dich</b>", Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(arrived.Body)));
        Assert.StartsWith("\"Alice\" <sip:101@switchhook.local>", arrived.Header("From"), StringComparison.Ordinal);
        Assert.Equal("", arrived.Header("Contact"));
    }

    [Fact]
    public async Task Of_several_phones_the_first_that_takes_it_decides()
    {
        var desk = await RegisteredAsync();
        var mobile = await RegisteredAsync();
        mobile.AlwaysAnswer("MESSAGE", 480);

        var asking = AskAsync("102", "hello");
        await mobile.ReceiveAsync("MESSAGE");
        await desk.RespondAsync(await desk.ReceiveAsync("MESSAGE"), 200);

        Assert.Equal(200, (await asking).Status);
    }

    [Fact]
    public async Task Nobody_registered_is_480_and_nobody_at_all_404()
    {
        var toAbsent = await AskAsync("102", "hello");
        var toUnknown = await AskAsync("999", "hello");
        var toService = await AskAsync("800", "hello");

        Assert.Equal((480, 404, 480), (toAbsent.Status, toUnknown.Status, toService.Status));
    }

    [Theory]
    [InlineData(1300, 200)]
    [InlineData(1301, 413)]
    public async Task It_is_no_longer_than_a_datagram_bears(int bytes, int status)
    {
        var bob = await RegisteredAsync();
        bob.AlwaysAnswer("MESSAGE", 200);

        var answer = await AskAsync("102", new string('x', bytes));

        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 200 ? 1 : 0, bob.CountReceived(m => m.Is("MESSAGE")));
    }

    [Fact]
    public async Task Neither_a_stranger_nor_a_peer_nor_one_that_has_gone_too_far_gets_through()
    {
        var bob = await RegisteredAsync();
        var peer = _loopback.Peer();
        var stranger = _loopback.Phone("101", null);

        var toPeer = await peer.AskAsync(Draft(peer, "102", "x", "text/plain"));
        var toStranger = await stranger.AskAsync(Draft(stranger, "102", "x", "text/plain"));
        var tooFar = await AskAsync(Draft(_alice, "102", "x", "text/plain").Set("Max-Forwards", "0"));

        Assert.Equal((403, 401, 483), (toPeer.Status, toStranger.Status, tooFar.Status));
        Assert.Equal(0, bob.CountReceived(m => m.Is("MESSAGE")));
    }

    [Fact]
    public async Task A_program_hears_what_phones_send_until_it_stops_listening()
    {
        List<TextMessage> heard = [];
        var before = await AskAsync("900", "too early");
        var listening = _loopback.Exchange.Messages.Listen(m =>
        {
            lock (heard)
                heard.Add(m);
            throw new InvalidOperationException("a bug of the listener");
        });

        var during = await AskAsync("900", "yes?");
        listening.Dispose();
        var after = await AskAsync("900", "too late");

        Assert.Equal((480, 202, 480), (before.Status, during.Status, after.Status));
        var one = Assert.Single(heard);
        Assert.Equal(("101", "900", "yes?", "text/plain"), (one.From, one.To, one.Text, one.ContentType));
    }

    [Fact]
    public async Task A_program_sends_to_a_phone_and_hears_what_came_of_it()
    {
        var absent = await SendAsync("102", "hello");
        var unknown = await SendAsync("999", "hello");
        var tooLong = await SendAsync("102", new string('x', 1301));
        var bob = await RegisteredAsync();

        var sending = SendAsync("102", "hello");
        var arrived = await bob.ReceiveAsync("MESSAGE");
        await bob.RespondAsync(arrived, 200);
        var delivered = await sending;

        Assert.Equal((MessageOutcome.NotRegistered, MessageOutcome.NoSuchExtension, MessageOutcome.TooLong), (absent.Outcome, unknown.Outcome, tooLong.Outcome));
        Assert.Equal(new MessageReply(MessageOutcome.Delivered, 200), delivered);
        Assert.Equal(("hello", "text/plain;charset=UTF-8"), (arrived.Body, arrived.Header("Content-Type")));
    }

    private Task<MessageReply> SendAsync(string to, string text) =>
        _loopback.Exchange.Messages.SendAsync(TextMessage.Plain("shop", to, text), default).AsTask();

    private async Task<ScriptedPhone> RegisteredAsync()
    {
        var bob = _loopback.Phone("102", "pw102");
        Assert.Equal(200, (await bob.RegisterAsync()).Status);
        return bob;
    }

    private Task<WireMessage> AskAsync(string to, string text, string type = "text/plain") => AskAsync(Draft(_alice, to, text, type));

    private async Task<WireMessage> AskAsync(SipDraft draft)
    {
        var challenge = await _alice.AskAsync(draft);
        if (challenge.Status != 401)
            return challenge;
        var second = draft.Copy().Set("Via", _alice.NewVia()).Set("CSeq", $"{_alice.NewCSeq()} MESSAGE");
        _alice.Authorize(second, challenge);
        return await _alice.AskAsync(second);
    }

    private static SipDraft Draft(ScriptedPhone phone, string to, string text, string type) =>
        phone.Request("MESSAGE", $"sip:{to}@switchhook.local").Remove("Contact").WithBody(type, Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text)));
}
