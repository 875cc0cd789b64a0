using System.Collections.Immutable;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Machine;
using Switchhook.Calls.Scripts;

namespace Switchhook.Calls.Tests.Machine;

/// <summary>Calls in every state, brought there by inputs, and one input of every kind.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    public static readonly HangupBy Api = new HangupBy.Api("native", "demo");
    public static readonly LegTarget Phone = new LegTarget.Extension("102");
    public static readonly LegTarget Other = new LegTarget.Extension("104");
    public static readonly LegMedia Media = new() { PacketsSent = 1 };
    public static readonly ScriptRef Script = new("ozeki", "http://app.test/");
    private static readonly TimeSpan RingTime = TimeSpan.FromSeconds(90);

    public static readonly (string Name, CallPlan Plan)[] Plans =
    [
        ("connect", new CallPlan.Connect(Phone, RingTime)),
        ("connect, two phones", new CallPlan.Connect(Phone, RingTime) { Also = [Other] }),
        ("originated, script", new CallPlan.Originated(Phone, new OnAnswer.RunScript(Script), null, RingTime)),
        ("originated, connect", new CallPlan.Originated(Phone, new OnAnswer.Connect("103"), new LegTarget.Extension("103"), RingTime)),
        ("originated, wait", new CallPlan.Originated(Phone, new OnAnswer.Wait(), null, RingTime)),
        ("scripted", new CallPlan.Scripted(Script, TimeSpan.FromSeconds(60))),
        ("service answer", new CallPlan.Service(ServiceBehaviour.Answer)),
        ("service hangup", new CallPlan.Service(ServiceBehaviour.Hangup)),
        ("service ring", new CallPlan.Service(ServiceBehaviour.Ring)),
        ("service busy", new CallPlan.Service(ServiceBehaviour.Busy)),
        ("refused", new CallPlan.Refused(HangupCause.UnallocatedNumber, "no route")),
        ("offered", new CallPlan.Offered("hoiio", "http://app.test/", RingTime)),
    ];

    public static readonly CallInput[] Inputs =
    [
        new CallInput.Begin(),
        new CallInput.LegRings(1, false), new CallInput.LegRings(2, false), new CallInput.LegRings(2, true),
        new CallInput.LegAnswers(1), new CallInput.LegAnswers(2),
        new CallInput.LegNotPlaced(1, HangupCause.SubscriberAbsent, new HangupBy.Policy("not registered")),
        new CallInput.LegNotPlaced(2, HangupCause.SubscriberAbsent, new HangupBy.Policy("not registered")),
        new CallInput.LegLost(1, Bye), new CallInput.LegLost(2, Busy),
        new CallInput.HangupSent(1, new SentEnd("BYE", null), Media), new CallInput.HangupSent(2, new SentEnd("BYE", null), Media),
        new CallInput.HangupSettled(1, HangupConfirmation.Yes), new CallInput.HangupSettled(2, HangupConfirmation.Timeout),
        new CallInput.HangUp(Api, null), new CallInput.HangUp(Api, HangupCause.UserBusy),
        new CallInput.Recover(),
        new CallInput.Hold(), new CallInput.Unhold(), new CallInput.FarHold(1, true), new CallInput.FarHold(1, false),
        new CallInput.TimerFired(CallTimer.Ring), new CallInput.TimerFired(CallTimer.MaxDuration),
        new CallInput.Forward([Other], "104"), ForwardInto(new CallPlan.Service(ServiceBehaviour.Echo)), ForwardInto(new CallPlan.Service(ServiceBehaviour.Busy)), ForwardInto(Plans[5].Plan),
        new CallInput.Forward([Other], "104") { Unheard = true }, ForwardInto(new CallPlan.Service(ServiceBehaviour.Echo)) with { Unheard = true }, new CallInput.Transfer(LegRole.Caller, [Other], "104", RingTime),
        Into(new CallPlan.Service(ServiceBehaviour.Echo)), Into(new CallPlan.Service(ServiceBehaviour.Hangup)), Into(new CallPlan.Service(ServiceBehaviour.Busy)),
        Into(new CallPlan.Service(ServiceBehaviour.Ring)), Into(Plans[5].Plan), new CallInput.HangUp(new HangupBy.Script("no script", 0), null),
        new CallInput.LegRings(3, false), new CallInput.LegAnswers(3), new CallInput.LegLost(3, Busy), new CallInput.HangupSent(3, new SentEnd("CANCEL", null), Media),
        new CallInput.MediaSilent(1), new CallInput.MediaSilent(2),
        new CallInput.Adopt(1, [Visitor(answered: true)], RingTime), new CallInput.Adopt(2, [Visitor(answered: false)], RingTime),
        new CallInput.HandOver(1, new CallId(9), 3), new CallInput.HandOver(2, new CallId(9), 3),
        new CallInput.Replace(1, new Party("105"), "105"), new CallInput.Replace(2, new Party("105"), "105"),
        new CallInput.ScriptDials([Other], "104", RingTime), HandOn(new CallPlan.Service(ServiceBehaviour.Echo)), HandOn(new CallPlan.Service(ServiceBehaviour.Ring)),
        HandOn(new CallPlan.Service(ServiceBehaviour.Busy)), HandOn(Plans[5].Plan), new CallInput.ScriptAnswers(), new CallInput.ScriptRejects("Reject", 1), new CallInput.ScriptReports(303, "no"), new CallInput.ScriptKeepsParty(HangupCause.UserBusy),
        new CallInput.Answer(), new CallInput.Dial([Other], "104", RingTime), new CallInput.TakeNote(new CallNote("hoiio", "words")),
        new CallInput.KeepDetails(1, System.Collections.Immutable.ImmutableDictionary<string, string?>.Empty.Add("catapult.tag", "t")),
        new CallInput.AwaitAnswer(new Commands.AudioOrder.StopGathering()),
        new CallInput.RouteDecided(1, new RouteDecision.DialPlan()), new CallInput.RouteDecided(1, new RouteDecision.Refuse()),
        new CallInput.RouteDecided(1, new RouteDecision.Nowhere("nobody")), new CallInput.RouteDecided(1, Decision),
        new CallInput.RouteDecided(2, new RouteDecision.DialPlan()), new CallInput.RouteDecided(2, new RouteDecision.Refuse()),
        new CallInput.RouteDecided(2, new RouteDecision.Nowhere("nobody")), new CallInput.RouteDecided(2, Decision),
    ];

    /// <summary>The caller is to leave, and the exchange itself to take the callee.</summary>
    public static CallInput.Transfer Into(CallPlan plan) => new(LegRole.Caller, [], "800", RingTime) { Into = Own(plan) };

    /// <summary>The exchange itself is to take the caller, who hears somebody's phone ring.</summary>
    public static CallInput.Forward ForwardInto(CallPlan plan) => new([], "800") { Into = Own(plan) };

    /// <summary>The exchange itself is to take the party of a script.</summary>
    public static CallInput.ScriptDials HandOn(CallPlan plan) => new([], "800", RingTime) { Into = Own(plan) };

    private static RouteDecision.To Own(CallPlan plan) => new(plan, "800") { Account = "demo", ApiExtension = plan is CallPlan.Scripted ? "800" : null };

    /// <summary>A script's transfer whose party hears two things before it is joined.</summary>
    public static CallInput.ScriptDials Whispering => new([Other], "104", RingTime)
    {
        Shown = new Party("+19195550100"),
        Whisper = [new AudioSource.Speech("Support call"), new AudioSource.File("beep.wav")],
    };

    public static RouteDecision Decision => new RouteDecision.To(new CallPlan.Connect(Other, RingTime), "104");

    /// <summary>A call an application routes; the dial plan would ring 102.</summary>
    public static Call Routed(params ReadOnlySpan<CallInput> inputs) =>
        After(New(Plans[0].Plan) with { Routing = new CallRouting(Script, Plans[0].Plan, "102") }, [new CallInput.Begin(), .. inputs]);

    public static FarEnd Bye => new(HangupCause.NormalClearing, null, new ReceivedEnd("BYE", null, []), null, Media);

    public static FarEnd Busy => new(HangupCause.UserBusy, null, new ReceivedEnd("486 Busy Here", 486, []), null, Media);

    /// <summary>A called leg of another call.</summary>
    public static Leg Visitor(bool answered) => new()
    {
        Id = new LegId(new CallId(8), 2),
        Direction = LegDirection.Outbound,
        Role = LegRole.Callee,
        Party = new Party("103"),
        Extension = "103",
        State = answered ? new LegState.Held() : new LegState.Ringing(),
        StartedAt = Now,
        AnsweredAt = answered ? Now : null,
    };

    public static Call New(CallPlan plan, long number = 7)
    {
        var id = new CallId(number);
        var inbound = plan is not CallPlan.Originated;
        var role = inbound || plan is CallPlan.Originated { Second: not null } ? LegRole.Caller : LegRole.Callee;
        return new Call
        {
            Id = id,
            Origin = new CallOrigin { Kind = inbound ? CallOriginKind.Extension : CallOriginKind.Api },
            Plan = plan,
            Caller = new Party("101"),
            Dialed = "102",
            CalleeDialed = "102",
            State = new CallState.Trying(),
            StartedAt = Now,
            Legs =
            [
                new Leg
                {
                    Id = new LegId(id, 1),
                    Direction = inbound ? LegDirection.Inbound : LegDirection.Outbound,
                    Role = role,
                    Party = new Party("101"),
                    State = new LegState.Trying(),
                    StartedAt = Now,
                },
            ],
        };
    }

    /// <summary>The call after these inputs, each of which must be one it has a row for.</summary>
    public static Call After(CallPlan plan, params ReadOnlySpan<CallInput> inputs) => After(New(plan), inputs);

    private static Call After(Call call, params ReadOnlySpan<CallInput> inputs)
    {
        foreach (var input in inputs)
        {
            var step = call.On(input, Now);
            Assert.True(step.Handled, $"{input} in {call.State}");
            call = step.Next;
        }
        return call;
    }

    public static Call Talking() => After(Plans[0].Plan, new CallInput.Begin(), new CallInput.LegAnswers(2));

    public static ImmutableArray<(string Name, Call Call)> States()
    {
        CallInput begin = new CallInput.Begin();
        CallInput hangUp = new CallInput.HangUp(Api, null);
        return
        [
            ("connect, new", New(Plans[0].Plan)),
            ("connect, Trying", After(Plans[0].Plan, begin)),
            ("connect, Ringing", After(Plans[0].Plan, begin, new CallInput.LegRings(2, false))),
            ("connect, Talking", Talking()),
            ("connect, Held", After(Plans[0].Plan, begin, new CallInput.LegAnswers(2), new CallInput.Hold())),
            ("connect, Ending before the answer", After(Plans[0].Plan, begin, hangUp)),
            ("connect, Ending", After(Plans[0].Plan, begin, new CallInput.LegAnswers(2), hangUp)),
            ("connect, Ended", After(Plans[0].Plan, begin, new CallInput.LegAnswers(2), hangUp,
                new CallInput.HangupSent(1, new SentEnd("BYE", null), Media), new CallInput.HangupSent(2, new SentEnd("BYE", null), Media))),
            ("two phones, Ringing", After(Plans[1].Plan, begin, new CallInput.LegRings(3, false))),
            ("two phones, Talking", After(Plans[1].Plan, begin, new CallInput.LegAnswers(3))),
            ("forwarded, Ringing", After(Plans[0].Plan, begin, new CallInput.Forward([Other], "104"))),
            ("connect, Transferring", After(Plans[0].Plan, begin, new CallInput.LegAnswers(2), new CallInput.Transfer(LegRole.Caller, [Other], "104", RingTime))),
            ("connect, Transferring, transferor gone", After(Plans[0].Plan, begin, new CallInput.LegAnswers(2),
                new CallInput.Transfer(LegRole.Caller, [Other], "104", RingTime), new CallInput.LegLost(1, Bye))),
            ("connect, Transferring to a party consulted", After(Plans[0].Plan, begin, new CallInput.LegAnswers(2), new CallInput.Adopt(2, [Visitor(answered: false)], RingTime))),
            ("connect, Transferring to a script", After(Plans[0].Plan, begin, new CallInput.LegAnswers(2), Into(Plans[5].Plan))),
            ("connect, Transferring to a script, transferor gone", After(Plans[0].Plan, begin, new CallInput.LegAnswers(2), Into(Plans[5].Plan), new CallInput.LegLost(1, Bye))),
            ("connect, Transferring to a service that rings", After(Plans[0].Plan, begin, new CallInput.LegAnswers(2), Into(Plans[8].Plan))),
            ("connect, taken by a script", After(Plans[0].Plan, begin, new CallInput.LegAnswers(2), Into(Plans[5].Plan), new CallInput.ScriptAnswers(),
                new CallInput.HangupSent(1, new SentEnd("BYE", null), Media))),
            ("connect, joined", After(Plans[0].Plan, begin, new CallInput.LegAnswers(2), new CallInput.Adopt(1, [Visitor(answered: true)], RingTime))),
            ("connect, handed over", After(Plans[0].Plan, begin, new CallInput.LegAnswers(2), new CallInput.HandOver(1, new CallId(9), 3))),
            ("originated script, Trying", After(Plans[2].Plan, begin)),
            ("originated script, Talking", After(Plans[2].Plan, begin, new CallInput.LegAnswers(1))),
            ("originated connect, first answered", After(Plans[3].Plan, begin, new CallInput.LegAnswers(1))),
            ("originated connect, Talking", After(Plans[3].Plan, begin, new CallInput.LegAnswers(1), new CallInput.LegAnswers(2))),
            ("scripted, Ringing", After(Plans[5].Plan, begin)),
            ("scripted, handing on to a script", After(Plans[5].Plan, begin, new CallInput.ScriptAnswers(), HandOn(Plans[5].Plan))),
            ("scripted, handing on to a service that rings", After(Plans[5].Plan, begin, new CallInput.ScriptAnswers(), HandOn(Plans[8].Plan))),
            ("scripted, Talking", After(Plans[5].Plan, begin, new CallInput.ScriptAnswers())),
            ("scripted, dialling", After(Plans[5].Plan, begin, new CallInput.ScriptAnswers(), new CallInput.ScriptDials([Other], "104", RingTime))),
            ("scripted, dialling for a whisper", After(Plans[5].Plan, begin, new CallInput.ScriptAnswers(), Whispering)),
            ("scripted, whispering", After(Plans[5].Plan, begin, new CallInput.ScriptAnswers(), Whispering, new CallInput.LegAnswers(2))),
            ("service answer, Talking", After(Plans[6].Plan, begin)),
            ("routed, asking", Routed()),
            ("routed, attempt ringing", Routed(new CallInput.RouteDecided(1, Decision), new CallInput.LegRings(2, false))),
            ("routed, asking again", Routed(new CallInput.RouteDecided(1, Decision), new CallInput.LegRings(2, false), new CallInput.LegLost(2, Busy))),
            ("routed, left to the dial plan", Routed(new CallInput.RouteDecided(1, new RouteDecision.DialPlan()))),
            ("service ring, Ringing", After(Plans[8].Plan, begin)),
            ("offered, Ringing", After(Plans[11].Plan, begin)),
            ("offered, Talking", After(Plans[11].Plan, begin, new CallInput.Answer())),
            ("offered, dialling", After(Plans[11].Plan, begin, new CallInput.Answer(), new CallInput.Dial([Other], "104", RingTime))),
        ];
    }
}
