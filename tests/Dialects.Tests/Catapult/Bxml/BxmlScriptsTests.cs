using System.Collections.Immutable;
using System.Text;
using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Ports;
using Switchhook.Calls.Scripts;
using Switchhook.Dialects.Catapult;
using Switchhook.Ivr;

namespace Switchhook.Dialects.Tests.Catapult.Bxml;

/// <summary>What an application is asked, with what, and what becomes of its answers.</summary>
public sealed class BxmlScriptsTests
{
    private const string Caller = "displayName=%2B12525550143&withholdCallerName=false&withholdCallerNumber=false";
    private const string Time = "time=2017-03-02T13%3A00%3A06Z";
    private static readonly string CallId = CatapultId.Of(new LegId(BxmlWorld.Id, 1));
    private static readonly string Call = $"callId={CallId}&callUri=http%3A%2F%2F127.0.0.1%3A8088%2Fv1%2Fusers%2Fu-demo%2Fcalls%2F{CallId}";
    private readonly Server _server = new();

    [Fact]
    public async Task An_incoming_call_is_told_and_its_answer_asks_the_same_address_for_the_document()
    {
        _server.Says("<Response><Hangup/></Response>");

        var told = Loaded(await FetchAsync(ScriptOccasion.IncomingCall, "http://pbx.example.org/in?k=1"));
        var step = Assert.IsType<Verb.GoTo>(Assert.Single(told.Verbs));
        var document = Loaded(await FetchAsync(ScriptOccasion.GoTo, step.Url, step));

        Assert.Equal([new Verb.HangUp(null, 1)], document.Verbs);
        Assert.Equal(
            [
                $"http://pbx.example.org/in?k=1&eventType=incomingcall&callState=active&from=%2B12525550143&to=%2B19195550100&{Call}&{Time}&{Caller}",
                $"http://pbx.example.org/in?k=1&eventType=answer&callState=active&from=%2B12525550143&to=%2B19195550100&{Call}&{Time}&{Caller}",
            ],
            _server.Asked.Select(static a => a.Url));
        Assert.All(_server.Asked, static a => Assert.Equal(
            ("GET", TimeSpan.FromSeconds(10), false, "BandwidthAPI/v1"), (a.Method, a.Timeout, a.FollowRedirects, a.Headers.Single(static h => h.Key == "User-Agent").Value)));
    }

    [Fact]
    public async Task Who_calls_and_how_the_call_was_diverted_is_told_by_GET_too()
    {
        _server.Says("", "<Response/>");
        var call = BxmlWorld.Call();
        call = call with
        {
            Legs =
            [
                call.Legs[0] with
                {
                    Party = new Party("+12525550143", "Jo", IsWithheld: true),
                    Details = ImmutableDictionary<string, string>.Empty.Add("catapult.diversion", """{"reason":"user-busy"}""").Add("catapult.preferredId", "sip:jo@x"),
                },
            ],
        };

        foreach (var (occasion, verb) in ((ScriptOccasion, Verb?)[])[(ScriptOccasion.IncomingCall, null), (ScriptOccasion.GoTo, new Verb.GoTo("http://x/", 0) { Name = "answer" })])
        {
            await BxmlWorld.Scripts(_server).FetchAsync(
                new ScriptRequest(call, new ScriptRef("catapult", "http://x/"), occasion, null) { Verb = verb }, TestContext.Current.CancellationToken);
        }

        Assert.All(_server.Asked, static a => Assert.EndsWith(
            "&displayName=Jo&preferredId=sip%3Ajo%40x&withholdCallerName=true&withholdCallerNumber=true&diversion=%7B%22reason%22%3A%22user-busy%22%7D", a.Url, StringComparison.Ordinal));
        Assert.Equal(2, _server.Asked.Count);
    }

    [Fact]
    public async Task What_was_gathered_is_told_with_the_reason()
    {
        var verb = new Verb.Gather("Gather", [], 1) { Tag = "pin", ReplyTime = TimeSpan.FromSeconds(8) };
        _server.Says("<Response/>", "<Response/>", "<Response/>");

        await FetchAsync(ScriptOccasion.DtmfEntered, "http://x/m", verb, new ScriptEntry("417", GatherEnding.EndKey, '#'));
        await FetchAsync(ScriptOccasion.DtmfEntered, "menu?a=b", verb with { Tag = null, ReplyTime = null }, new ScriptEntry("1", GatherEnding.MaxDigits));
        await FetchAsync(ScriptOccasion.DtmfEntered, "/menu", verb, new ScriptEntry("", GatherEnding.Timeout));

        Assert.Collection(
            _server.Asked,
            a => Assert.Matches("^http://x/m\\?eventType=gather&state=completed&reason=terminating-digit&digits=417&terminatingDigit=%23&tag=pin&gatherId=gtr-[a-z2-7]{24}&callId=c-", a.Url),
            a => Assert.StartsWith("http://pbx.example.org/app/menu?a=b&eventType=gather&state=completed&reason=max-digits&digits=1&terminatingDigit=&gatherId=", a.Url, StringComparison.Ordinal),
            a => Assert.StartsWith("http://pbx.example.org/menu?eventType=gather&state=completed&reason=inter-digit-timeout&digits=&terminatingDigit=&tag=pin&", a.Url, StringComparison.Ordinal));
        Assert.Equal([TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(8)], _server.Asked.Select(static a => a.Timeout!.Value));
    }

    [Fact]
    public async Task A_redirection_asks_for_another_document()
    {
        _server.Says("<Response><Pause/></Response>");

        var script = Loaded(await FetchAsync(ScriptOccasion.GoTo, "http://x/next", new Verb.GoTo("http://x/next", 4) { Name = "Redirect", Tag = "t" }));

        Assert.Equal(2, script.Verbs.Length);
        Assert.Equal("http://x/next", script.Source);
        Assert.StartsWith("http://x/next?eventType=redirect&callState=active&from=%2B12525550143&to=%2B19195550100&callId=c-", _server.Asked[0].Url, StringComparison.Ordinal);
        Assert.Contains("&tag=t&", _server.Asked[0].Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_whose_answer_brings_no_document_is_left_alone_and_one_that_had_one_lingers()
    {
        _server.Says("", " \r\n", "");

        var answered = Loaded(await FetchAsync(ScriptOccasion.CallConnected, "http://x/"));
        var incoming = Loaded(await FetchAsync(ScriptOccasion.GoTo, "http://x/", new Verb.GoTo("http://x/", 0) { Name = "answer" }));
        var gathered = Loaded(await FetchAsync(ScriptOccasion.DtmfEntered, "http://x/", new Verb.Gather("Gather", [], 1), new ScriptEntry("1", GatherEnding.MaxDigits)));

        Assert.Equal([new Verb.Leave(0)], answered.Verbs);
        Assert.Equal([new Verb.Leave(0)], incoming.Verbs);
        Assert.Equal(TimeSpan.FromSeconds(30), Assert.IsType<Verb.Delay>(Assert.Single(gathered.Verbs)).Time);
    }

    [Theory]
    [InlineData(500, "<Response/>", "http://x/: HTTP 500")]
    [InlineData(301, "", "http://x/: HTTP 301")]
    [InlineData(200, "<Response><Dance/></Response>", "http://x/: Dance, line 1: unknown verb")]
    [InlineData(200, "<html><body>oops</body>", "http://x/: not well-formed, line 1")]
    public async Task What_cannot_be_used_is_a_failure_that_says_why(int status, string body, string why)
    {
        _server.Replies.Enqueue(new HttpReply(status, Encoding.UTF8.GetBytes(body), HttpFailure.None, null));

        var failed = Assert.IsType<ScriptFetch.Failed>(await FetchAsync(ScriptOccasion.CallConnected, "http://x/"));

        Assert.Equal(why, failed.Message);
    }

    [Fact]
    public async Task An_incoming_call_nobody_hears_of_has_nobody_there_and_one_with_a_document_ends_as_it_stands()
    {
        _server.Replies.Enqueue(new HttpReply(500, default, HttpFailure.None, null));

        var incoming = Assert.IsType<ScriptFetch.Failed>(await FetchAsync(ScriptOccasion.IncomingCall, "http://x/"));
        var connected = Assert.IsType<ScriptFetch.Failed>(await FetchAsync(ScriptOccasion.CallConnected, "http://x/"));

        Assert.Equal((HangupCause.SubscriberAbsent, "+13365550177"), (incoming.Cause, incoming.Instead));
        Assert.Equal((null, null), (connected.Cause, connected.Instead));
    }

    [Fact]
    public async Task A_name_and_password_go_into_a_header_and_only_over_https()
    {
        _server.Says("", "");

        await FetchAsync(ScriptOccasion.CallConnected, "https://us%40er:pa%20ss@x/a");
        await FetchAsync(ScriptOccasion.CallConnected, "http://user:pass@x/a");

        Assert.StartsWith("https://x/a?", _server.Asked[0].Url, StringComparison.Ordinal);
        Assert.Contains(new("Authorization", "Basic " + Convert.ToBase64String("us@er:pa ss"u8)), _server.Asked[0].Headers);
        Assert.StartsWith("http://x/a?", _server.Asked[1].Url, StringComparison.Ordinal);
        Assert.DoesNotContain(_server.Asked[1].Headers, static h => h.Key == "Authorization");
    }

    [Fact]
    public async Task A_document_at_hand_is_run_and_nobody_is_asked()
    {
        var script = new ScriptRequest(BxmlWorld.Call(), new ScriptRef("catapult", null, "<Response><Hangup/></Response>"), ScriptOccasion.CallConnected);

        var loaded = Loaded(await BxmlWorld.Scripts(_server).FetchAsync(script, TestContext.Current.CancellationToken));

        Assert.Equal([new Verb.HangUp(null, 1)], loaded.Verbs);
        Assert.Empty(_server.Asked);
    }

    [Fact]
    public async Task A_call_of_nobody_who_may_use_the_dialect_has_no_script()
    {
        var call = BxmlWorld.Call();
        var request = new ScriptRequest(call with { Origin = call.Origin with { Account = "other" }, Accounts = ["other"] }, new ScriptRef("catapult", "http://x/"), ScriptOccasion.CallConnected);

        Assert.IsType<ScriptFetch.Failed>(await BxmlWorld.Scripts(_server).FetchAsync(request, TestContext.Current.CancellationToken));
        Assert.Null(BxmlWorld.Scripts(_server).Tell(request, 1));
        Assert.Empty(_server.Asked);
    }

    [Fact]
    public void A_recording_is_told_once_it_is_closed()
    {
        var verb = new Verb.Record("wav", null, null, "", "done", null, 1) { Reply = ScriptReply.None, Tag = "vm" };
        var recording = new ScriptInput.RecordingEnded("http://pbx/r", TimeSpan.FromSeconds(4)) { Number = 2, At = new DateTimeOffset(2017, 3, 2, 13, 0, 5, TimeSpan.Zero) };

        var told = Tell(ScriptOccasion.RecordCompleted, "done", verb, recording)!;
        var failed = Tell(ScriptOccasion.RecordCompleted, "done", verb, recording with { Url = null })!;

        var id = CatapultId.Of("rec", new LegId(BxmlWorld.Id, 2));
        Assert.Equal(
            $"http://pbx.example.org/app/done?eventType=recording&callId={CallId}&recordingId={id}&recordingUri=http%3A%2F%2F127.0.0.1%3A8088%2Fv1%2Fusers%2Fu-demo%2Frecordings%2F{id}"
            + "&status=complete&startTime=2017-03-02T13%3A00%3A01Z&endTime=2017-03-02T13%3A00%3A05Z&tag=vm",
            told.Request.Url);
        Assert.Equal(($"{BxmlWorld.Id}.bxml.3", "catapult", "demo", false, "GET"), (told.Id, told.Dialect, told.Account, told.Terminal, told.Request.Method));
        Assert.Contains("&status=error&", failed.Request.Url, StringComparison.Ordinal);
    }

    [Fact]
    public void The_end_of_a_transfer_is_told_with_both_sides_of_the_new_leg()
    {
        var verb = new Verb.Transfer(["+13365550188"], TimeSpan.FromSeconds(20), null, 1) { Tag = "sales", Shown = new Party("+19195550100") };

        var told = Tell(ScriptOccasion.TransferEnded, "http://x/t", verb, null)!;
        var withheld = Tell(ScriptOccasion.TransferEnded, "http://x/t", verb with { Shown = new Party("+1", IsWithheld: true) }, null)!;

        Assert.Equal(
            $"http://x/t?eventType=transferComplete&callState=active&from=%2B19195550100&to=%2B13365550188&{Call}&tag=sales&{Time}", told.Request.Url);
        Assert.Contains("&from=private&", withheld.Request.Url, StringComparison.Ordinal);
    }

    private static Notification? Tell(ScriptOccasion occasion, string url, Verb verb, ScriptInput.RecordingEnded? recording) => BxmlWorld.Scripts(new Server()).Tell(
        new ScriptRequest(BxmlWorld.Call(), new ScriptRef("catapult", url), occasion, "http://pbx.example.org/app/start") { Verb = verb, Recording = recording }, 3);

    private ValueTask<ScriptFetch> FetchAsync(ScriptOccasion occasion, string url, Verb? verb = null, ScriptEntry? entry = null) => BxmlWorld.Scripts(_server).FetchAsync(
        new ScriptRequest(BxmlWorld.Call(), new ScriptRef("catapult", url), occasion, "http://pbx.example.org/app/start") { Verb = verb, Entry = entry },
        TestContext.Current.CancellationToken);

    private static Script Loaded(ScriptFetch fetch) => Assert.IsType<ScriptFetch.Loaded>(fetch).Script;

    private sealed class Server : IHttpCaller
    {
        public List<HttpCall> Asked { get; } = [];
        public Queue<HttpReply> Replies { get; } = new();

        public void Says(params ReadOnlySpan<string> bodies)
        {
            foreach (var body in bodies)
                Replies.Enqueue(new HttpReply(200, Encoding.UTF8.GetBytes(body), HttpFailure.None, null));
        }

        public ValueTask<HttpReply> SendAsync(HttpCall call, CancellationToken cancellation)
        {
            Asked.Add(call);
            return ValueTask.FromResult(Replies.Count > 1 ? Replies.Dequeue() : Replies.Peek());
        }
    }
}
