using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>Phones that watch each other (RFC 6665), under a clock that moves only when told to.</summary>
public sealed class SubscriptionCallTests : IAsyncLifetime
{
    private readonly Loopback _loopback = Loopback.StartAt(
        new ManualTime(),
        new Provisioning
        {
            Extensions =
            [
                new Extension { Number = "101", Secret = "pw101", Account = "demo" }, new Extension { Number = "102", Secret = "pw102", Account = "demo" },
                new Extension { Number = "201", Secret = "pw201", Account = "other" },
                new Extension { Number = "800", Kind = ExtensionKind.Service, Behaviour = ServiceBehaviour.Answer, Account = "demo" },
            ],
            Trunks = [new Trunk { Name = "carrier", Host = "127.0.0.9", From = ["127.0.0.9"], MayDial = TrunkDial.All }],
        },
        o => o with { Subscriptions = new(4, 3), SessionInterval = TimeSpan.Zero });

    private ScriptedPhone _alice = null!;

    public ValueTask InitializeAsync()
    {
        _alice = _loopback.Phone("101", "pw101");
        _alice.AlwaysAnswer("NOTIFY", 200);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _loopback.DisposeAsync();

    [Fact]
    public async Task A_phone_sees_the_calls_of_another_begin_and_end()
    {
        await SubscribeAsync(_alice, "102", "dialog");
        var first = await NotifyAsync();
        var bob = _loopback.Phone("102", "pw102");

        var call = await bob.DialAsync("800");
        await call.ConnectAsync();
        var talking = await NotifyAsync(m => m.Body.Contains("<state>confirmed</state>", StringComparison.Ordinal));
        await call.HangUpAsync();
        var over = await NotifyAsync(m => m.Body.Contains("<state>terminated</state>", StringComparison.Ordinal));

        Assert.Equal(("dialog", "active;expires=600", "application/dialog-info+xml"), (first.Header("Event"), first.Header("Subscription-State"), first.Header("Content-Type")));
        Assert.Contains("version=\"0\" state=\"full\" entity=\"sip:102@switchhook.local\"", first.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("<dialog ", first.Body, StringComparison.Ordinal);
        Assert.Contains("direction=\"initiator\"", talking.Body, StringComparison.Ordinal);
        Assert.Contains("sip:800@switchhook.local", talking.Body, StringComparison.Ordinal);
        Assert.True(over.Sequence > talking.Sequence);
    }

    [Fact]
    public async Task While_a_notify_is_out_changes_wait_and_the_last_state_wins()
    {
        var slow = _loopback.Phone("101", "pw101");
        await SubscribeAsync(slow, "102", "message-summary");
        var first = await slow.ReceiveAsync("NOTIFY");
        for (var i = 1; i <= 5; i++)
            _loopback.Ports.MessageCounts.Set("102", new MessageCounts(i, 0));
        await _loopback.AdvanceAsync(TimeSpan.Zero);

        await slow.RespondAsync(first, 200);
        var second = await slow.ReceiveAsync("NOTIFY");

        Assert.Contains("Messages-Waiting: no", first.Body, StringComparison.Ordinal);
        Assert.Contains("Messages-Waiting: yes", second.Body, StringComparison.Ordinal);
        Assert.Contains("Voice-Message: 5/0", second.Body, StringComparison.Ordinal);
        Assert.Equal(2, slow.CountReceived(m => m.Is("NOTIFY")));
    }

    [Fact]
    public async Task Presence_follows_the_registration_and_its_expiry()
    {
        await SubscribeAsync(_alice, "102", "presence");
        var absent = await NotifyAsync();
        var bob = _loopback.Phone("102", "pw102");

        await bob.RegisterAsync(120);
        var here = await NotifyAsync();
        await _loopback.AdvanceAsync(TimeSpan.FromSeconds(121));
        var gone = await NotifyAsync();

        Assert.Contains("<basic>closed</basic>", absent.Body, StringComparison.Ordinal);
        Assert.Contains("<basic>open</basic>", here.Body, StringComparison.Ordinal);
        Assert.Contains("<basic>closed</basic>", gone.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refresh_prolongs_it_and_without_one_it_times_out()
    {
        var subscribe = await SubscribeAsync(_alice, "102", "dialog");
        await NotifyAsync();
        await _loopback.AdvanceAsync(TimeSpan.FromSeconds(400));

        var refreshed = await RefreshAsync(subscribe, 600);
        await NotifyAsync();
        await _loopback.AdvanceAsync(TimeSpan.FromSeconds(599));
        var dialogs = _loopback.Exchange.Figures().Live["dialog"];
        await _loopback.AdvanceAsync(TimeSpan.FromSeconds(2));
        var last = await NotifyAsync();

        Assert.Equal((200, "600"), (refreshed.Status, refreshed.Header("Expires")));
        Assert.Equal(1, dialogs);
        Assert.Equal("terminated;reason=timeout", last.Header("Subscription-State"));
        await NothingLeftAsync();
        Assert.Equal(481, (await RefreshAsync(subscribe, 600)).Status);
    }

    [Fact]
    public async Task It_is_ended_and_asked_for_once_with_no_time()
    {
        var subscribe = await SubscribeAsync(_alice, "102", "dialog");
        await NotifyAsync();

        var ended = await RefreshAsync(subscribe, 0);
        var last = await NotifyAsync();
        await NothingLeftAsync();
        var fetched = await SubscribeAsync(_alice, "102", "presence", expires: 0);
        var answer = await NotifyAsync();

        Assert.Equal((200, "terminated;reason=timeout"), (ended.Status, last.Header("Subscription-State")));
        Assert.Equal((200, "0"), (fetched.Status, fetched.Header("Expires")));
        Assert.Equal("terminated;reason=timeout", answer.Header("Subscription-State"));
        Assert.Contains("<basic>", answer.Body, StringComparison.Ordinal);
        await NothingLeftAsync();
    }

    [Fact]
    public async Task A_phone_that_knows_nothing_of_it_or_never_answers_ends_it()
    {
        var forgetful = _loopback.Phone("101", "pw101");
        await SubscribeAsync(forgetful, "102", "dialog");
        await forgetful.RespondAsync(await forgetful.ReceiveAsync("NOTIFY"), 481);
        await NothingLeftAsync();

        await SubscribeAsync(forgetful, "102", "dialog");
        await forgetful.ReceiveAsync("NOTIFY");
        await _loopback.AdvanceAsync(TimeSpan.FromSeconds(33));

        await NothingLeftAsync();
    }

    [Fact]
    public async Task A_server_that_stops_tells_its_phones_to_come_back()
    {
        await SubscribeAsync(_alice, "102", "dialog");
        await NotifyAsync();

        var stopping = _loopback.Exchange.StopAsync(TimeSpan.Zero, new CancellationToken(canceled: true));
        var last = await NotifyAsync();
        while (!stopping.IsCompleted)
            await _loopback.AdvanceAsync(TimeSpan.FromMilliseconds(20));
        await stopping;

        Assert.Equal("terminated;reason=deactivated", last.Header("Subscription-State"));
        Assert.Equal(503, (await SubscribeAsync(_alice, "102", "dialog")).Status);
    }

    [Theory]
    [InlineData("102", "conference", null, "600", 489)]
    [InlineData("102", "Dialog", null, "600", 489)]
    [InlineData("102", "", null, "600", 489)]
    [InlineData("102", "dialog", "application/pidf+xml", "600", 406)]
    [InlineData("102", "dialog", "text/plain, application/*", "600", 200)]
    [InlineData("102", "dialog", null, "59", 423)]
    [InlineData("102", "dialog", null, "60", 200)]
    [InlineData("102", "dialog", null, "many", 400)]
    [InlineData("999", "dialog", null, "600", 404)]
    [InlineData("201", "dialog", null, "600", 403)]
    public async Task What_cannot_be_watched_is_refused_by_name(string target, string package, string? accept, string expires, int status)
    {
        var response = await AskAsync(_alice, Draft(_alice, target, package, accept, expires));

        Assert.Equal(status, response.Status);
        if (status == 489)
            Assert.Equal("message-summary, dialog, presence", response.Header("Allow-Events"));
        if (status == 423)
            Assert.Equal("60", response.Header("Min-Expires"));
        if (status != 200)
            Assert.Equal(0, _loopback.Exchange.Figures().Live["dialog"]);
    }

    [Fact]
    public async Task A_longer_wish_is_shortened_and_an_event_id_comes_back()
    {
        var response = await AskAsync(_alice, Draft(_alice, "102", "dialog;id=a7;sla", null, "999999"));
        var notify = await NotifyAsync();

        Assert.Equal((200, "3600"), (response.Status, response.Header("Expires")));
        Assert.Equal("dialog;id=a7", notify.Header("Event"));
    }

    [Fact]
    public async Task There_are_only_so_many_of_one_phone_and_in_all()
    {
        for (var i = 0; i < 3; i++)
            Assert.Equal(200, (await SubscribeAsync(_alice, "102", "dialog")).Status);
        var fourth = await SubscribeAsync(_alice, "102", "dialog");
        var bob = _loopback.Phone("102", "pw102");
        var other = await SubscribeAsync(bob, "101", "dialog");
        var fifth = await SubscribeAsync(bob, "101", "dialog");

        Assert.Equal((403, 200, 503), (fourth.Status, other.Status, fifth.Status));
        Assert.NotEmpty(fifth.Header("Retry-After"));
    }

    [Fact]
    public async Task Neither_a_stranger_nor_a_peer_may_watch()
    {
        var peer = _loopback.Peer();
        var stranger = _loopback.Phone("101", null);

        var toPeer = await peer.AskAsync(Draft(peer, "102", "dialog", null, "600"));
        var toStranger = await stranger.AskAsync(Draft(stranger, "102", "dialog", null, "600"));

        Assert.Equal((403, 401), (toPeer.Status, toStranger.Status));
    }

    private static SipDraft Draft(ScriptedPhone phone, string target, string package, string? accept, string expires)
    {
        var draft = phone.Request("SUBSCRIBE", $"sip:{target}@switchhook.local").Add("Expires", expires);
        if (package.Length > 0)
            draft.Add("Event", package);
        if (accept is not null)
            draft.Add("Accept", accept);
        return draft;
    }

    private static async Task<WireMessage> AskAsync(ScriptedPhone phone, SipDraft draft)
    {
        var challenge = await phone.AskAsync(draft);
        if (challenge.Status != 401)
            return challenge;
        var second = draft.Copy().Set("Via", phone.NewVia()).Set("CSeq", $"{phone.NewCSeq()} SUBSCRIBE");
        phone.Authorize(second, challenge);
        return await phone.AskAsync(second);
    }

    private static Task<WireMessage> SubscribeAsync(ScriptedPhone phone, string target, string package, int expires = 600) =>
        AskAsync(phone, Draft(phone, target, package, null, $"{expires}"));

    /// <summary>A SUBSCRIBE in the dialog that the answer made.</summary>
    private Task<WireMessage> RefreshAsync(WireMessage made, int expires) => _alice.AskAsync(
        _alice.Request("SUBSCRIBE", made.ContactUri).Set("From", made.Header("From")).Set("To", made.Header("To")).Set("Call-ID", made.CallId)
            .Set("CSeq", $"{_alice.NewCSeq()} SUBSCRIBE").Add("Event", "dialog").Add("Expires", $"{expires}"));

    private Task<WireMessage> NotifyAsync(Func<WireMessage, bool>? wanted = null) =>
        _alice.ReceiveAsync(m => m.Is("NOTIFY") && (wanted?.Invoke(m) ?? true), "that NOTIFY");

    private Task NothingLeftAsync() => Eventually.TrueAsync(
        () => _loopback.Exchange.Figures().Live is var live && live["dialog"] == 0, "no subscription is left");
}
