using System.Globalization;
using Switchhook.TestKit.Sip;

namespace Switchhook.Server.Tests.Sip;

/// <summary>The registrar (RFC 3261 §10) as phones see it.</summary>
public sealed class SipRegistrarTests(Lab lab) : LabTests(lab)
{
    [Theory]
    [InlineData(Wire.Udp, "MD5")]
    [InlineData(Wire.Udp, "SHA-256")]
    [InlineData(Wire.Tcp, "SHA-256")]
    public async Task A_phone_registers_with_either_digest(Wire wire, string algorithm)
    {
        var phone = Unregistered(wire, algorithm);

        var response = await phone.RegisterAsync(expires: 120);

        Assert.Equal(200, response.Status);
        var contact = Assert.Single(response.All("Contact"));
        Assert.Equal(phone.Contact, WireMessage.UriOf(contact));
        Assert.InRange(Expires(contact), 100, 120);
    }

    [Fact]
    public async Task The_challenge_offers_the_stronger_digest_first()
    {
        var phone = Unregistered();

        var challenge = await phone.AskAsync(phone.Request("REGISTER", $"sip:{phone.Settings.Domain}", phone.Address));

        Assert.Equal(401, challenge.Status);
        Assert.Equal(["SHA-256", "MD5"], challenge.All("WWW-Authenticate").Select(c => DigestAnswer.Read(c)["algorithm"]));
    }

    [Fact]
    public async Task A_phone_known_to_give_up_on_sha_256_is_offered_md5_alone()
    {
        var phone = Unregistered();

        var challenge = await phone.AskAsync(
            phone.Request("REGISTER", $"sip:{phone.Settings.Domain}", phone.Address).Add("User-Agent", "baresip v1.0.0 (x86_64/linux)"));

        Assert.Equal(401, challenge.Status);
        Assert.Equal("MD5", DigestAnswer.Read(Assert.Single(challenge.All("WWW-Authenticate")))["algorithm"]);
    }

    [Fact]
    public async Task An_unknown_user_and_a_wrong_password_are_answered_alike()
    {
        var known = Unregistered();
        known.Settings = known.Settings with { Secret = "wrong" };
        var unknown = Unregistered();
        unknown.Settings = unknown.Settings with { User = "nobody", Secret = "wrong" };

        var toKnown = await known.RegisterAsync();
        var toUnknown = await unknown.RegisterAsync();

        Assert.Equal((401, 401), (toKnown.Status, toUnknown.Status));
        Assert.Equal(Shape(toKnown), Shape(toUnknown));

        static string Shape(WireMessage m) => string.Join('\n', m.Headers.Select(h => h.Name));
    }

    [Fact]
    public async Task A_nonce_answered_once_is_not_good_for_a_copy_of_the_request()
    {
        var phone = Unregistered();
        var register = phone.Request("REGISTER", $"sip:{phone.Settings.Domain}", phone.Address).Add("Expires", "60");
        var challenge = await phone.AskAsync(register);
        var answered = register.Copy().Set("Via", phone.NewVia()).Set("CSeq", "50 REGISTER");
        phone.Authorize(answered, challenge);
        var first = await phone.AskAsync(answered);

        var replay = await phone.AskAsync(answered.Copy().Set("Via", phone.NewVia()).Set("CSeq", "51 REGISTER"));

        Assert.Equal((200, 401), (first.Status, replay.Status));
    }

    [Fact]
    public async Task Several_bindings_stand_side_by_side_and_are_listed_by_a_query()
    {
        var phone = Unregistered();
        await phone.RegisterAsync($"<sip:{phone.User}@127.0.0.1:7001>;q=0.5", 100);
        await phone.RegisterAsync($"<sip:{phone.User}@127.0.0.1:7002>;q=0.9", 200);

        var query = await phone.RegisterAsync(contact: null, expires: null);

        Assert.Equal(200, query.Status);
        Assert.Equal(
            [$"sip:{phone.User}@127.0.0.1:7001", $"sip:{phone.User}@127.0.0.1:7002"],
            query.All("Contact").Select(WireMessage.UriOf).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task One_binding_is_removed_by_expiry_zero_and_the_other_stays()
    {
        var phone = Unregistered();
        await phone.RegisterAsync($"<sip:{phone.User}@127.0.0.1:7001>", 100);
        await phone.RegisterAsync($"<sip:{phone.User}@127.0.0.1:7002>", 100);

        var after = await phone.RegisterAsync($"<sip:{phone.User}@127.0.0.1:7001>;expires=0", null);

        Assert.Equal($"sip:{phone.User}@127.0.0.1:7002", WireMessage.UriOf(Assert.Single(after.All("Contact"))));
    }

    [Fact]
    public async Task A_star_removes_every_binding()
    {
        var phone = Unregistered();
        await phone.RegisterAsync($"<sip:{phone.User}@127.0.0.1:7001>", 100);
        await phone.RegisterAsync($"<sip:{phone.User}@127.0.0.1:7002>", 100);

        var removed = await phone.RegisterAsync("*", 0);
        var query = await phone.RegisterAsync(contact: null, expires: null);

        Assert.Equal((200, 0), (removed.Status, query.All("Contact").Count));
    }

    [Fact]
    public async Task A_star_with_an_expiry_is_refused()
    {
        var phone = Unregistered();

        var refused = await phone.RegisterAsync("*", 60);

        Assert.Equal(400, refused.Status);
    }

    [Fact]
    public async Task A_binding_ends_when_its_time_is_over()
    {
        var phone = Unregistered();
        await phone.RegisterAsync($"<sip:{phone.User}@127.0.0.1:7001>", 1);

        await TestKit.Timing.Eventually.GetAsync(
            () => phone.RegisterAsync(contact: null, expires: null), r => r.Status == 200 && r.All("Contact").Count == 0, "the binding expires");
    }

    [Fact]
    public async Task Nobody_registers_for_somebody_else()
    {
        var phone = Unregistered();
        var other = Lab.NextPhone();
        var register = phone.Request("REGISTER", $"sip:{phone.Settings.Domain}", $"sip:{other}@{phone.Settings.Domain}");
        var challenge = await phone.AskAsync(register);
        var second = register.Copy().Set("Via", phone.NewVia()).Set("CSeq", "60 REGISTER");
        phone.Authorize(second, challenge);

        var response = await phone.AskAsync(second);

        Assert.Equal(403, response.Status);
    }

    [Fact]
    public async Task An_older_register_of_the_same_call_id_changes_nothing()
    {
        var phone = Unregistered();
        var callId = $"{ScriptedPhone.NewToken()}@phone";
        await phone.RegisterAsync($"<{phone.Contact}>", 100, callId);
        var old = phone.Request("REGISTER", $"sip:{phone.Settings.Domain}", phone.Address, callId, sequence: 1).Add("Expires", "0");
        var challenge = await phone.AskAsync(old);
        var second = old.Copy().Set("Via", phone.NewVia()).Set("CSeq", "2 REGISTER");
        phone.Authorize(second, challenge);

        await phone.AskAsync(second);
        var query = await phone.RegisterAsync(contact: null, expires: null);

        Assert.Equal(phone.Contact, WireMessage.UriOf(Assert.Single(query.All("Contact"))));
    }

    [Fact]
    public async Task A_call_from_a_phone_with_a_wrong_password_is_challenged_again_and_goes_nowhere()
    {
        var phone = await PhoneAsync();
        phone.Settings = phone.Settings with { Secret = "wrong" };

        var placed = await phone.DialAsync(Lab.AnswerService);
        await placed.ExpectRefusalAsync(401);

        Assert.Empty(await Native.LiveAsync());
    }

    private static int Expires(string contact) => int.Parse(WireMessage.Parameter(contact, "expires"), CultureInfo.InvariantCulture);
}
