using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Ivr;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>An application says where calls go, before anything rings and after each attempt that failed.</summary>
public sealed class RouteDecisionTests : IAsyncLifetime
{
    private const string Url = "http://127.0.0.1/route";

    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    private readonly FakeScripts _scripts = new();
    private Loopback _loopback = null!;
    private ScriptedPhone _caller = null!;
    private ScriptedPhone _first = null!;
    private ScriptedPhone _second = null!;

    public async ValueTask InitializeAsync()
    {
        _loopback = Loopback.Start(
            new Provisioning
            {
                Accounts = [new Account { Name = "demo", Dialects = ["ozeki"], Ozeki = new OzekiSettings(RoutingUrl: Url) }],
                Extensions =
                [
                    .. Enumerable.Range(201, 3).Append(101).Select(n => new Extension { Number = $"{n}", Secret = $"pw{n}", Account = "demo" }),
                    new Extension { Number = "800", Kind = ExtensionKind.Service, Account = "demo" },
                ],
            },
            null,
            _scripts);
        (_caller, _first, _second) = (_loopback.Phone("101", "pw101"), _loopback.Phone("201", "pw201"), _loopback.Phone("202", "pw202"));
        foreach (var phone in (ScriptedPhone[])[_caller, _first, _second])
            Assert.Equal(200, (await phone.RegisterAsync()).Status);
    }

    public ValueTask DisposeAsync() => _loopback.DisposeAsync();

    [Fact]
    public async Task A_phone_that_does_not_answer_is_followed_by_the_one_the_application_names_next()
    {
        Reply(To("201", TimeSpan.FromSeconds(1)), To("202", Long));

        var call = await _caller.DialAsync("203");
        var ignored = await _first.IncomingAsync();
        await ignored.RingAsync();
        await ignored.ExpectCancelAsync();
        var taken = await _second.IncomingAsync();
        var connected = call.ConnectAsync();
        await taken.AnswerAsync(ScriptedPhone.SilentSdp());
        await connected;
        await call.HangUpAsync();
        await taken.ExpectByeAsync();

        var ended = await _loopback.EndedAsync();
        Assert.Equal(("203", "202", "caller"), (ended.Dialed, ended.CalleeDialed, ended.By!.Word));
        Assert.Equal(HangupCause.NoAnswer, Loopback.Record(ended, 2).Cause);
        var asked = _scripts.Asked.ToArray();
        Assert.Equal(new RoutingQuestion("101", "101", "203", "203", null, null), asked[0].Routing);
        Assert.Equal(new RoutingQuestion("101", "101", "203", "201", "201", HangupCause.NoAnswer), asked[1].Routing);
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task An_application_that_refuses_after_a_busy_phone_leaves_the_caller_its_cause()
    {
        Reply(To("201", Long), To("", Long));

        var call = await _caller.DialAsync("203");
        await (await _first.IncomingAsync()).RejectAsync(486);

        Assert.Equal(17, (await call.ExpectRefusalAsync(486)).Q850);
        Assert.Equal("callee USER_BUSY", Loopback.Why(await _loopback.EndedAsync()));
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task An_application_that_refuses_at_once_declines_the_call_and_rings_nobody()
    {
        Reply(To("", Long));

        var call = await _caller.DialAsync("201");

        await call.ExpectRefusalAsync(603);
        Assert.Equal("policy (refused by the routing application) CALL_REJECTED", Loopback.Why(await _loopback.EndedAsync()));
        Assert.Equal(0, _first.CountReceived(m => m.Is("INVITE")));
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_number_that_leads_nowhere_is_told_and_the_application_decides_again()
    {
        Reply(To("nobody", Long), To("203", Long), To("201", Long));

        var call = await _caller.DialAsync("202");
        var taken = await _first.IncomingAsync();
        await taken.RingAsync();
        await call.ExpectAsync(180);
        await call.CancelAsync();
        await taken.ExpectCancelAsync();

        await _loopback.EndedAsync();
        Assert.Equal(
            [null, HangupCause.UnallocatedNumber, HangupCause.SubscriberAbsent],
            _scripts.Asked.Select(a => a.Routing!.LastCause));
        Assert.Equal(["nobody", "203"], _scripts.Asked.Skip(1).Select(a => a.Routing!.LastCalled));
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_dead_application_leaves_the_call_to_the_dial_plan()
    {
        _scripts.With(Url, _ => Task.FromResult<ScriptFetch>(new ScriptFetch.Failed(300, "CannotConnect")));

        var call = await _caller.DialAsync("201");
        var taken = await _first.IncomingAsync();
        var connected = call.ConnectAsync();
        await taken.AnswerAsync(ScriptedPhone.SilentSdp());
        await connected;
        await call.HangUpAsync();
        await taken.ExpectByeAsync();

        Assert.Equal("201", (await _loopback.EndedAsync()).CalleeDialed);
        Assert.Contains(_loopback.Ports.Events, e => e is ScriptFailed { Code: 300 });
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_reply_without_a_route_leaves_the_call_to_the_dial_plan_with_its_refusal()
    {
        Reply(new Verb.Speak("hello", null, null, 2));

        var call = await _caller.DialAsync("999");

        Assert.Equal(1, (await call.ExpectRefusalAsync(404)).Q850);
        Assert.Equal("policy (no route) UNALLOCATED_NUMBER", Loopback.Why(await _loopback.EndedAsync()));
        Assert.Contains(_loopback.Ports.Events, e => e is ScriptFailed failed && failed.Message.Contains("Speak", StringComparison.Ordinal));
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_number_the_dial_plan_does_not_know_is_the_applications_to_decide()
    {
        Reply(To("800", Long));

        var call = await _caller.DialAsync("999");
        await call.ConnectAsync();
        await call.HangUpAsync();

        var ended = await _loopback.EndedAsync();
        Assert.Equal(("999", "800"), (ended.Dialed, ended.CalleeDialed));
        Assert.IsType<CallPlan.Service>(ended.Plan);
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_caller_that_gives_up_while_the_application_thinks_is_gone_and_a_late_decision_rings_nobody()
    {
        var late = new TaskCompletionSource<ScriptFetch>(TaskCreationOptions.RunContinuationsAsynchronously);
        _scripts.With(Url, _ => late.Task);

        var call = await _caller.DialAsync("201");
        await Eventually.TrueAsync(() => !_scripts.Asked.IsEmpty, "the application is asked");
        await call.CancelAsync();
        await call.ExpectRefusalAsync(487);
        var ended = await _loopback.EndedAsync();
        late.SetResult(new ScriptFetch.Loaded(new Script([To("201", Long)], Url)));
        await _loopback.QuietAsync();

        Assert.Equal("caller ORIGINATOR_CANCEL", Loopback.Why(ended));
        Assert.Equal(0, _first.CountReceived(m => m.Is("INVITE")));
    }

    [Fact]
    public async Task An_application_that_hangs_up_while_another_thinks_refuses_the_call_as_unavailable()
    {
        _scripts.With(Url, async stop =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
            throw new InvalidOperationException("never reached");
        });

        var call = await _caller.DialAsync("201");
        var id = (await Eventually.GetAsync(() => Task.FromResult(_loopback.Exchange.Live()), l => l.Count == 1, "the call"))[0].Id;
        await _loopback.AskAsync(new CallCommand.HangUp(id, new HangupBy.Api("ozeki", "demo")));

        await call.ExpectRefusalAsync(480);
        Assert.Equal("api", (await _loopback.EndedAsync()).By!.Word);
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_call_hung_up_between_two_attempts_ends_once()
    {
        var late = new TaskCompletionSource<ScriptFetch>(TaskCreationOptions.RunContinuationsAsynchronously);
        var questions = 0;
        _scripts.With(Url, _ => Interlocked.Increment(ref questions) == 1 ? Task.FromResult<ScriptFetch>(Loaded(To("201", Long))) : late.Task);

        var call = await _caller.DialAsync("203");
        var offered = await _first.IncomingAsync();
        await offered.RingAsync();
        await call.ExpectAsync(180);
        await offered.RejectAsync(486);
        await Eventually.TrueAsync(() => Volatile.Read(ref questions) == 2, "the application is asked again");
        await call.CancelAsync();
        await call.ExpectRefusalAsync(487);
        late.SetResult(Loaded(To("202", Long)));

        Assert.Equal("caller ORIGINATOR_CANCEL", Loopback.Why(await _loopback.EndedAsync()));
        await _loopback.QuietAsync();
        Assert.Equal(0, _second.CountReceived(m => m.Is("INVITE")));
    }

    [Fact]
    public async Task An_application_that_never_finds_anybody_is_asked_only_so_often()
    {
        _scripts.With(Url, To("nobody", Long));

        var call = await _caller.DialAsync("203");

        await call.ExpectRefusalAsync(404);
        Assert.Equal("policy (too many routing attempts) UNALLOCATED_NUMBER", Loopback.Why(await _loopback.EndedAsync()));
        Assert.Equal(CallRouting.MostAttempts, _scripts.Asked.Count);
        await _loopback.QuietAsync();
    }

    private static Verb.Route To(string destination, TimeSpan ringTime) => new(destination, ringTime, null, null, 1);

    private static ScriptFetch.Loaded Loaded(params Verb[] verbs) => new(new Script([.. verbs], Url));

    /// <summary>One decision for each question; no more than these may be asked.</summary>
    private void Reply(params Verb[] decisions)
    {
        var left = new Queue<Verb>(decisions);
        _scripts.With(Url, _ => Task.FromResult<ScriptFetch>(left.TryDequeue(out var verb) ? Loaded(verb) : Loaded(To("", Long))));
    }
}
