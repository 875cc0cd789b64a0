using System.Text;
using System.Threading.Channels;
using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Calls.Scripts;
using Switchhook.Dialects.Ozeki;
using Switchhook.Dialects.Ozeki.Messages;
using Switchhook.Dialects.Ozeki.Replies;
using Switchhook.TestKit.Timing;

namespace Switchhook.Dialects.Tests.Ozeki;

/// <summary>Replies to notifications, and the blocks of a Request for what has no audio.</summary>
public sealed class OzekiSideScriptTests : IAsyncDisposable, ICallControl, IHttpCaller, IMessages, IMailer, IDisposable
{
    private const string Changed = "NotificationName=CallChanged&CallState=Answered";

    private static readonly string Id = OzekiWorld.First.ToString();

    private readonly Channel<CallCommand> _asked = Channel.CreateUnbounded<CallCommand>();
    private readonly Channel<TextMessage> _texts = Channel.CreateUnbounded<TextMessage>();
    private readonly Channel<HttpCall> _web = Channel.CreateUnbounded<HttpCall>();
    private readonly ManualTime _time = new(OzekiWorld.Start);
    private readonly OzekiSideScripts _scripts;
    private readonly OzekiMessages _messages;
    private readonly Call _call = OzekiWorld.Ordinary() with { Near = 1, Far = 2, Legs = [Leg(1, LegRole.Caller), Leg(2, LegRole.Callee)] };
    private readonly CallReply _reply = new(CallRefusal.None, null);
    private string _page = "";
    private Action<TextMessage> _heard = _ => { };

    public OzekiSideScriptTests()
    {
        var (directory, options) = (new FakeDirectory(OzekiWorld.Provisioned), new OzekiOptions());
        _messages = new OzekiMessages(this, directory, this, _time, options);
        _messages.Start(this);
        _scripts = new OzekiSideScripts(this, directory, null, _time, options);
        _scripts.Start(this, new FakeHistory(), new FakeRegistrations("204"), _messages);
    }

    public async ValueTask DisposeAsync()
    {
        await _scripts.DisposeAsync();
        await _messages.DisposeAsync();
    }

    public void Dispose() => _heard = _ => { };

    public ValueTask<CallReply> AskAsync(CallCommand command, CancellationToken cancellation)
    {
        _asked.Writer.TryWrite(command);
        return ValueTask.FromResult(_reply);
    }

    public Call? Find(CallId id) => id == _call.Id ? _call : null;

    public IReadOnlyList<Call> Live() => [_call];

    public ValueTask<HttpReply> SendAsync(HttpCall call, CancellationToken cancellation)
    {
        _web.Writer.TryWrite(call);
        return ValueTask.FromResult(FakeHttp.Ok(_page));
    }

    public ValueTask<MessageReply> SendAsync(TextMessage message, CancellationToken cancellation)
    {
        _texts.Writer.TryWrite(message);
        return ValueTask.FromResult(new MessageReply(message.To == "999" ? MessageOutcome.NoSuchExtension : MessageOutcome.Delivered));
    }

    public IDisposable Listen(Action<TextMessage> heard)
    {
        _heard = heard;
        return this;
    }

    public ValueTask<string?> SendAsync(MailToSend mail, CancellationToken cancellation) => ValueTask.FromResult<string?>(null);

    /// <summary>The worked example of the vendor's third-party script: both commands act on the call the notification was about.</summary>
    [Fact]
    public async Task The_reply_to_a_changed_call_acts_on_that_call()
    {
        Reply(Changed, """<Response><Speak Party="callee">This call is  recorded.</Speak><Record Format="wav" FinishedUrl="rec"/></Response>""");

        Assert.Equal(Sound(new AudioOrder.Play(2, new AudioSource.Speech("This call is recorded.", null, null))), await AskedAsync());
        Assert.Equal(
            Sound(new AudioOrder.Record(null, new RecordingTerms { Format = RecordingFormat.Wav, Callback = new RecordingCallback("ozeki", "http://app.test/rec") })), await AskedAsync());
    }

    [Fact]
    public async Task What_follows_waits_for_a_delay_and_variables_and_rounds_work()
    {
        Reply(Changed, """
            <response>
              <var id="n">1</var><array id="keys"><item>4</item><item>5</item></array>
              <ForEach source="keys"><SendDTMF Party="caller">$n$item</SendDTMF></ForEach>
              <Delay>3</Delay><Hold/><Hangup/><Unhold/>
            </response>
            """);

        Assert.Equal(Sound(new AudioOrder.SendKeys(1, "14")), await AskedAsync());
        Assert.Equal(Sound(new AudioOrder.SendKeys(1, "15")), await AskedAsync());
        await Eventually.TrueAsync(() => _time.Waiting > 0, "the delay runs");
        Assert.False(_asked.Reader.TryPeek(out _));
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.IsType<CallCommand.Hold>(await AskedAsync());
        Assert.IsType<CallCommand.HangUp>(await AskedAsync());
        await _scripts.DisposeAsync();
        Assert.False(_asked.Reader.TryPeek(out _));
    }

    [Theory]
    [InlineData("<Speak>hi</Speak>", "302", "Missing+or+invalid+parameter+%27Party%27+for+command+%27Speak%27")]
    [InlineData("<UserInput/>", "303", "Command+%27UserInput%27+cannot+be+used+here")]
    [InlineData("<SendSms Recipient='204'>hi</SendSms>", "303", "Command+%27SendSms%27+cannot+be+used+here")]
    [InlineData("<BlindTransfer>204</BlindTransfer>", "302", "Missing+or+invalid+parameter+%27TransferorParty%27+for+command+%27BlindTransfer%27")]
    [InlineData("<Delay>soon</Delay>", "302", "Missing+or+invalid+parameter+%27Time%27+for+command+%27Delay%27")]
    [InlineData("<Fax/>", "301", "Not+implemented+command%3A+%27Fax%27")]
    [InlineData("<Hold CallId='zzz9Q'/>", "601", "Call+not+found+with+ID+%27zzz9Q%27")]
    public async Task A_command_that_is_wrong_there_is_told_and_the_next_one_runs(string command, string code, string message)
    {
        Reply(Changed, $"\r\n<?xml version='1.0'?><Response>{command}<Hold/></Response>");

        var error = await NextAsync(_web);
        Assert.Equal(
            ("http://app.test/failed", $"NotificationName=Error&Code={code}&Message={message}&CallId={Id}&Dialed=204"), (error.Url, Form(error)));
        Assert.IsType<CallCommand.Hold>(await AskedAsync());
    }

    [Fact]
    public async Task A_reply_that_cannot_be_read_is_told()
    {
        Reply(Changed, "<Response><Hold>");

        Assert.StartsWith("NotificationName=Error&Code=300&Message=Error+occured+during+parsing", Form(await NextAsync(_web)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_reply_leaves_the_call_alone()
    {
        Reply(Changed, "");
        Reply(Changed, " \r\n");
        Reply(Changed, "<Response/>");
        Reply(Changed, "<Response><Unhold/></Response>");

        _ = await NextAsync(_web);   // 303: the call is not held; what came before was nothing to do
        Assert.False(_web.Reader.TryPeek(out _));
    }

    [Fact]
    public async Task A_goto_runs_the_reply_of_another_address()
    {
        _page = "<Response><Hold/></Response>";
        Reply(Changed, "<Response><GoTo>next?a=1</GoTo><Hangup/></Response>");

        var asked = await NextAsync(_web);
        Assert.Equal(("http://app.test/next?a=1", $"NotificationName=GoTo&CallId={Id}"), (asked.Url, Form(asked)));
        Assert.IsType<CallCommand.Hold>(await AskedAsync());
        await _scripts.DisposeAsync();
        Assert.False(_asked.Reader.TryPeek(out _));
    }

    [Fact]
    public async Task A_script_that_goes_round_ends()
    {
        _page = "<Response><GoTo>http://app.test/changed</GoTo></Response>";
        Reply(Changed, "<Response><GoTo>http://app.test/changed</GoTo></Response>");

        var requests = 0;
        while (Form(await NextAsync(_web)).StartsWith("NotificationName=GoTo", StringComparison.Ordinal))
            requests++;

        Assert.Equal(99, requests);
    }

    [Fact]
    public async Task The_reply_to_a_text_message_sends_another_or_places_a_call()
    {
        _page = "<Response><Call ResponseOzML='Hello'>201</Call><Speak Party='all'>hi</Speak></Response>";
        _heard(TextMessage.Plain("204", "900", "call me"));

        Assert.StartsWith("NotificationName=IncomingSMS", Form(await NextAsync(_web)), StringComparison.Ordinal);
        var call = Assert.IsType<CallCommand.Originate>(await AskedAsync());
        Assert.Equal(("201", "900", "ops"), (call.Dialed, call.ApiExtension, call.Account));
        Assert.Contains("Code=303", Form(await NextAsync(_web)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<SendMsg ToConnection='SIP'>We call you back.</SendMsg>", "204")]
    [InlineData("<SendMsg ToConnection='sms@localhost'>We call you back.</SendMsg>", "204")]
    [InlineData("<sendmsg toconnection='sip' ToAddress='201@localhost' Text='We call you back.'/>", "201")]
    public async Task The_reply_to_a_text_message_answers_it_by_another(string command, string to)
    {
        _page = $"<Response>{command}</Response>";
        _heard(TextMessage.Plain("204", "900", "call me"));

        var sent = await NextAsync(_texts);
        Assert.Equal(("900", to, "We call you back."), (sent.From, sent.To, sent.Text));
    }

    [Theory]
    [InlineData("<SendMsg ToConnection='facebook'>x</SendMsg>", "Code=301&Message=Not+implemented+command%3A+%27SendMsg%27")]
    [InlineData("<SendMsg ToConnection='sip' ToAddress='999'>x</SendMsg>", "Code=501&")]
    [InlineData("<SendMsg ToConnection='sip' ToAddress='900'>x</SendMsg>", "Code=501&")]
    [InlineData("<SendMsg ToConnection='sms' ToAddress='+3615550100'>x</SendMsg>", "Code=501&")]
    [InlineData("<SendMsg ToConnection='email' ToAddress='nobody'>x</SendMsg>", "Code=302&Message=Missing+or+invalid+parameter+%27ToAddress%27+for+command+%27SendMsg%27")]
    [InlineData("<SendMsg ToConnection='sip'/>", "Code=302&Message=Missing+or+invalid+parameter+%27Text%27")]
    [InlineData("<SendMsg>x</SendMsg>", "Code=302&Message=Missing+or+invalid+parameter+%27ToConnection%27")]
    public async Task A_message_that_cannot_be_sent_from_a_reply_is_told(string command, string told)
    {
        _page = $"<Response>{command}</Response>";
        _heard(TextMessage.Plain("204", "900", "call me"));

        await NextAsync(_web);
        Assert.Contains(told, Form(await NextAsync(_web)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HangupCause.UserBusy, false, "1")]
    [InlineData(HangupCause.NoAnswer, false, "4")]
    [InlineData(HangupCause.UnallocatedNumber, false, "4")]
    [InlineData(HangupCause.NormalClearing, true, "3")]
    public async Task The_block_of_a_request_for_what_became_of_it_runs(HangupCause cause, bool answered, string number)
    {
        const string document = """
            <Request DialedAddress='204'>
              <OnRinging><Call Dialed='2'/></OnRinging><OnInCall><Beep/></OnInCall><OnBusy><Call Dialed='1'/></OnBusy>
              <OnCompleted><Call Dialed='3'/></OnCompleted><OnError><Call Dialed='4'/></OnError>
            </Request>
            """;
        var placed = OzekiWorld.Placed();
        placed = placed with { Plan = ((CallPlan.Originated)placed.Plan) with { Then = new OnAnswer.RunScript(new ScriptRef("ozeki", null, document)) } };

        _scripts.On(new LoggedEvent(1, new CallRinging { Call = placed, Sequence = 2, At = OzekiWorld.Start }));
        Assert.Equal("2", Assert.IsType<CallCommand.Originate>(await AskedAsync()).Dialed);
        var ended = OzekiWorld.Ended(placed with { AnsweredAt = answered ? OzekiWorld.Start : null }, cause, new HangupBy.Callee());
        _scripts.On(new LoggedEvent(2, new CallEnded { Call = ended, Sequence = 5, At = OzekiWorld.Start }));

        Assert.Equal(number, Assert.IsType<CallCommand.Originate>(await AskedAsync()).Dialed);
    }

    [Theory]
    [InlineData("<Call Dialed='1'/><Call Dialed='2'/><Beep/><Call Dialed='9'/>", "1,2")]
    [InlineData("<Var ID='n'>7</Var><Call Dialed='$n'/><Delay>1</Delay><Beep/>", "7")]
    [InlineData("<Array ID='l'><item>5</item><item>6</item></Array><ForEach Source='l'><Call Dialed='$item'/></ForEach><GoTo>on</GoTo>", "5,6")]
    [InlineData("<ForEach Source='l'><Speak>a</Speak></ForEach><Call Dialed='9'/>", "")]
    [InlineData("<Beep/><Call Dialed='9'/>", "")]
    public async Task The_setup_of_a_request_runs_with_the_call_up_to_what_needs_the_party(string setup, string dialled)
    {
        var document = $"<Request DialedAddress='204'><onsetup>{setup}</onsetup><OnRinging><Call Dialed='8'/></OnRinging></Request>";
        var placed = OzekiWorld.Placed();
        placed = placed with { Plan = ((CallPlan.Originated)placed.Plan) with { Then = new OnAnswer.RunScript(new ScriptRef("ozeki", null, document)) } };

        _scripts.On(new LoggedEvent(1, new CallStarted { Call = placed, Sequence = 1, At = OzekiWorld.Start }));
        var numbers = new List<string>();
        while (numbers.Count < dialled.Split(',', StringSplitOptions.RemoveEmptyEntries).Length)
            numbers.Add(Assert.IsType<CallCommand.Originate>(await AskedAsync()).Dialed);
        await _scripts.DisposeAsync();

        Assert.Equal(dialled, string.Join(',', numbers));
        Assert.False(_asked.Reader.TryPeek(out _));
    }

    [Fact]
    public async Task Calls_without_a_request_have_no_blocks_and_strangers_no_scripts()
    {
        _scripts.On(new LoggedEvent(1, new CallRinging { Call = OzekiWorld.Placed(), Sequence = 2, At = OzekiWorld.Start }));
        Reply(Changed, "<Response><Hold/></Response>", account: "nobody");
        Reply("Nothing=1", "<Response><Hold/></Response>");
        Reply(Changed, "<Response><Hangup/></Response>");

        Assert.IsType<CallCommand.HangUp>(await AskedAsync());
    }

    private void Reply(string form, string body, string account = "ops") => _scripts.Take(
        new Notification("1.1", _call.Id, "ozeki", new HttpCall { Url = "http://app.test/changed", Body = Encoding.ASCII.GetBytes(form) }, Terminal: false) { Account = account },
        FakeHttp.Ok(body));

    private CallCommand.Sound Sound(AudioOrder order) => new(_call.Id, order);

    private async Task<CallCommand> AskedAsync() => await NextAsync(_asked);

    private static async Task<T> NextAsync<T>(Channel<T> channel)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await channel.Reader.ReadAsync(deadline.Token);
    }

    private static string Form(HttpCall call) => Encoding.ASCII.GetString(call.Body.Span);

    private static Leg Leg(int number, LegRole role) => new()
    {
        Id = new LegId(OzekiWorld.First, number),
        Direction = LegDirection.Outbound,
        Role = role,
        Party = new Party("1"),
        State = new LegState.Bridged(),
        StartedAt = OzekiWorld.Start,
    };
}
