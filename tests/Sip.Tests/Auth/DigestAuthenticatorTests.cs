using Switchhook.Sip.Auth;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Tests.Messages;

namespace Switchhook.Sip.Tests.Auth;

public sealed class DigestAuthenticatorTests
{
    [Theory]
    [InlineData(DigestAlgorithm.Sha256)]
    [InlineData(DigestAlgorithm.Md5)]
    public void The_right_password_is_accepted_with_either_algorithm(DigestAlgorithm algorithm)
    {
        var scene = new DigestScene();
        var nonce = DigestScene.NonceOf(scene.Challenge(), algorithm);

        var outcome = scene.Check(DigestScene.Register(DigestScene.Uri, scene.Credentials(nonce, algorithm)), out var user);

        Assert.Equal(DigestOutcome.Accepted, outcome);
        Assert.Equal("alice", user);
    }

    [Fact]
    public void A_challenge_offers_sha_256_before_md5_with_qop_auth()
    {
        var offers = Offers(new DigestScene().Challenge());

        Assert.Equal(["switch.example.org Sha256 auth ", "switch.example.org Md5 auth "], offers);
    }

    [Fact]
    public void Md5_is_not_offered_where_policy_forbids_it()
    {
        var scene = new DigestScene(new(DigestScene.Realm, TimeSpan.FromMinutes(5), OfferMd5: false));

        Assert.Equal(["switch.example.org Sha256 auth "], Offers(scene.Challenge()));
        Assert.Equal(DigestOutcome.AlgorithmNotOffered, scene.Check(scene.Credentials(new string('0', 64), DigestAlgorithm.Md5)));
    }

    [Fact]
    public void No_two_challenges_share_a_nonce()
    {
        var scene = new DigestScene();

        var nonces = Enumerable.Range(0, 100).Select(_ => DigestScene.NonceOf(scene.Challenge(), DigestAlgorithm.Md5));

        Assert.Equal(100, nonces.Distinct().Count());
    }

    [Fact]
    public void A_request_without_credentials_lacks_them()
    {
        Assert.Equal(DigestOutcome.Missing, new DigestScene().Check(DigestScene.Register(), out var user));
        Assert.Null(user);
    }

    [Fact]
    public void Credentials_for_another_realm_are_passed_over()
    {
        var scene = new DigestScene();
        var nonce = DigestScene.NonceOf(scene.Challenge(), DigestAlgorithm.Sha256);
        var other = scene.Credentials(nonce, realm: "elsewhere.example.org");

        Assert.Equal(DigestOutcome.Missing, scene.Check(other));
        Assert.Equal(
            DigestOutcome.Accepted,
            scene.Check(DigestScene.Register(DigestScene.Uri, "Basic YTpi", other, scene.Credentials(nonce)), out _));
    }

    [Fact]
    public void An_unknown_user_and_a_wrong_password_are_refused_alike()
    {
        var scene = new DigestScene();
        var nonce = DigestScene.NonceOf(scene.Challenge(), DigestAlgorithm.Sha256);

        var unknown = scene.Check(scene.Credentials(nonce, user: "mallory"));
        var wrong = scene.Check(scene.Credentials(nonce, password: "looking-glass"));

        Assert.Equal(DigestOutcome.Refused, unknown);
        Assert.Equal(unknown, wrong);
        Assert.Equal(Offers(scene.Challenge(DigestOutcome.Missing)), Offers(scene.Challenge(unknown)));
    }

    [Fact]
    public void An_expired_nonce_is_stale_only_for_who_knows_the_password()
    {
        var scene = new DigestScene();
        var nonce = DigestScene.NonceOf(scene.Challenge(), DigestAlgorithm.Sha256);
        scene.Time.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromMilliseconds(1));

        Assert.Equal(DigestOutcome.Stale, scene.Check(scene.Credentials(nonce)));
        Assert.Equal(DigestOutcome.Refused, scene.Check(scene.Credentials(nonce, password: "x")));
        Assert.Equal(
            ["switch.example.org Sha256 auth stale", "switch.example.org Md5 auth stale"], Offers(scene.Challenge(DigestOutcome.Stale)));
    }

    [Fact]
    public void A_nonce_lives_to_its_last_moment()
    {
        var scene = new DigestScene();
        var nonce = DigestScene.NonceOf(scene.Challenge(), DigestAlgorithm.Sha256);
        scene.Time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(DigestOutcome.Accepted, scene.Check(scene.Credentials(nonce)));
    }

    [Fact]
    public void A_replayed_request_is_challenged_again()
    {
        var scene = new DigestScene();
        var credentials = scene.Credentials(DigestScene.NonceOf(scene.Challenge(), DigestAlgorithm.Sha256));

        Assert.Equal(DigestOutcome.Accepted, scene.Check(credentials));
        Assert.Equal(DigestOutcome.Replayed, scene.Check(credentials));
    }

    [Fact]
    public void Counts_may_arrive_out_of_order_but_each_only_once()
    {
        var scene = new DigestScene();
        var nonce = DigestScene.NonceOf(scene.Challenge(), DigestAlgorithm.Sha256);
        DigestOutcome Use(uint count) => scene.Check(scene.Credentials(nonce, count: count));

        Assert.Equal(DigestOutcome.Accepted, Use(3));
        Assert.Equal(DigestOutcome.Accepted, Use(1));
        Assert.Equal(DigestOutcome.Replayed, Use(1));
        Assert.Equal(DigestOutcome.Accepted, Use(2));
        Assert.Equal(DigestOutcome.Replayed, Use(3));
        Assert.Equal(DigestOutcome.Accepted, Use(67));
        Assert.Equal(DigestOutcome.Replayed, Use(3));
        Assert.Equal(DigestOutcome.Accepted, Use(4));
        Assert.Equal(DigestOutcome.Accepted, Use(uint.MaxValue));
        Assert.Equal(DigestOutcome.Replayed, Use(67));
        Assert.Equal(DigestOutcome.Accepted, Use(uint.MaxValue - 63));
    }

    [Fact]
    public void A_wrong_digest_does_not_spend_the_count_of_the_right_one()
    {
        var scene = new DigestScene();
        var nonce = DigestScene.NonceOf(scene.Challenge(), DigestAlgorithm.Sha256);

        Assert.Equal(DigestOutcome.Refused, scene.Check(scene.Credentials(nonce, password: "guess")));
        Assert.Equal(0, scene.Server.RememberedNonces);
        Assert.Equal(DigestOutcome.Accepted, scene.Check(scene.Credentials(nonce)));
    }

    [Fact]
    public void A_nonce_given_for_sha_256_does_not_serve_md5()
    {
        var scene = new DigestScene();
        var nonce = DigestScene.NonceOf(scene.Challenge(), DigestAlgorithm.Sha256);

        Assert.Equal(DigestOutcome.Stale, scene.Check(scene.Credentials(nonce, DigestAlgorithm.Md5)));
    }

    [Theory]
    [InlineData("SHA-512-256")]
    [InlineData("MD5-sess")]
    [InlineData("ROT13")]
    public void An_algorithm_that_was_not_offered_is_refused(string algorithm)
    {
        var scene = new DigestScene();
        var nonce = DigestScene.NonceOf(scene.Challenge(), DigestAlgorithm.Md5);

        Assert.Equal(
            DigestOutcome.AlgorithmNotOffered, scene.Check(scene.Credentials(nonce, DigestAlgorithm.Md5, algorithmName: algorithm)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("auth-int")]
    public void Another_qop_than_auth_is_refused(string qop)
    {
        var scene = new DigestScene();
        var nonce = DigestScene.NonceOf(scene.Challenge(), DigestAlgorithm.Sha256);

        Assert.Equal(DigestOutcome.QopNotOffered, scene.Check(scene.Credentials(nonce, qop: qop)));
    }

    [Fact]
    public void A_digest_for_another_uri_is_refused_unless_policy_allows_it()
    {
        var strict = new DigestScene();
        var lenient = new DigestScene(new(DigestScene.Realm, TimeSpan.FromMinutes(5), RequireSameUri: false));
        DigestOutcome CheckAt(DigestScene scene) => scene.Check(
            scene.Credentials(DigestScene.NonceOf(scene.Challenge(), DigestAlgorithm.Sha256), uri: "sip:other.example.org"));

        Assert.Equal(DigestOutcome.OtherUri, CheckAt(strict));
        Assert.Equal(DigestOutcome.Accepted, CheckAt(lenient));
    }

    [Fact]
    public void An_equivalent_uri_is_the_same_uri()
    {
        var scene = new DigestScene();
        var nonce = DigestScene.NonceOf(scene.Challenge(), DigestAlgorithm.Sha256);

        Assert.Equal(DigestOutcome.Accepted, scene.Check(scene.Credentials(nonce, uri: "sip:SWITCH.example.org")));
    }

    [Fact]
    public void A_nonce_of_our_own_making_with_one_digit_changed_is_not_ours()
    {
        var scene = new DigestScene();
        var nonce = DigestScene.NonceOf(scene.Challenge(), DigestAlgorithm.Sha256);

        for (var i = 0; i < nonce.Length; i++)
        {
            var forged = nonce[..i] + (nonce[i] == '0' ? '1' : '0') + nonce[(i + 1)..];
            Assert.Equal(DigestOutcome.Stale, scene.Check(scene.Credentials(forged)));
        }
    }

    [Theory]
    [InlineData("nonce", "\"\"")]
    [InlineData("nonce", "\"short\"")]
    [InlineData("nonce", "\"zz\"")]
    [InlineData("nc", "1")]
    [InlineData("nc", "00000000")]
    [InlineData("nc", "0000000g")]
    [InlineData("cnonce", "\"\"")]
    [InlineData("response", "\"abc\"")]
    [InlineData("response", "\"\"")]
    [InlineData("username", "\"\"")]
    [InlineData("uri", "\"\"")]
    public void A_field_that_is_not_what_it_must_be_never_lets_anyone_in(string field, string value)
    {
        var scene = new DigestScene();
        var good = scene.Credentials(DigestScene.NonceOf(scene.Challenge(), DigestAlgorithm.Sha256));
        var at = good.IndexOf(" " + field + "=", StringComparison.Ordinal) + field.Length + 2;
        var end = good.IndexOf(',', at);
        var bad = good[..at] + value + (end < 0 ? "" : good[end..]);

        var outcome = scene.Check(bad);

        Assert.Contains(outcome, new[] { DigestOutcome.Malformed, DigestOutcome.Refused });
    }

    [Fact]
    public void An_upper_case_response_and_an_escaped_name_are_understood()
    {
        var scene = new DigestScene();
        var nonce = DigestScene.NonceOf(scene.Challenge(), DigestAlgorithm.Sha256);
        var given = scene.Credentials(nonce, user: "a\"b");
        var at = given.IndexOf("response=\"", StringComparison.Ordinal) + 10;

        var outcome = scene.Check(
            DigestScene.Register(DigestScene.Uri, given[..at] + given[at..(at + 64)].ToUpperInvariant() + given[(at + 64)..]), out var user);

        Assert.Equal(DigestOutcome.Accepted, outcome);
        Assert.Equal("a\"b", user);
    }

    [Fact]
    public void The_memory_for_used_nonces_is_bounded_and_what_it_forgot_is_stale()
    {
        var scene = new DigestScene(new(DigestScene.Realm, TimeSpan.FromMinutes(5), MaxNonces: 3));
        var nonces = Enumerable.Range(0, 5).Select(_ => DigestScene.NonceOf(scene.Challenge(), DigestAlgorithm.Sha256)).ToList();
        foreach (var nonce in nonces) Assert.Equal(DigestOutcome.Accepted, scene.Check(scene.Credentials(nonce)));

        Assert.Equal(3, scene.Server.RememberedNonces);
        Assert.Equal(DigestOutcome.Stale, scene.Check(scene.Credentials(nonces[0])));
        Assert.Equal(DigestOutcome.Replayed, scene.Check(scene.Credentials(nonces[4])));
        Assert.Equal(DigestOutcome.Accepted, scene.Check(scene.Credentials(nonces[4], count: 2)));
    }

    [Fact]
    public void A_used_nonce_is_forgotten_once_it_is_too_old_to_be_used_again()
    {
        var scene = new DigestScene(new(DigestScene.Realm, TimeSpan.FromMinutes(5)));
        var old = scene.Credentials(DigestScene.NonceOf(scene.Challenge(), DigestAlgorithm.Sha256));
        scene.Check(old);
        scene.Time.Advance(TimeSpan.FromMinutes(5));
        var kept = scene.Credentials(DigestScene.NonceOf(scene.Challenge(), DigestAlgorithm.Sha256));
        scene.Check(kept);
        var before = scene.Server.RememberedNonces;

        scene.Time.Advance(TimeSpan.FromSeconds(1));
        var outcome = scene.Check(scene.Credentials(DigestScene.NonceOf(scene.Challenge(), DigestAlgorithm.Sha256)));

        Assert.Equal((DigestOutcome.Accepted, 2, 2), (outcome, before, scene.Server.RememberedNonces));
        Assert.Equal((DigestOutcome.Stale, DigestOutcome.Replayed), (scene.Check(old), scene.Check(kept)));
    }

    [Fact]
    public void A_nonce_of_another_start_is_not_ours()
    {
        var scene = new DigestScene();
        var earlier = new DigestAuthenticator(new(DigestScene.Realm, TimeSpan.FromMinutes(5)), "another-16-bytes"u8, scene.Time);
        var reply = SipResponseBuilder.ReplyTo(DigestScene.Register(), 401, "t");
        earlier.Challenge(reply, HeaderName.WwwAuthenticate, DigestOutcome.Missing);

        var nonce = DigestScene.NonceOf(reply.Build(), DigestAlgorithm.Sha256);

        Assert.Equal(DigestOutcome.Stale, scene.Check(scene.Credentials(nonce)));
    }

    [Fact]
    public void A_short_key_or_a_realm_that_needs_escapes_is_a_mistake()
    {
        Assert.Throws<ArgumentException>(() => new DigestAuthenticator(new("r", TimeSpan.FromMinutes(1)), "short"u8, TimeProvider.System));
        Assert.Throws<ArgumentException>(() => new DigestAuthenticator(new("r\"", TimeSpan.FromMinutes(1)), "0123456789abcdef"u8, TimeProvider.System));
    }

    private static List<string> Offers(SipResponse response)
    {
        var offers = new List<string>();
        foreach (var row in response.Rows(HeaderName.WwwAuthenticate))
        {
            Assert.True(DigestChallenge.TryParse(row, out var challenge));
            offers.Add($"{Sample.Text(challenge.Realm)} {challenge.Algorithm} {(challenge.OffersAuth ? "auth" : "-")} {(challenge.IsStale ? "stale" : "")}");
        }

        return offers;
    }
}
