using Switchhook.Calls.Causes;
using Switchhook.Calls.Scripts;
using Switchhook.Dialects.Ozeki.Scripts;
using Switchhook.Ivr;

namespace Switchhook.Dialects.Tests.Ozeki;

/// <summary>RoutingInterception and Route: where a call goes, before it rings and after each attempt that failed.</summary>
public class OzekiRoutingTests
{
    private readonly FakeHttp _http = new();

    /// <summary>NotificationName=RoutingInterception with the seven fields of the vendor's page, in its order.</summary>
    [Theory]
    [InlineData(null, "NotificationName=RoutingInterception&CallerID=%2B3615550100&OriginalDialedNumber=200&LastDialedNumber=200&LastCalledExtension=&LastCallState=Calling&CallerExtension=line1")]
    [InlineData(HangupCause.NoAnswer, "NotificationName=RoutingInterception&CallerID=%2B3615550100&OriginalDialedNumber=200&LastDialedNumber=201&LastCalledExtension=201&LastCallState=NoAnswer&CallerExtension=line1")]
    public async Task The_application_is_told_who_calls_and_what_became_of_the_last_attempt(HangupCause? last, string form)
    {
        await AskAsync(last);

        Assert.Equal(form, _http.Form);
    }

    [Theory]
    [InlineData(null, "Calling")]
    [InlineData(HangupCause.NoAnswer, "NoAnswer")]
    [InlineData(HangupCause.NoUserResponse, "NoAnswer")]
    [InlineData(HangupCause.UserBusy, "Busy")]
    [InlineData(HangupCause.CallRejected, "Busy")]
    [InlineData(HangupCause.UnallocatedNumber, "NotFound")]
    [InlineData(HangupCause.SubscriberAbsent, "NotFound")]
    [InlineData(HangupCause.NormalTemporaryFailure, "Error")]
    [InlineData(HangupCause.NormalClearing, "Error")]
    public void Every_outcome_has_a_routing_state(HangupCause? last, string state) => Assert.Equal(state, Dialects.Ozeki.OzekiWords.RoutingState(last));

    [Fact]
    public async Task A_route_has_a_destination_and_may_have_a_time_a_caller_and_a_number()
    {
        _http.Reply = FakeHttp.Ok("<Response><Route Destination='line1' RingTime='15' CallerId='3000' DialedNumber='+3615550101'/></Response>");

        var route = Assert.IsType<Verb.Route>(Assert.Single(await VerbsAsync()));

        Assert.Equal(new Verb.Route("line1", TimeSpan.FromSeconds(15), "3000", "+3615550101", 1), route);
    }

    [Theory]
    [InlineData("<Route Destination=''/>", "")]
    [InlineData("<Route>201</Route>", "201")]
    [InlineData("<route destination='201@localhost'/>", "201")]
    public async Task A_route_may_be_written_in_several_ways_and_rings_ninety_seconds(string element, string destination)
    {
        _http.Reply = FakeHttp.Ok($"<Response>{element}</Response>");

        Assert.Equal(new Verb.Route(destination, TimeSpan.FromSeconds(90), null, null, 1), Assert.Single(await VerbsAsync()));
    }

    [Theory]
    [InlineData("<Route/>", 302, "Missing or invalid parameter 'Destination' for command 'Route'")]
    [InlineData("<Route Destination='201' RingTime='0'/>", 302, "Missing or invalid parameter 'RingTime' for command 'Route'")]
    [InlineData("<Route Destination='201' RingTime='soon'/>", 302, "Missing or invalid parameter 'RingTime' for command 'Route'")]
    [InlineData("<Route Destination='line1' DialedNumber='x'/>", 302, "Missing or invalid parameter 'DialedNumber' for command 'Route'")]
    [InlineData("<Hangup/>", 303, "Command 'Hangup' cannot be used here")]
    [InlineData("<Speak>$who</Speak>", 303, "Command 'Speak' cannot be used here")]
    [InlineData("<Teleport/>", 301, "Not implemented command: 'Teleport'")]
    public async Task What_is_no_route_is_reported_in_the_vendors_words(string element, int code, string message)
    {
        _http.Reply = FakeHttp.Ok($"<Response>{element}</Response>");

        var invalid = Assert.IsType<Verb.Invalid>(Assert.Single(await VerbsAsync()));

        Assert.Equal((code, message), (invalid.Code, invalid.Message));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n")]
    [InlineData("<Response/>")]
    public async Task A_reply_without_anything_decides_nothing_and_is_no_failure(string body)
    {
        _http.Reply = FakeHttp.Ok(body);

        Assert.Empty(await VerbsAsync());
    }

    [Theory]
    [InlineData("busy")]
    [InlineData("<Response><Route")]
    public async Task A_reply_that_cannot_be_read_is_a_failure(string body)
    {
        _http.Reply = FakeHttp.Ok(body);

        Assert.Equal(300, Assert.IsType<ScriptFetch.Failed>(await AskAsync(null)).Code);
    }

    [Fact]
    public void Route_stands_nowhere_else()
    {
        var verb = Assert.IsType<Verb.Invalid>(Assert.Single(Ozml.ReadParameter("<Response><Route Destination='201'/></Response>").Verbs));

        Assert.Equal(303, verb.Code);
    }

    private async Task<IReadOnlyList<Verb>> VerbsAsync() => Assert.IsType<ScriptFetch.Loaded>(await AskAsync(null)).Script.Verbs;

    private async Task<ScriptFetch> AskAsync(HangupCause? last) => await new OzekiScripts(_http).FetchAsync(
        new ScriptRequest(OzekiWorld.Incoming(), new ScriptRef("ozeki", "http://app.test/route"), ScriptOccasion.RoutingInterception)
        {
            Routing = new RoutingQuestion("+3615550100", "line1", "200", last is null ? "200" : "201", last is null ? null : "201", last),
        },
        default);
}
