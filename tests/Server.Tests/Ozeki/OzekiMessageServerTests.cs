using Switchhook.TestKit.Http;
using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Ozeki;

/// <summary>E-mail by a mail server and text messages by an HTTP gateway, from the API and from scripts.</summary>
public sealed class OzekiMessageServerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Mails_reach_the_mail_server_as_they_were_written_and_a_refused_one_is_named_in_the_log()
    {
        await using var mails = new SmtpInbox { Refused = "nobody@example.test" };
        await using var app = await WebhookInbox.StartAsync();
        app.Reply("/in", WebhookReply.Script("<SendEmail Recipient='desk@example.test' Subject='Missed call'>Somebody called.</SendEmail><Hangup/>"));
        await using var server = await StartAsync(app, $"Mail:Host=127.0.0.1", $"Mail:Port={mails.Port}", "Mail:From=pbx@example.test");
        await using var phone = await server.RegisteredPhoneAsync("601");

        var sent = await server.Ozeki.AskAsync("SendEmail", ("Recipient", "bob@example.test"), ("Subject", "Parcel é"), ("Message", "It is here: ő\r\n.\r\nBye"), ("Sender", "shop@example.test"));
        var mail = await mails.NextAsync();
        var refused = await server.Ozeki.AskAsync("SendEmail", ("Recipient", "nobody@example.test"), ("Message", "x"));
        var call = await phone.DialAsync("900");
        await call.ConnectAsync();
        await call.ExpectByeAsync();
        var scripted = await mails.NextAsync();

        Assert.Equal(200, sent.Code);
        Assert.Equal(("shop@example.test", "bob@example.test", "bob@example.test"), (mail.From, mail.To, mail.Header("To")));
        Assert.StartsWith("=?utf-8?", mail.Header("Subject"), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("It is here: ő\r\n.\r\nBye", mail.Body.TrimEnd());
        Assert.Equal(501, refused.Code);
        await Eventually.TrueAsync(() => server.Output.Contains("no such mailbox", StringComparison.Ordinal), "the refusal in the log");
        Assert.Contains("the mail to nobody@example.test was not sent", server.Output, StringComparison.Ordinal);
        Assert.Equal(("pbx@example.test", "desk@example.test", "Missed call"), (scripted.From, scripted.To, scripted.Header("Subject")));
        Assert.Equal("Somebody called.", scripted.Body.Trim());
    }

    [Fact]
    public async Task Without_a_mail_server_or_with_one_that_is_gone_a_mail_is_501()
    {
        await using var app = await WebhookInbox.StartAsync();
        await using var without = await StartAsync(app);
        await using var gone = await StartAsync(app, "Mail:Host=127.0.0.1", $"Mail:Port={FreePort.Next()}");

        Assert.Equal(501, (await without.Ozeki.AskAsync("SendEmail", ("Recipient", "bob@example.test"))).Code);
        Assert.Equal(501, (await gone.Ozeki.AskAsync("SendEmail", ("Recipient", "bob@example.test"))).Code);

        await Eventually.TrueAsync(() => without.Output.Contains("Mail:Host", StringComparison.Ordinal), "the missing setting in the log");
        await Eventually.TrueAsync(() => gone.Output.Contains("was not sent", StringComparison.Ordinal), "the failure in the log");
    }

    [Fact]
    public async Task A_text_for_outside_goes_to_the_gateway_and_what_it_says_is_reported_and_named()
    {
        await using var app = await WebhookInbox.StartAsync();
        app.Reply(r => r.Path == "/gateway" && r.Body.Contains("3630222", StringComparison.Ordinal), new WebhookReply(503));
        await using var server = await StartAsync(
            app, $"Sms:Gateway:Url={app.Url}/gateway?id={{id}}", """Sms:Gateway:Body={"to":"{recipient}","from":"{sender}","text":"{message}"}""", "Sms:Gateway:ContentType=application/json",
            "Sms:Gateway:Authorization=Bearer t0ken");

        var taken = await server.Ozeki.AskAsync("SendSms", ("Recipient", "+3630111"), ("Message", "Say \"hi\""), ("DeliveryReportURL", $"{app.Url}/report"));
        var request = await app.NextAsync(r => r.Path == "/gateway", "the request to the gateway", Patience);
        var report = await app.NextAsync("SMSDeliveryReport", Patience);
        await server.Ozeki.AskAsync("SendSms", ("Recipient", "+3630222"), ("Message", "s3cret words"), ("DeliveryReportURL", $"{app.Url}/report"));
        var failed = await app.NextAsync("SMSDeliveryReport", Patience);

        var id = taken.Root.Element("SmsId")!.Value;
        Assert.Equal(("POST", $"?id={id}", "Bearer t0ken"), (request.Method, request.Query, request.Headers["Authorization"]));
        Assert.Equal("""{"to":"+3630111","from":"900","text":"Say \u0022hi\u0022"}""", request.Body.Replace("\\u002B", "+", StringComparison.Ordinal));
        Assert.Equal((id, "Delivered"), (report["SmsId"], report["Status"]));
        Assert.Equal("Failed", failed["Status"]);
        await Eventually.TrueAsync(() => server.Output.Contains("the gateway answered 503", StringComparison.Ordinal), "the failure in the log");
        Assert.DoesNotContain("s3cret", server.Output, StringComparison.Ordinal);
    }

    private static Task<TestServer> StartAsync(WebhookInbox app, params string[] settings) => TestServer.StartAsync(
        new ServerSetup { Provisioning = new ProvisioningBuilder().AddPhone("601").AddApiExtension("900", $"{app.Url}/in"), Settings = settings });
}
