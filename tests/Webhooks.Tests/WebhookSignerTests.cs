using System.Text;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;

namespace Switchhook.Webhooks.Tests;

public sealed class WebhookSignerTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Older = "whsec_ZGVtby1kZW1vLWRlbW8tZGVtbw==";
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1614265330);

    // The vector of the Standard Webhooks reference libraries.
    [Fact]
    public void The_published_vector_comes_out() =>
        Assert.Equal(
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            WebhookSigner.Signature(Secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", """{"test": 2432232314}"""u8));

    [Fact]
    public void Two_live_secrets_make_two_signatures_the_newer_first()
    {
        var account = new Account { Name = "demo", WebhookSecret = Secret, WebhookSecretPrevious = Older };

        var headers = Sign(account);

        Assert.Equal(
            [new("X-Other", "1"), new("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"), new("webhook-timestamp", "1614265330"),
                new("webhook-signature", $"v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= {WebhookSigner.Signature(Older, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", """{"test": 2432232314}"""u8)}")],
            headers);
    }

    [Fact]
    public void A_subscriptions_own_secret_goes_before_the_accounts()
    {
        var account = new Account { Name = "demo", WebhookSecret = Older, Webhooks = [new("http://example.com/", ["*"], Secret)] };

        Assert.Contains(new("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="), Sign(account));
    }

    [Fact]
    public void Without_a_secret_there_are_id_and_time_alone() =>
        Assert.Equal(["X-Other", "webhook-id", "webhook-timestamp"], Sign(new Account { Name = "demo" }).Select(h => h.Key));

    private static IReadOnlyList<KeyValuePair<string, string>> Sign(Account account)
    {
        var request = new HttpCall { Url = "http://example.com/", Body = Encoding.UTF8.GetBytes("""{"test": 2432232314}"""), Headers = [new("X-Other", "1")] };
        var notification = new Notification("msg_p5jXN8AQM9LWM0D4loKWxJek", default, "native", request, Terminal: false) { Account = "demo", Signed = true };
        return new WebhookSigner(new FakeDirectory(account)).Sign(notification, request, At).Headers;
    }
}
