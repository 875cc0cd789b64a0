using System.Text;
using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Hoiio.Notifications;

namespace Switchhook.Dialects.Tests.Hoiio;

/// <summary>Notifications byte for byte, against the vendor's examples and signatures.</summary>
public sealed class HoiioNoticeTests
{
    private static readonly Account Account = new() { Name = "crm", Hoiio = new HoiioCredentials("demoApp000000001", "tok-5f1c0d9e") };

    // E3
    [Fact]
    public void A_gather_has_the_vendors_bytes_and_signature()
    {
        var sent = Notice(
            "https://crm.example.net/h/code", ("ivr_block", "gather"), ("session", "S-90417"), ("txn_ref", "AA-I-700213"), ("dest", "+6591230001"),
            ("call_state", "ongoing"), ("digits", "42"), ("tag", "order-77"));

        Assert.Equal("ivr_block=gather&session=S-90417&txn_ref=AA-I-700213&dest=%2B6591230001&call_state=ongoing&digits=42&tag=order-77", Body(sent));
        Assert.Equal("1d1e0e16a55d02c468d145bbd8a567b61980d432d89be9d4fb446ac27b1a8e96", Signature(sent));
    }

    // E4
    [Fact]
    public void Names_in_the_querys_address_come_back_in_the_body()
    {
        var sent = Notice(
            "https://crm.example.net/h?app_state=menu", ("ivr_block", "gather"), ("session", "S-90420"), ("txn_ref", "AA-I-700219"), ("from", "+6598880000"),
            ("to", "+6531580000"), ("call_state", "ongoing"), ("digits", "7"));

        Assert.Equal("https://crm.example.net/h?app_state=menu", sent.Request.Url);
        Assert.Equal("02ac9d31f30f98fbd87864f060d830f5eb5fbf1621ec917863eb01b6f7dcc9a2", Signature(sent));
    }

    // E9
    [Fact]
    public void A_hangup_has_the_vendors_bytes_and_signature()
    {
        var sent = Notice(
            "https://crm.example.net/h", ("ivr_block", "hangup"), ("session", "S-90417"), ("txn_ref", "AA-I-700213"), ("dest", "+6591230001"), ("call_state", "ended"),
            ("date", "2013-05-02 18:20:07"), ("duration", "3"), ("currency", "SGD"), ("rate", "0.024"), ("debit", "0.072"), ("tag", "order-77"));

        Assert.Equal(
            "ivr_block=hangup&session=S-90417&txn_ref=AA-I-700213&dest=%2B6591230001&call_state=ended&date=2013-05-02+18%3A20%3A07&duration=3&currency=SGD&rate=0.024&debit=0.072&tag=order-77",
            Body(sent));
        Assert.Equal("3dc7e42e44ab1130287939ffee3610fe571c9c81a41dcee9d148de41b76b75df", Signature(sent));
    }

    [Fact]
    public void A_name_of_ours_wins_over_the_same_in_the_address()
    {
        var sent = Notice("https://crm.example.net/h?session=mine&a=%C3%A9&a=2#top", ("session", "S-1"));

        Assert.Equal("session=S-1&a=%C3%A9&a=2", Body(sent));
    }

    [Fact]
    public void A_notification_is_posted_once_without_following_anybody_elsewhere()
    {
        var sent = Notice("https://crm.example.net/h", ("a", "b"));

        Assert.IsType<DeliveryPolicy.Once>(sent.Policy);
        Assert.Equal(("POST", "application/x-www-form-urlencoded", TimeSpan.FromSeconds(15), false), (sent.Request.Method, sent.Request.ContentType, sent.Request.Timeout!.Value, sent.Request.FollowRedirects));
        Assert.Equal(("hoiio", "crm", false), (sent.Dialect, sent.Account, sent.Signed));
    }

    [Fact]
    public void An_application_may_have_the_parameters_in_the_query_too()
    {
        var account = Account with { Hoiio = Account.Hoiio! with { NotifyInQuery = true } };

        var sent = HoiioNotice.Of("id", account, "https://crm.example.net/h?x=1", new CallId(1), [("call_state", "ended")], terminal: true);

        Assert.Equal(("https://crm.example.net/h?x=1&call_state=ended&x=1", "call_state=ended&x=1"), (sent.Request.Url, Body(sent)));
    }

    private static Notification Notice(string url, params (string, string)[] parameters) => HoiioNotice.Of("id", Account, url, new CallId(1), parameters, terminal: false);

    private static string Body(Notification sent) => Encoding.ASCII.GetString(sent.Request.Body.Span);

    private static string Signature(Notification sent) => sent.Request.Headers.Single(h => h.Key == "X-Hoiio-Signature").Value;
}
