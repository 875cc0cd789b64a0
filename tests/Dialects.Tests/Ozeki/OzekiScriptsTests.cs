using System.Text;
using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Ports;
using Switchhook.Calls.Scripts;
using Switchhook.Dialects.Ozeki.Scripts;
using Switchhook.Ivr;

namespace Switchhook.Dialects.Tests.Ozeki;

public class OzekiScriptsTests
{
    private static readonly string Id = OzekiWorld.First.ToString();

    [Fact]
    public async Task CallConnected_is_posted_to_the_address_of_the_call_with_its_query_untouched()
    {
        var http = new FakeHttp { Reply = FakeHttp.Ok("<Response><Delay>1</Delay></Response>") };

        var fetch = await FetchAsync(http, OzekiWorld.Placed(), new ScriptRef("ozeki", "http://app.test/up?job=17"), ScriptOccasion.CallConnected);

        var script = Assert.IsType<ScriptFetch.Loaded>(fetch).Script;
        Assert.Equal([new Verb.Delay(TimeSpan.FromSeconds(1), 1)], script.Verbs);
        Assert.Equal("http://app.test/up?job=17", script.Source);
        Assert.Equal($"NotificationName=CallConnected&CallId={Id}&CallerID=900&Dialed=204&ApiExtension=900", http.Form);
        var sent = Assert.Single(http.Sent);
        Assert.Equal(
            ("POST", "http://app.test/up?job=17", "application/x-www-form-urlencoded", TimeSpan.FromSeconds(10), true, OzekiWorld.First),
            (sent.Method, sent.Url, sent.ContentType, sent.Timeout, sent.FollowRedirects, sent.Call));
        Assert.Equal(["Cache-Control: no-store,no-cache", "Pragma: no-cache"], sent.Headers.Select(h => $"{h.Key}: {h.Value}"));
    }

    [Fact]
    public async Task IncomingCall_tells_who_calls_and_what_was_dialled()
    {
        var http = new FakeHttp();

        await FetchAsync(http, OzekiWorld.Incoming(), new ScriptRef("ozeki", "http://app.test/in"), ScriptOccasion.IncomingCall);

        Assert.Equal(
            $"NotificationName=IncomingCall&CallId={Id}&CallerID=%2B3615550100&CallerDisplayName=%C3%81gnes+%26+Co&Dialed=%2B3615550199&ApiExtension=900",
            http.Form);
    }

    [Fact]
    public async Task A_caller_without_a_name_sends_the_field_empty()
    {
        var http = new FakeHttp();

        await FetchAsync(http, OzekiWorld.Incoming() with { Caller = new Party("201") }, new ScriptRef("ozeki", "http://app.test/in"), ScriptOccasion.IncomingCall);

        Assert.Contains("&CallerDisplayName=&", http.Form, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://other.test/b", "http://app.test/dir/a?x=1", "http://other.test/b")]
    [InlineData("b?y=2", "http://app.test/dir/a?x=1", "http://app.test/dir/b?y=2")]
    [InlineData("/b", "https://app.test:8443/dir/a", "https://app.test:8443/b")]
    [InlineData("?page=2", "http://app.test/a?page=1", "http://app.test/a?page=2")]
    public async Task GoTo_is_posted_to_its_address_against_the_one_of_the_running_script(string url, string running, string asked)
    {
        var http = new FakeHttp();

        var fetch = await FetchAsync(http, OzekiWorld.Placed(), new ScriptRef("ozeki", url), ScriptOccasion.GoTo, running);

        Assert.Equal(asked, Assert.Single(http.Sent).Url);
        Assert.Equal(asked, Assert.IsType<ScriptFetch.Loaded>(fetch).Script.Source);
        Assert.StartsWith($"NotificationName=GoTo&CallId={Id}&CallerID=900&", http.Form, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("b", null, ScriptOccasion.GoTo, 302, "Missing or invalid parameter 'Url' for command 'GoTo'")]
    [InlineData("mailto:a@b", "http://app.test/a", ScriptOccasion.GoTo, 302, "Missing or invalid parameter 'Url' for command 'GoTo'")]
    [InlineData(null, null, ScriptOccasion.CallConnected, 302, "Missing or invalid parameter 'Url' for command 'Call'")]
    [InlineData("nowhere", null, ScriptOccasion.IncomingCall, 401, "API extension '900' unavailable, please check configuration or permissions")]
    public async Task An_address_that_is_none_is_named_and_nobody_is_asked(string? url, string? running, ScriptOccasion occasion, int code, string message)
    {
        var http = new FakeHttp();

        var fetch = await FetchAsync(http, OzekiWorld.Incoming(), new ScriptRef("ozeki", url), occasion, running);

        Assert.Equal(new ScriptFetch.Failed(code, message), fetch);
        Assert.Empty(http.Sent);
    }

    [Fact]
    public async Task A_document_at_hand_runs_without_asking()
    {
        var http = new FakeHttp();

        var fetch = await FetchAsync(http, OzekiWorld.Placed(), new ScriptRef("ozeki", "http://app.test/up", "hello"), ScriptOccasion.CallConnected);

        var script = Assert.IsType<ScriptFetch.Loaded>(fetch).Script;
        Assert.Equal([new Verb.Speak("hello", null, null, 1)], script.Verbs);
        Assert.Null(script.Source);
        Assert.Empty(http.Sent);
    }

    [Theory]
    [InlineData(500, HttpFailure.None, "<Response/>", "HTTP 500")]
    [InlineData(302, HttpFailure.None, "", "HTTP 302")]
    [InlineData(0, HttpFailure.TimedOut, "", "TimedOut")]
    [InlineData(0, HttpFailure.AddressNotAllowed, "", "AddressNotAllowed")]
    [InlineData(200, HttpFailure.None, "", "empty reply")]
    [InlineData(200, HttpFailure.None, "<Response>", "not well-formed, line 1")]
    public async Task A_server_that_brings_no_script_is_300_with_the_reason(int status, HttpFailure failure, string body, string why)
    {
        var http = new FakeHttp { Reply = new HttpReply(status, Encoding.UTF8.GetBytes(body), failure, null) };

        var fetch = await FetchAsync(http, OzekiWorld.Placed(), new ScriptRef("ozeki", "http://app.test/up"), ScriptOccasion.CallConnected);

        Assert.Equal(new ScriptFetch.Failed(300, $"Error occured during parsing message: '{why}'"), fetch);
    }

    [Fact]
    public async Task A_script_carries_the_vendors_words_for_what_goes_wrong_while_it_runs()
    {
        var fetch = await FetchAsync(new FakeHttp(), OzekiWorld.Placed(), new ScriptRef("ozeki", "http://app.test/up"), ScriptOccasion.CallConnected);

        var errors = Assert.IsType<ScriptFetch.Loaded>(fetch).Script.Errors;

        Assert.Equal(new ScriptError(303, "Command 'Reject' cannot be used here"), errors.OutOfPlace(new Verb.Reject(2)));
        Assert.Equal(new ScriptError(303, "Command 'GoTo' cannot be used here"), errors.LimitReached(new Verb.GoTo("a", 2), ScriptLimit.FetchChain));
        Assert.Equal(new ScriptError(301, "Not implemented command: 'Record'"), errors.NotAvailable(new Verb.Record("mp3", null, null, "", null, null, 1)));
        Assert.Equal(new ScriptError(302, "Missing or invalid parameter 'Value' for command 'Var'"), errors.NoRoom(new Verb.Set("a", "b", 1)));
        Assert.Equal(
            new ScriptError(402, "Call connect to '204' failed with result state 'Busy'"),
            errors.TransferFailed(new Verb.Transfer(["204"], TimeSpan.FromSeconds(60), null, 1), HangupCause.UserBusy));
        Assert.Equal(
            new ScriptError(402, "Call connect to '205' failed with result state 'NotFound'"),
            errors.Refused(new Verb.Order("Call", new CallCommand.Originate { Dialect = "ozeki", Account = "ops", Caller = new Party("900"), Dialed = "205", Then = new OnAnswer.Wait() }, 1), CallRefusal.NoRoute));
        Assert.Equal(new ScriptError(601, "Call not found with ID 'x'"), errors.NoSuchCall("x"));
        Assert.Equal(new ScriptError(302, "Missing or invalid parameter 'AudioFile' for command 'Play'"), errors.AudioFailed(new Verb.Play("a", false, null, 1), "gone"));
        Assert.Equal(new ScriptError(302, "Missing or invalid parameter 'Text' for command 'Speak'"), errors.AudioFailed(new Verb.Speak("a", null, null, 1), "none"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n")]
    [InlineData("<Response/>")]
    public async Task DtmfEntered_tells_the_digits(string reply)
    {
        var http = new FakeHttp { Reply = FakeHttp.Ok(reply) };

        var fetch = await new OzekiScripts(http).FetchAsync(
            new ScriptRequest(OzekiWorld.Placed(), new ScriptRef("ozeki", "pin?x=1"), ScriptOccasion.DtmfEntered, "http://app.test/a/up") { Entry = new ScriptEntry("7*19", GatherEnding.MaxDigits) }, CancellationToken.None);

        Assert.Empty(Assert.IsType<ScriptFetch.Loaded>(fetch).Script.Verbs);
        var asked = Assert.Single(http.Sent);
        Assert.Equal("http://app.test/a/pin?x=1", asked.Url);
        Assert.Equal($"NotificationName=DtmfEntered&CallId={OzekiWorld.First}&DtmfDigits=7%2A19&CallerID=900&Dialed=204&ApiExtension=900", Encoding.ASCII.GetString(asked.Body.Span));
    }

    [Fact]
    public async Task A_refusal_as_the_first_command_of_an_incoming_call_leaves_it_unanswered()
    {
        var http = new FakeHttp { Reply = FakeHttp.Ok("<Response><Reject/><Speak>This is not spoken.</Speak></Response>") };
        var begun = ScriptRun.ForIncoming(new ScriptRef("ozeki", "http://app.test/in"));

        var fetch = await FetchAsync(http, OzekiWorld.Incoming(), new ScriptRef("ozeki", "http://app.test/in"), ScriptOccasion.IncomingCall);
        var step = begun.Next.On(new ScriptInput.Fetched(fetch));

        Assert.Equal([new ScriptEffect.Reject("Reject", 1)], step.Effects.Where(e => e is not ScriptEffect.Trace));
    }

    private static ValueTask<ScriptFetch> FetchAsync(FakeHttp http, Call call, ScriptRef script, ScriptOccasion occasion, string? running = null) =>
        new OzekiScripts(http).FetchAsync(new ScriptRequest(call, script, occasion, running), CancellationToken.None);
}
