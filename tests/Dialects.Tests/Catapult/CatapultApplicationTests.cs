using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Catapult.Applications;

namespace Switchhook.Dialects.Tests.Catapult;

/// <summary>Applications, and what becomes of calls to their numbers.</summary>
public sealed class CatapultApplicationTests
{
    private const string Desk = "a-w3bn6k2hqx5tzmv7rdyf4ga";

    private readonly CatapultWorld _world = new();

    [Fact]
    public async Task An_application_is_made_shown_changed_and_deleted()
    {
        var made = await _world.PostAsync("applications", """{"name":"menu","incomingCallUrl":"https://pbx.example.org/menu","callbackHttpMethod":"GET","incomingCallUrlCallbackTimeout":"2000"}""");
        var id = made.Headers.Location.ToString().Split('/')[^1];
        var shown = await _world.GetAsync($"applications/{id}");
        var changed = await _world.PostAsync($"applications/{id}", """{"autoAnswer":"false","incomingCallFallbackUrl":"https://pbx.example.org/second"}""");
        var after = await _world.GetAsync($"applications/{id}");
        var deleted = await _world.SendAsync("DELETE", $"/v1/users/{CatapultWorld.User}/applications/{id}");
        var gone = await _world.GetAsync($"applications/{id}");

        Assert.Equal((201, "", 200, "", 200, ""), (made.Status, made.Body, changed.Status, changed.Body, deleted.Status, deleted.Body));
        Assert.Matches("^a-[a-z2-7]{24}$", id);
        Assert.Equal(
            $$"""{"id":"{{id}}","name":"menu","incomingCallUrl":"https://pbx.example.org/menu","incomingCallUrlCallbackTimeout":2000,"callbackHttpMethod":"get","autoAnswer":true}""",
            shown.Body);
        Assert.Equal(("menu", false), (after.Json.GetProperty("name").GetString(), after.Json.GetProperty("autoAnswer").GetBoolean()));
        Assert.Equal((404, "application-not-found"), (gone.Status, gone.Code));
    }

    [Fact]
    public async Task Applications_are_listed_by_pages_and_another_s_are_unknown()
    {
        for (var i = 0; i < 3; i++)
            await _world.PostAsync("applications", $$"""{"name":"n{{i}}","incomingMessageUrl":"https://pbx.example.org/sms"}""");

        var all = await _world.GetAsync("applications");
        var second = await _world.GetAsync("applications?size=3&page=1");
        var foreign = await _world.GetAsync("applications/a-foreign");
        var change = await _world.PostAsync("applications/a-foreign", """{"name":"mine"}""");
        var delete = await _world.SendAsync("DELETE", $"/v1/users/{CatapultWorld.User}/applications/a-foreign");

        Assert.Equal(["desk", "n0", "n1", "n2"], all.Json.EnumerateArray().Select(a => a.GetProperty("name").GetString()));
        Assert.Equal("n2", Assert.Single(second.Json.EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal((404, 404, 404), (foreign.Status, change.Status, delete.Status));
        Assert.Equal("foreign", _world.Directory.Current.CatapultApplication("a-foreign")!.Name);
    }

    [Theory]
    [InlineData("""{"incomingCallUrl":"https://a.test/"}""", "missing-property", "The 'application' resource property 'name' is required but was not specified")]
    [InlineData("""{"name":"x"}""", "validation-error", "Your application must have a least one callback URL.")]
    [InlineData("""{"name":"x","incomingMessageUrl":"https://a.test/","incomingCallFallbackUrl":"https://a.test/"}""", "validation-error", "Your application must have a call callback URL in order to have a fallback URL.")]
    [InlineData("""{"name":"x","incomingCallUrl":"https://a.test/","incomingCallFallbackUrl":" "}""", "validation-error", "Your application call fallback URL may not be blank/empty.")]
    [InlineData("""{"name":"x","incomingCallUrl":"https://a.test/","incomingCallUrlCallbackTimeout":0}""", "validation-error", "Incoming Call callback timeout must be greater than 0")]
    [InlineData("""{"name":"x","incomingCallUrl":"https://a.test/","incomingCallUrlCallbackTimeout":10001}""", "validation-error", "Incoming Call callback timeout must not surpass 10000")]
    [InlineData("""{"name":"x","incomingCallUrl":"nowhere"}""", "validation-error", "Invalid 'incomingCallUrl' URL. 'nowhere' is not a valid URL")]
    public async Task What_is_wrong_with_an_application_is_said_in_the_vendor_s_words(string body, string code, string message)
    {
        var answer = await _world.PostAsync("applications", body);

        Assert.Equal((400, code, message), (answer.Status, answer.Code, answer.Message));
    }

    [Fact]
    public async Task The_last_address_cannot_be_taken_away()
    {
        var answer = await _world.PostAsync($"applications/{Desk}", """{"incomingCallUrl":""}""");

        Assert.Equal("Your application must have a least one callback URL.", answer.Message);
        Assert.NotNull(_world.Directory.Current.CatapultApplication(Desk)!.IncomingCallUrl);
    }

    [Theory]
    [InlineData(true, "post", typeof(CallPlan.Service))]
    [InlineData(true, "get", typeof(CallPlan.Scripted))]
    [InlineData(false, "post", typeof(CallPlan.Offered))]
    [InlineData(false, "get", typeof(CallPlan.Offered))]
    public void A_call_to_its_number_does_what_the_application_says(bool autoAnswer, string method, Type plan)
    {
        var directory = With(a => a with { AutoAnswer = autoAnswer, CallbackHttpMethod = method, IncomingCallUrlCallbackTimeout = 1500, IncomingCallFallbackUrl = "https://pbx.example.org/2" });

        var offer = new CatapultIncoming().Offer(directory.Number(CatapultWorld.Own)!, directory, Arriving())!;

        Assert.IsType(plan, offer.Plan);
        Assert.Equal(
            (Desk, "https://pbx.example.org/in", method.ToUpperInvariant(), "1500", "https://pbx.example.org/2", CatapultWorld.User, CatapultWorld.Own),
            (offer.Details!["catapult.applicationId"], offer.Details["catapult.callbackUrl"], offer.Details["catapult.callbackHttpMethod"], offer.Details["catapult.callbackTimeout"],
                offer.Details["catapult.fallbackUrl"], offer.Details["catapult.user"], offer.Details["catapult.to"]));
    }

    [Fact]
    public void A_call_without_an_application_or_an_address_is_refused_and_another_dialect_s_number_is_left_alone()
    {
        var without = With(a => a with { Id = "a-another" });
        var silent = With(a => a with { IncomingCallUrl = null });

        Assert.Equal(HangupCause.SubscriberAbsent, Assert.IsType<CallPlan.Refused>(new CatapultIncoming().Offer(without.Number(CatapultWorld.Own)!, without, Arriving())!.Plan).Cause);
        Assert.IsType<CallPlan.Refused>(new CatapultIncoming().Offer(silent.Number(CatapultWorld.Own)!, silent, Arriving())!.Plan);
        Assert.Null(new CatapultIncoming().Offer(silent.Number("+19195550999")!, silent, Arriving()));
    }

    [Fact]
    public void What_the_invite_says_is_kept_with_the_call()
    {
        var directory = With(static a => a);

        var details = new CatapultIncoming().Offer(directory.Number(CatapultWorld.Own)!, directory, Arriving(
            ("X-Order", "7"), ("x-order", "8"), ("Diversion", "\"A, B\" <sip:+12125550111@pbx.test>;reason=\"user-busy\";counter=2;privacy=full, <sip:other@x>"),
            ("P-Asserted-Identity", "<sip:+15550001111@pbx.test>")))!.Details!;

        Assert.Equal("""{"X-Order":"7"}""", details["catapult.sipHeaders"]);
        Assert.Contains("\"origTo\":\"Anonymous\"", details["catapult.diversion"], StringComparison.Ordinal);
        Assert.Contains("\"reason\":\"user-busy\"", details["catapult.diversion"], StringComparison.Ordinal);
        Assert.Contains("\"counter\":\"2\"", details["catapult.diversion"], StringComparison.Ordinal);
        Assert.Equal("<sip:+15550001111@pbx.test>", details["catapult.preferredId"]);
    }

    private static CallDirectory With(Func<CatapultApplication, CatapultApplication> change)
    {
        var provisioned = CatapultWorld.Provisioned;
        return new CallDirectory(provisioned with { CatapultApplications = [change(provisioned.CatapultApplications[0]), provisioned.CatapultApplications[1]] });
    }

    private static ArrivingCall Arriving(params (string Name, string Value)[] headers) =>
        new(new Party("+12525550143"), [.. headers.Select(h => KeyValuePair.Create(h.Name, h.Value))]);
}
