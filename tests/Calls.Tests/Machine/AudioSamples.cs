using System.Collections.Immutable;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Machine;

namespace Switchhook.Calls.Tests.Machine;

/// <summary>Calls whose audio is at work, brought there by inputs, and every order for it.</summary>
internal static class AudioSamples
{
    public static readonly AudioSource File = new AudioSource.File("a.wav");
    public static readonly RoomName Room = new("demo", "r1");
    public static readonly GatherTerms Terms = new() { MaxDigits = 2, Prompt = File, Attempts = 2 };

    public static readonly (string Name, CallInput Input)[] Inputs =
    [
        ("Play to all", Sound(new AudioOrder.Play(null, File))),
        ("Play to 2", Sound(new AudioOrder.Play(2, File))),
        ("StopPlaying", Sound(new AudioOrder.StopPlaying(null))),
        ("Gather with a prompt", Sound(new AudioOrder.Gather(1, Terms))),
        ("Gather", Sound(new AudioOrder.Gather(null, Terms with { Prompt = null }))),
        ("StopGathering", Sound(new AudioOrder.StopGathering())),
        ("SendKeys", Sound(new AudioOrder.SendKeys(1, "12"))),
        ("Mute", Sound(new AudioOrder.Mute(1, true))),
        ("Unmute", Sound(new AudioOrder.Mute(1, false))),
        ("Record", Sound(new AudioOrder.Record(1, new RecordingTerms()))),
        ("PauseRecording", Sound(new AudioOrder.PauseRecording(null, true))),
        ("StopRecording", Sound(new AudioOrder.StopRecording(null))),
        ("JoinConference", Sound(new AudioOrder.JoinConference(Room, new SeatTerms()))),
        ("JoinConference, muted", Sound(new AudioOrder.JoinConference(Room, new SeatTerms(Muted: true)))),
        ("LeaveConference", Sound(new AudioOrder.LeaveConference())),
        ("HoldSeat", Sound(new AudioOrder.HoldSeat(true))),
        ("PlaybackBegan(1)", new CallInput.PlaybackBegan(1, 1)),
        ("PlaybackOver(1, finished)", new CallInput.PlaybackOver(1, 1, PlaybackEnding.Finished)),
        ("PlaybackOver(1, failed)", new CallInput.PlaybackOver(1, 1, PlaybackEnding.Failed, "gone")),
        ("Digit(1, 5)", new CallInput.Digit(1, '5')),
        ("Digit(1, #)", new CallInput.Digit(1, '#')),
        ("TimerFired(Gather)", new CallInput.TimerFired(CallTimer.Gather)),
        ("RecordingOver(1)", new CallInput.RecordingOver(1, new RecordingOutcome(RecordingEnding.Stopped, TimeSpan.FromSeconds(3), "a.wav"))),
        ("SeatLost", new CallInput.SeatLost(ConferenceLeaving.Closed)),
        ("LegLost(1, BYE)", new CallInput.LegLost(1, Samples.Bye)),
        ("HangUp(api)", new CallInput.HangUp(Samples.Api, null)),
        ("Transfer(Caller)", new CallInput.Transfer(LegRole.Caller, [Samples.Other], "104", TimeSpan.FromSeconds(60))),
        ("HandOver(2 leaves)", new CallInput.HandOver(2, new CallId(9), 3)),
    ];

    public static CallInput Sound(AudioOrder order) => new CallInput.Sound(order);

    /// <summary>A call of one party.</summary>
    public static Call Alone() => Samples.After(Samples.Plans[4].Plan, new CallInput.Begin(), new CallInput.LegAnswers(1));

    public static Call With(Call call, params ReadOnlySpan<CallInput> inputs)
    {
        foreach (var input in inputs)
        {
            var step = call.On(input, Samples.Now);
            Assert.True(step.Handled, $"{input} in {call.State}");
            call = step.Next;
        }
        return call;
    }

    public static ImmutableArray<(string Name, Call Call)> States()
    {
        var talking = Samples.Talking();
        var ended = With(
            talking, Sound(new AudioOrder.Record(1, new RecordingTerms())), new CallInput.HangUp(Samples.Api, null),
            new CallInput.HangupSent(1, null, null), new CallInput.HangupSent(2, null, null));
        return
        [
            ("Ringing", Samples.After(Samples.Plans[0].Plan, new CallInput.Begin(), new CallInput.LegRings(2, false))),
            ("Talking", talking),
            ("Talking, playing to 1", With(talking, Sound(new AudioOrder.Play(1, File)))),
            ("Talking, prompt of a gather", With(talking, Sound(new AudioOrder.Gather(1, Terms)))),
            ("Talking, gathering", With(talking, Sound(new AudioOrder.Gather(1, Terms with { Prompt = null })))),
            ("Talking, gathering, one key there", With(talking, Sound(new AudioOrder.Gather(1, Terms with { Prompt = null })), new CallInput.Digit(1, '7'))),
            ("Talking, recording", With(talking, Sound(new AudioOrder.Record(1, new RecordingTerms())))),
            ("Talking, recording being closed", With(talking, Sound(new AudioOrder.Record(1, new RecordingTerms())), Sound(new AudioOrder.StopRecording(1)))),
            ("Talking, 1 muted", With(talking, Sound(new AudioOrder.Mute(1, true)))),
            ("One party", Alone()),
            ("One party, in a conference", With(Alone(), Sound(new AudioOrder.JoinConference(Room, new SeatTerms())))),
            ("Ended, recording being closed", ended),
        ];
    }
}
