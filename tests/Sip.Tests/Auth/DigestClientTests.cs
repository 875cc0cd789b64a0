using Switchhook.Sip.Auth;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Tests.Auth;

public sealed class DigestClientTests
{
    private static readonly DigestLogin Alice = new("alice", "wonderland");

    [Fact]
    public void What_the_client_answers_the_server_accepts()
    {
        var scene = new DigestScene();
        var request = DigestScene.Register();

        var fault = DigestClient.TryAnswer(request, scene.Challenge(), Alice, "cnonce", out var answer);

        Assert.Equal(DigestAnswerFault.None, fault);
        Assert.Equal(HeaderName.Authorization, answer!.Header);
        Assert.Contains("algorithm=SHA-256", answer.Value, StringComparison.Ordinal);
        Assert.Equal(DigestOutcome.Accepted, scene.Check(DigestScene.Register(DigestScene.Uri, answer.Value), out var user));
        Assert.Equal("alice", user);
    }

    [Fact]
    public void A_user_name_with_quotes_survives_both_ways()
    {
        var scene = new DigestScene();

        _ = DigestClient.TryAnswer(DigestScene.Register(), scene.Challenge(), new("a\"b", "wonderland"), "cnonce", out var answer);

        Assert.Equal(DigestOutcome.Accepted, scene.Check(DigestScene.Register(DigestScene.Uri, answer!.Value), out var user));
        Assert.Equal("a\"b", user);
    }

    [Fact]
    public void A_proxy_gets_its_answer_in_its_own_header()
    {
        var response = Challenged(407, HeaderName.ProxyAuthenticate, "Digest realm=\"p\",nonce=\"n\",opaque=\"o,\\\"p\",algorithm=MD5,qop=\"auth-int,auth\"");

        _ = DigestClient.TryAnswer(DigestScene.Register(), response, Alice, "cnonce", out var answer);

        Assert.Equal(HeaderName.ProxyAuthorization, answer!.Header);
        Assert.Contains("opaque=\"o,\\\"p\"", answer.Value, StringComparison.Ordinal);
        Assert.Contains("qop=auth, nc=00000001, cnonce=\"cnonce\"", answer.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void An_old_challenge_without_qop_is_answered_without_it()
    {
        var response = Challenged(401, HeaderName.WwwAuthenticate, "Digest realm=\"p\", nonce=\"n\"");

        _ = DigestClient.TryAnswer(DigestScene.Register(), response, Alice, "cnonce", out var answer);

        Assert.DoesNotContain("qop", answer!.Value, StringComparison.Ordinal);
        Assert.DoesNotContain("cnonce", answer.Value, StringComparison.Ordinal);
        Assert.Contains("algorithm=MD5", answer.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "Basic realm=\"p\"")]
    [InlineData(401, "Digest realm=\"p\", nonce=\"n\", algorithm=SHA-512-256")]
    [InlineData(401, "Digest realm=\"p\", nonce=\"n\", qop=\"auth-int\"")]
    [InlineData(401, "Digest realm=\"p\"")]
    [InlineData(401, "Digest nonce=\"n\"")]
    [InlineData(401, "Digest realm=\"p, nonce=\"n\"")]
    [InlineData(401, "Digest")]
    public void A_challenge_that_cannot_be_answered_is_named(int status, string challenge)
    {
        var fault = DigestClient.TryAnswer(
            DigestScene.Register(), Challenged(status, HeaderName.WwwAuthenticate, challenge), Alice, "cnonce", out var answer);

        Assert.Equal(DigestAnswerFault.NothingUsable, fault);
        Assert.Null(answer);
    }

    [Fact]
    public void Another_response_is_no_challenge()
    {
        var response = Challenged(403, HeaderName.WwwAuthenticate, "Digest realm=\"p\", nonce=\"n\"");

        Assert.Equal(DigestAnswerFault.NotAChallenge, DigestClient.TryAnswer(DigestScene.Register(), response, Alice, "c", out _));
    }

    [Fact]
    public void A_password_that_was_refused_is_not_tried_again()
    {
        var scene = new DigestScene();
        _ = DigestClient.TryAnswer(DigestScene.Register(), scene.Challenge(), Alice, "c", out var first);
        var repeated = DigestScene.Register(DigestScene.Uri, first!.Value);

        Assert.Equal(
            DigestAnswerFault.AlreadyRefused, DigestClient.TryAnswer(repeated, scene.Challenge(DigestOutcome.Refused), Alice, "c2", out _));
        Assert.Equal(
            DigestAnswerFault.None, DigestClient.TryAnswer(repeated, scene.Challenge(DigestOutcome.Stale), Alice, "c2", out _));
    }

    [Fact]
    public void A_login_for_one_realm_tells_no_other_realm_anything()
    {
        var response = Challenged(401, HeaderName.WwwAuthenticate, "Digest realm=\"evil\", nonce=\"n\"");

        var fault = DigestClient.TryAnswer(DigestScene.Register(), response, Alice with { Realm = "p" }, "c", out _);

        Assert.Equal(DigestAnswerFault.NothingUsable, fault);
    }

    [Fact]
    public void A_challenge_cannot_smuggle_a_header_into_the_answer()
    {
        var response = Challenged(401, HeaderName.WwwAuthenticate, "Digest realm=\"p\r\nX-Evil: 1\", nonce=\"n\r\nX-Evil: 2\"");

        _ = DigestClient.TryAnswer(DigestScene.Register(), response, Alice, "c", out var answer);
        var request = DigestScene.Register(DigestScene.Uri, answer!.Value);

        Assert.False(request.TryGet("X-Evil"u8, out _));
    }

    private static SipResponse Challenged(int status, HeaderName header, string challenge) =>
        SipResponseBuilder.ReplyTo(DigestScene.Register(), status, "t").Header(header, challenge).Build();
}
