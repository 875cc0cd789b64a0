using System.Text;
using System.Threading.Channels;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Ozeki;
using Switchhook.Dialects.Ozeki.Commands;
using Switchhook.Dialects.Ozeki.Messages;
using Switchhook.Dialects.Ozeki.Scripts;
using Switchhook.Ivr;
using Switchhook.TestKit.Timing;

namespace Switchhook.Dialects.Tests.Ozeki;

/// <summary>SendSms, SendEmail, SendMessage and ReceiveMessage, IncomingSMS and SMSDeliveryReport.</summary>
public sealed class OzekiMessageTests : IAsyncDisposable, IMessages, IMailer, IHttpCaller, IDisposable
{
    private readonly Channel<TextMessage> _phones = Channel.CreateUnbounded<TextMessage>();
    private readonly Channel<HttpCall> _web = Channel.CreateUnbounded<HttpCall>();
    private readonly List<MailToSend> _mails = [];
    private readonly OzekiMessages _messages;
    private readonly OzekiWorld _world;
    private Action<TextMessage> _heard = _ => { };
    private MessageOutcome _outcome = MessageOutcome.Delivered;
    private string? _mailProblem;

    public OzekiMessageTests()
    {
        var options = new OzekiOptions { SmsGateway = new OzekiSmsGateway("http://sms.test/send?to={recipient}", """{"from":"{sender}","text":"{message}"}""", "application/json", "Bearer t0ken") };
        _messages = new OzekiMessages(this, new FakeDirectory(OzekiWorld.Provisioned), this, new ManualTime(OzekiWorld.Start), options);
        _messages.Start(this);
        _world = new OzekiWorld { Messages = _messages, Options = options };
    }

    public ValueTask DisposeAsync() => _messages.DisposeAsync();

    public void Dispose() => _heard = _ => { };

    public ValueTask<MessageReply> SendAsync(TextMessage message, CancellationToken cancellation)
    {
        _phones.Writer.TryWrite(message);
        return ValueTask.FromResult(new MessageReply(_outcome));
    }

    public IDisposable Listen(Action<TextMessage> heard)
    {
        _heard = heard;
        return this;
    }

    public ValueTask<string?> SendAsync(MailToSend mail, CancellationToken cancellation)
    {
        _mails.Add(mail);
        return ValueTask.FromResult(_mailProblem);
    }

    public ValueTask<HttpReply> SendAsync(HttpCall call, CancellationToken cancellation)
    {
        _web.Writer.TryWrite(call);
        return ValueTask.FromResult(FakeHttp.Ok(""));
    }

    /// <summary>Recipient and Message, and the payload SmsId, as on the vendor's page of SendSms.</summary>
    [Fact]
    public async Task A_text_for_an_extension_goes_to_its_phones_and_is_reported()
    {
        var answer = await _world.ListAsync("command=SendSms&Recipient=204&Message=Hello+there&DelivaryReportURL=http%3A%2F%2Fapp.test%2Freport");

        var sent = await NextAsync(_phones);
        Assert.Equal(("900", "204", "Hello there"), (sent.From, sent.To, sent.Text));
        Assert.Equal(["Code", "Message", "SmsId"], answer.Elements().Select(e => e.Name.LocalName));
        var id = answer.Element("SmsId")!.Value;
        Assert.True(Guid.TryParse(id, out _));
        var report = await NextAsync(_web);
        Assert.Equal(("http://app.test/report", $"NotificationName=SMSDeliveryReport&SmsId={id}&Recipient=204&Status=Delivered"), (report.Url, Encoding.UTF8.GetString(report.Body.Span)));
    }

    [Fact]
    public async Task A_text_nobody_took_is_reported_as_failed()
    {
        _outcome = MessageOutcome.NotRegistered;

        await _world.AskAsync("command=SendSms&Recipient=204&Message=hi&DeliveryReportURL=http%3A%2F%2Fapp.test%2Freport");

        Assert.EndsWith("&Recipient=204&Status=Failed", Encoding.UTF8.GetString((await NextAsync(_web)).Body.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_for_a_number_outside_goes_to_the_gateway_encoded_for_where_it_stands()
    {
        await _world.AskAsync("command=SendSms&Recipient=%2B36201234567&Message=%22a%26b%22+%7Bsender%7D&Sender=3000");

        var request = await NextAsync(_web);
        Assert.Equal(("POST", "http://sms.test/send?to=%2B36201234567", "application/json"), (request.Method, request.Url, request.ContentType));
        Assert.Equal("""{"from":"3000","text":"\u0022a\u0026b\u0022 {sender}"}""", Encoding.UTF8.GetString(request.Body.Span));
        Assert.Equal(new("Authorization", "Bearer t0ken"), Assert.Single(request.Headers));
    }

    [Fact]
    public async Task Without_a_gateway_a_number_outside_is_501()
    {
        await using var messages = new OzekiMessages(this, new FakeDirectory(OzekiWorld.Provisioned), this, TimeProvider.System, new OzekiOptions());
        messages.Start(this);

        var answer = await new OzekiWorld { Messages = messages }.AskAsync("command=SendSms&Recipient=%2B36201234567&Message=hi");

        Assert.Equal((501, "Destination of the SMS is not found"), answer);
    }

    [Theory]
    [InlineData("SendSms", "Recipient=x&Message=hi", 302, "Missing or invalid parameter 'Recipient' for command 'SendSms'")]
    [InlineData("SendSms", "Recipient=204", 302, "Missing or invalid parameter 'Message' for command 'SendSms'")]
    [InlineData("SendSms", "Recipient=204&Message=hi&DeliveryReportURL=here", 302, "Missing or invalid parameter 'DeliveryReportURL' for command 'SendSms'")]
    [InlineData("SendSms", "Recipient=204&Message=hi&ApiExtension=977", 401, "API extension '977' unavailable, please check configuration or permissions")]
    [InlineData("SendEmail", "Subject=hi", 302, "Missing or invalid parameter 'Recipient' for command 'SendEmail'")]
    [InlineData("SendEmail", "Recipient=a%40b%40c", 302, "Missing or invalid parameter 'Recipient' for command 'SendEmail'")]
    [InlineData("SendEmail", "Recipient=a%40b&Subject=x%0D%0ABcc%3A+c%40d", 302, "Missing or invalid parameter 'Subject' for command 'SendEmail'")]
    [InlineData("SendEmail", "Recipient=a%40b&Sender=nobody", 302, "Missing or invalid parameter 'Sender' for command 'SendEmail'")]
    [InlineData("SendMessage", "Recipient=204&MessageData=hi", 302, "Missing or invalid parameter 'Action' for command 'SendMessage'")]
    [InlineData("SendMessage", "action=sendmessage&Recipient=204", 302, "Missing or invalid parameter 'MessageData' for command 'SendMessage'")]
    [InlineData("SendMessage", "action=sendmessage&MessageCount=2&Recipient0=204&MessageData0=a&Recipient1=204", 302, "Missing or invalid parameter 'MessageData1' for command 'SendMessage'")]
    [InlineData("ReceiveMessage", "action=receivemessage&Folder=sent", 302, "Missing or invalid parameter 'Folder' for command 'ReceiveMessage'")]
    public async Task The_first_wrong_parameter_is_named_and_nothing_is_sent(string command, string query, int code, string message)
    {
        Assert.Equal((code, message), await _world.AskAsync($"command={command}&{query}"));

        Assert.Equal(0, _phones.Reader.Count + _web.Reader.Count + _mails.Count);
    }

    [Fact]
    public async Task A_mail_goes_to_the_server_with_all_it_says()
    {
        var answer = await _world.AskAsync("command=SendEmail&Recipient=bob%40example.test&Subject=Parcel&Message=It+is+here.%0A&Sender=desk%40example.test");

        Assert.Equal(200, answer.Code);
        Assert.Equal(new MailToSend("bob@example.test", "desk@example.test", "Parcel", "It is here.\n"), Assert.Single(_mails));
    }

    [Fact]
    public async Task A_mail_the_server_does_not_take_is_501()
    {
        _mailProblem = "no mail server is configured (Mail:Host)";

        Assert.Equal(501, (await _world.AskAsync("command=SendEmail&Recipient=bob%40example.test")).Code);
    }

    [Fact]
    public async Task The_gateways_own_command_sends_several_and_answers_in_its_own_layout()
    {
        var text = await _world.GetAsync(
            "command=SendMessage&action=sendmessage&MessageCount=2&Originator=3000&Recipient0=204&MessageData0=one&Recipient1=201&MessageData1=two&MessageType1=SMS:TEXT" + OzekiWorld.Credentials);

        var answer = System.Xml.Linq.XElement.Parse(text);
        Assert.Equal("response", answer.Name.LocalName);
        Assert.Equal("sendmessage", answer.Element("action")!.Value);
        Assert.Equal(
            ["messageid", "originator", "recipient", "messagetype", "messagedata", "senttime", "receivedtime"],
            answer.Element("data")!.Elements("message").First().Elements().Select(e => e.Name.LocalName));
        Assert.Equal(["one", "two"], new[] { await NextAsync(_phones), await NextAsync(_phones) }.OrderBy(m => m.Text, StringComparer.Ordinal).Select(m => m.Text));
    }

    [Fact]
    public async Task What_a_phone_sends_to_an_API_extension_is_posted_to_it_and_kept_until_it_is_fetched()
    {
        _heard(TextMessage.Plain("201", "900", "Where are you?"));

        Assert.Equal(
            "NotificationName=IncomingSMS&Sender=201&Recipient=900&Message=Where+are+you%3F&ApiExtension=900",
            Encoding.UTF8.GetString((await NextAsync(_web)).Body.Span));
        Assert.Equal(["Where are you?"], await FetchAsync(""));
        Assert.Equal(["Where are you?"], await FetchAsync("&AfterDownload=delete"));
        Assert.Empty(await FetchAsync(""));
    }

    [Fact]
    public async Task What_another_account_received_is_not_shown()
    {
        _heard(TextMessage.Plain("201", "977", "secret"));
        _heard(TextMessage.Plain("201", "204", "between phones"));

        Assert.Empty(await FetchAsync(""));
    }

    [Fact]
    public void Scripts_send_texts_and_mails_by_their_text_and_attributes()
    {
        var context = new OzmlContext(new Calls.Directory.CallDirectory(OzekiWorld.Provisioned), "ops", "900") { Messages = _messages };

        var verbs = Ozml.ReadParameter("<Response><SendSms Recipient='204'>Come home</SendSms><SendEmail Recipient='b@c' Subject='s'>Text</SendEmail><SendSms Recipient='204'/></Response>", context).Verbs;

        Assert.Equal(["SendSms", "SendEmail"], verbs.OfType<Verb.Errand>().Select(v => v.Name));
        Assert.Equal(302, Assert.IsType<Verb.Invalid>(verbs[2]).Code);
    }

    [Fact]
    public void Scripts_send_texts_and_mails_by_named_connections_too()
    {
        var context = new OzmlContext(new Calls.Directory.CallDirectory(OzekiWorld.Provisioned), "ops", "900") { Messages = _messages };

        var verbs = Ozml.ReadParameter("""
            <Response><SendMsg ToConnection='SMS@localhost' ToAddress='204'>Come home</SendMsg><SendMsg ToConnection='email' ToAddress='b@c' Text='Text'/>
              <SendMsg ToConnection='sms'>hi</SendMsg><SendMsg ToConnection='email' ToAddress='204'>hi</SendMsg><SendMsg ToConnection='sip@localhost' ToAddress='204'>hi</SendMsg></Response>
            """, context).Verbs;

        var sms = Assert.IsType<OzekiSendSms>(Assert.IsType<Verb.Errand>(verbs[0]).Work);
        Assert.Equal(("204", "Come home", "900"), (sms.Recipient, sms.Message, sms.Sender));
        Assert.Equal("Text", Assert.IsType<OzekiSendEmail>(Assert.IsType<Verb.Errand>(verbs[1]).Work).Mail.Text);
        Assert.All(verbs[2..4], v => Assert.Equal("Missing or invalid parameter 'ToAddress' for command 'SendMsg'", Assert.IsType<Verb.Invalid>(v).Message));
        Assert.Equal("sip", Assert.IsType<Verb.SendMessage>(verbs[4]).Connection);
    }

    [Fact]
    public async Task A_script_is_told_when_its_text_has_nowhere_to_go()
    {
        await _messages.DisposeAsync();
        var context = new OzmlContext(new Calls.Directory.CallDirectory(OzekiWorld.Provisioned), "ops", "900") { Messages = _messages };

        var errand = Assert.IsType<Verb.Errand>(Ozml.ReadParameter("<Response><SendSms Recipient='204'>hi</SendSms></Response>", context).Verbs[0]);

        Assert.Equal(new ScriptError(501, "Destination of the SMS is not found"), await errand.Work.RunAsync(default));
    }

    private async Task<IEnumerable<string>> FetchAsync(string more) =>
        System.Xml.Linq.XElement.Parse(await _world.GetAsync("command=ReceiveMessage&action=receivemessage&Folder=inbox" + more + OzekiWorld.Credentials))
            .Descendants("messagedata").Select(e => e.Value);

    private static Task<T> NextAsync<T>(Channel<T> inbox) => inbox.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
}
