using System.Text;
using Switchhook.Exchange.Trunks;
using Switchhook.Sip.Auth;
using Switchhook.Sip.Messages;

namespace Switchhook.Exchange.Tests.Trunks;

public sealed class RegistrationAnswerTests
{
    private static readonly DigestLogin Login = new("acme", "s3cret");

    [Theory]
    [InlineData(300, "Contact: <sip:acme@192.0.2.4:5060>;expires=300")]
    [InlineData(300, "Contact: <sip:other@192.0.2.9>;expires=60, <sip:acme@192.0.2.4:5060>;expires=300")]
    [InlineData(120, "Expires: 120", "Contact: <sip:acme@192.0.2.4:5060>")]
    [InlineData(120, "Expires: 120", "Contact: <sip:other@192.0.2.9>;expires=60")]
    [InlineData(1800)]
    [InlineData(0, "Contact: <sip:acme@192.0.2.4:5060>;expires=0")]
    [InlineData(604800, "Expires: 4000000000")]
    public void What_is_granted_is_our_contacts_expiry_else_the_headers_else_what_was_asked(int seconds, params string[] rows) =>
        Assert.Equal(new RegistrationInput.Granted(seconds, 0.5), Read(200, rows));

    [Theory]
    [InlineData(401, "WWW-Authenticate", "Authorization")]
    [InlineData(407, "Proxy-Authenticate", "Proxy-Authorization")]
    public void A_challenge_is_answered_in_its_own_header(int status, string challenge, string answer)
    {
        var input = Assert.IsType<RegistrationInput.Challenged>(Read(status, $"{challenge}: Digest realm=\"carrier\", nonce=\"n1\", qop=\"auth\""));

        Assert.Equal(answer, input.Answer.Header == HeaderName.Authorization ? "Authorization" : "Proxy-Authorization");
        Assert.Contains("username=\"acme\"", input.Answer.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_challenge_without_a_secret_to_answer_it_is_a_refusal() =>
        Assert.Equal(
            new RegistrationInput.Rejected(401, 0.5),
            RegistrationAnswer.Read(Register(), Response(401, "WWW-Authenticate: Digest realm=\"carrier\", nonce=\"n1\""), null, "c", 0.5));

    [Fact]
    public void A_challenge_to_the_answer_is_a_refusal() =>
        Assert.Equal(
            new RegistrationInput.Rejected(401, 0.5),
            RegistrationAnswer.Read(
                Register("Authorization: Digest username=\"acme\", realm=\"carrier\", nonce=\"n0\", uri=\"sip:c\", response=\"00000000000000000000000000000000\""),
                Response(401, "WWW-Authenticate: Digest realm=\"carrier\", nonce=\"n1\""), Login, "c", 0.5));

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(301)]
    [InlineData(603)]
    [InlineData(423)]
    public void What_another_attempt_would_only_get_again_is_a_refusal(int status) =>
        Assert.Equal(new RegistrationInput.Rejected(status, 0.5), Read(status));

    [Theory]
    [InlineData(503, 0)]
    [InlineData(503, 30, "Retry-After: 30 (maintenance);duration=60")]
    [InlineData(408, 0)]
    [InlineData(500, 5, "Retry-After: 5")]
    [InlineData(480, 0, "Retry-After: soon")]
    public void What_may_do_better_later_is_tried_again_then(int status, int seconds, params string[] rows) =>
        Assert.Equal(new RegistrationInput.Unavailable(0.5, TimeSpan.FromSeconds(seconds)), Read(status, rows));

    [Fact]
    public void An_interval_too_brief_tells_the_least() => Assert.Equal(new RegistrationInput.TooBrief(7200), Read(423, "Min-Expires: 7200"));

    private static RegistrationInput Read(int status, params string[] rows) => RegistrationAnswer.Read(Register(), Response(status, rows), Login, "c", 0.5);

    private static SipRequest Register(params string[] rows) =>
        (SipRequest)Parse("REGISTER sip:carrier.example SIP/2.0", ["Contact: <sip:acme@192.0.2.4:5060>", "Expires: 1800", "Max-Forwards: 70", .. rows]);

    private static SipResponse Response(int status, params string[] rows) => (SipResponse)Parse($"SIP/2.0 {status} Said", rows);

    private static SipMessage Parse(string first, string[] rows)
    {
        var text = $"{first}\r\nVia: SIP/2.0/UDP 192.0.2.4;branch=z9hG4bK1\r\nFrom: <sip:acme@carrier.example>;tag=1\r\nTo: <sip:acme@carrier.example>\r\n"
            + $"Call-ID: r1\r\nCSeq: 1 REGISTER\r\n{string.Concat(rows.Select(r => r + "\r\n"))}Content-Length: 0\r\n\r\n";
        Assert.Equal(SipParseError.None, SipParser.TryParse(Encoding.UTF8.GetBytes(text), SipLimits.Default, out var message));
        return message!;
    }
}
