using System.Globalization;
using System.Text;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Machine;

namespace Switchhook.Calls.Tests.Machine;

/// <summary>The rows about audio written out as the table of docs/machines/call-audio.md.</summary>
internal static class AudioTable
{
    public static string Transitions()
    {
        var text = new StringBuilder("| State | Input | Effects |\n| --- | --- | --- |\n");
        foreach (var (name, call) in AudioSamples.States())
        {
            foreach (var (input, value) in AudioSamples.Inputs)
            {
                var step = call.On(value, Samples.Now);
                if (step.Handled)
                    text.Append(CultureInfo.InvariantCulture, $"| {name} | {input} | {Describe(step.Effects)} |\n");
                else if (value is CallInput.Sound sound && call.Refuse(sound.Order) is var refusal)
                    text.Append(CultureInfo.InvariantCulture, $"| {name} | {input} | refused: {refusal} |\n");
            }
        }
        return text.ToString();
    }

    private static string Describe(IReadOnlyList<CallEffect> effects) => effects.Count == 0 ? "–" : string.Join(", ", effects.Select(e => e switch
    {
        CallEffect.PlayAudio x => $"PlayAudio({x.Leg})",
        CallEffect.StopAudio x => $"StopAudio({x.Leg})",
        CallEffect.SendKeys x => $"SendKeys({x.Leg}, {x.Keys})",
        CallEffect.MuteLeg x => $"MuteLeg({x.Leg}, {(x.On ? "on" : "off")})",
        CallEffect.StartRecording x => $"StartRecording({x.Recording})",
        CallEffect.PauseRecording x => $"PauseRecording({x.Recording})",
        CallEffect.StopRecording x => $"StopRecording({x.Recording})",
        CallEffect.TakeSeat x => $"TakeSeat({x.Leg})",
        CallEffect.HoldSeat x => $"HoldSeat({x.Leg}, {(x.On ? "on" : "off")})",
        CallEffect.LeaveSeat x => $"LeaveSeat({x.Leg})",
        CallEffect.StartTimer { Timer: CallTimer.Gather } x => $"StartTimer(Gather, {x.After.TotalSeconds:0} s)",
        CallEffect.StartTimer x => $"StartTimer({x.Timer})",
        CallEffect.StopTimer x => $"StopTimer({x.Timer})",
        CallEffect.EndLeg x => $"EndLeg({x.Leg})",
        CallEffect.Tell { Event: PlaybackEnded x } => $"**playback.ended**({x.Ending})",
        CallEffect.Tell { Event: GatherEnded x } => $"**gather.ended**('{x.Digits}', {x.Ending})",
        CallEffect.Tell { Event: RecordingEnded x } => $"**recording.ended**({x.Outcome.Ending})",
        CallEffect.Tell { Event: ConferenceLeft x } => $"**conference.left**({x.Why})",
        CallEffect.Tell x => $"**{x.Event.Name}**",
        _ => e.GetType().Name,
    }));
}
