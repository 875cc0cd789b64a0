using System.Globalization;
using System.Text;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Events;
using Switchhook.Calls.Machine;

namespace Switchhook.Calls.Tests.Machine;

/// <summary>The machine written out as the tables of docs/machines/call.md.</summary>
internal static class CallTable
{
    public static string Beginnings()
    {
        var text = new StringBuilder("| Plan | State after `Begin` | Effects |\n| --- | --- | --- |\n");
        foreach (var (name, plan) in Samples.Plans)
        {
            var step = Samples.New(plan).On(new CallInput.Begin(), Samples.Now);
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {Name(step.Next.State)} | {Describe(step.Effects)} |\n");
        }
        return text.ToString();
    }

    public static string Transitions()
    {
        var text = new StringBuilder("| State | Input | Next state | Effects |\n| --- | --- | --- | --- |\n");
        foreach (var (name, call) in Samples.States())
        {
            foreach (var input in Samples.Inputs)
            {
                var step = call.On(input, Samples.Now);
                if (step.Handled)
                    text.Append(CultureInfo.InvariantCulture, $"| {name} | {Describe(input)} | {Name(step.Next.State)} | {Describe(step.Effects)} |\n");
            }
        }
        return text.ToString();
    }

    private static string Name(CallState state) => state switch
    {
        CallState.Ending ending => $"Ending ({ending.By.Word}, {HangupCauses.NameOf(ending.Cause)})",
        CallState.Ended ended => $"Ended ({ended.By.Word}, {HangupCauses.NameOf(ended.Cause)})",
        _ => state.GetType().Name,
    };

    private static string Name(CallPlan plan) => plan switch
    {
        CallPlan.Service service => $"service {service.Behaviour.ToString().ToLowerInvariant()}",
        CallPlan.Scripted => "a script",
        _ => plan.GetType().Name,
    };

    private static string Describe(CallInput input) => input switch
    {
        CallInput.LegRings i => $"LegRings({i.Leg}{(i.EarlyMedia ? ", early media" : "")})",
        CallInput.LegAnswers i => $"LegAnswers({i.Leg})",
        CallInput.LegNotPlaced i => $"LegNotPlaced({i.Leg}, {HangupCauses.NameOf(i.Cause)})",
        CallInput.LegLost i => $"LegLost({i.Leg}, {i.End.Received?.Message})",
        CallInput.HangupSent i => $"HangupSent({i.Leg})",
        CallInput.HangupSettled i => $"HangupSettled({i.Leg})",
        CallInput.HangUp i => $"HangUp({i.By.Word}{(i.Cause is { } cause ? ", " + HangupCauses.NameOf(cause) : "")})",
        CallInput.Transfer i => $"Transfer({i.Transferor}{(i.Into is null ? "" : ", into " + Name(i.Into.Plan))})",
        CallInput.Forward { Into: { } into, Unheard: true } => $"Forward(into {Name(into.Plan)}), its application never heard",
        CallInput.Forward { Into: { } into } => $"Forward(into {Name(into.Plan)})",
        CallInput.ScriptDials { Into: { } into } => $"ScriptDials(into {Name(into.Plan)})",
        CallInput.Adopt i => $"Adopt({i.Leaving} leaves for one {(i.Legs[0].AnsweredAt is null ? "ringing" : "answered, held")})",
        CallInput.HandOver i => $"HandOver({i.Leaving} leaves)",
        CallInput.Replace i => $"Replace({i.Leg})",
        CallInput.FarHold i => $"FarHold({i.Leg}, {(i.OnHold ? "on" : "off")})",
        CallInput.Forward { Unheard: true } => "Forward, its application never heard",
        CallInput.RouteDecided i => $"RouteDecided({i.Question}, {i.Decision.GetType().Name})",
        CallInput.TimerFired i => $"TimerFired({i.Timer})",
        CallInput.MediaSilent i => $"MediaSilent({i.Leg})",
        _ => input.GetType().Name,
    };

    private static string Describe(IReadOnlyList<CallEffect> effects) => effects.Count == 0 ? "–" : string.Join(", ", effects.Select(e => e switch
    {
        CallEffect.PlaceLeg x => $"PlaceLeg({x.Leg})",
        CallEffect.RingLeg x => $"RingLeg({x.Leg}{(x.EarlyMedia ? ", early media" : "")})",
        CallEffect.AnswerLeg x => $"AnswerLeg({x.Leg})",
        CallEffect.EndLeg x => $"EndLeg({x.Leg}, {HangupCauses.NameOf(x.Cause)}{(x.Elsewhere ? ", elsewhere" : "")})",
        CallEffect.AdoptLeg x => $"AdoptLeg({x.Leg})",
        CallEffect.JoinLegs x => $"JoinLegs({x.First}, {x.Second})",
        CallEffect.HoldLeg x => $"HoldLeg({x.Leg}, {(x.OnHold ? "on" : "off")})",
        CallEffect.PlayRingback x => $"PlayRingback({x.Leg})",
        CallEffect.RunService x => $"RunService({(x.Leg == 1 ? "" : $"{x.Leg}, ")}{x.Behaviour})",
        CallEffect.RunScript x => $"RunScript({(x.Leg == 1 ? "" : $"{x.Leg}, ")}{(x.Incoming ? "incoming" : "connected")})",
        CallEffect.AskRoute x => $"AskRoute({x.Question})",
        CallEffect.StartTimer x => $"StartTimer({x.Timer})",
        CallEffect.StopTimer x => $"StopTimer({x.Timer})",
        CallEffect.Tell { Event: LegEnded ended } => $"**leg.ended**({ended.Record.Leg.Number}, {ended.Record.By.Word}, {HangupCauses.NameOf(ended.Record.Cause)}, {ended.Record.Phase})",
        CallEffect.Tell { Event: LegMoved moved } => $"**leg.moved**({moved.Leg.Number})",
        CallEffect.Tell x => $"**{x.Event.Name}**",
        _ => e.GetType().Name,
    }));
}
