using System.Runtime.CompilerServices;
using FsCheck;
using FsCheck.Fluent;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Machine;

namespace Switchhook.Calls.Tests.Machine;

public sealed class CallAudioTests
{
    [Fact]
    public void A_leg_has_one_recording_and_one_beside_it()
    {
        var (one, beside) = (new AudioOrder.Record(1, new RecordingTerms()), new AudioOrder.Record(1, new RecordingTerms { Beside = true }));
        var recorded = Samples.Talking().On(new CallInput.Sound(beside), Samples.Now).Next;

        var both = recorded.On(new CallInput.Sound(one), Samples.Now).Next;

        Assert.Equal((CallRefusal.AlreadyRecording, CallRefusal.None), (recorded.Refuse(beside), recorded.Refuse(one)));
        Assert.Equal((CallRefusal.AlreadyRecording, CallRefusal.AlreadyRecording), (both.Refuse(beside), both.Refuse(one)));
        Assert.Equal((true, true), (both.Audio.IsRecording(1), both.Audio.IsRecording(1, beside: true)));
    }

    [Fact]
    public void The_table_of_audio_stands_in_its_document()
    {
        var path = Path.Combine(Path.GetDirectoryName(Here())!, "../../../docs/machines/call-audio.md");
        var expected = File.ReadAllText(path);
        var (start, end) = ("<!-- transitions -->\n", "<!-- end of transitions -->");
        var from = expected.IndexOf(start, StringComparison.Ordinal) + start.Length;

        var actual = expected[..from] + AudioTable.Transitions() + expected[expected.IndexOf(end, StringComparison.Ordinal)..];

        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
            File.WriteAllText(path, actual);
        else
            Assert.Equal(expected, actual);
    }

    [Fact]
    public void Keys_are_gathered_until_there_are_enough()
    {
        var call = AudioSamples.With(Samples.Talking(), AudioSamples.Sound(new AudioOrder.Gather(1, new GatherTerms { MaxDigits = 2, Tag = "pin" })), new CallInput.Digit(1, '4'));

        var step = call.On(new CallInput.Digit(1, '2'), Samples.Now);

        var ended = Told<GatherEnded>(step).Single();
        Assert.Equal(("42", GatherEnding.MaxDigits, "pin"), (ended.Digits, ended.Ending, ended.Tag));
        Assert.Null(step.Next.Audio.Gather);
    }

    [Fact]
    public void A_gather_and_a_playback_are_told_from_their_begin_with_the_numbers_their_ends_have()
    {
        var asked = Samples.Talking().On(AudioSamples.Sound(new AudioOrder.Gather(1, AudioSamples.Terms with { Tag = "pin" })), Samples.Now);

        var heard = asked.Next.On(new CallInput.PlaybackBegan(1, 1), Samples.Now);
        var again = heard.Next.On(new CallInput.PlaybackBegan(1, 1), Samples.Now);
        var over = heard.Next.On(new CallInput.PlaybackOver(1, 1, PlaybackEnding.Finished), Samples.Now);
        var cancelled = over.Next.On(AudioSamples.Sound(new AudioOrder.StopGathering()), Samples.Now);

        Assert.Equal((1, "pin"), Told<GatherStarted>(asked).Select(static e => (e.Gather, e.Tag)).Single());
        Assert.Equal(1, Told<PlaybackStarted>(heard).Single().Playback);
        Assert.False(again.Handled);
        Assert.Equal((1, true), Told<PlaybackEnded>(over).Select(static e => (e.Playback, e.HasStarted)).Single());
        Assert.Equal(1, Told<GatherEnded>(cancelled).Single().Gather);
    }

    [Fact]
    public void A_prompt_nobody_answers_is_offered_again_and_then_given_up()
    {
        var call = AudioSamples.With(
            Samples.Talking(), AudioSamples.Sound(new AudioOrder.Gather(1, AudioSamples.Terms)), new CallInput.PlaybackOver(1, 1, PlaybackEnding.Finished),
            new CallInput.TimerFired(CallTimer.Gather));

        var again = call.On(new CallInput.PlaybackOver(1, 2, PlaybackEnding.Finished), Samples.Now);
        var last = again.Next.On(new CallInput.TimerFired(CallTimer.Gather), Samples.Now);

        Assert.Contains(again.Effects, e => e is CallEffect.StartTimer { Timer: CallTimer.Gather });
        Assert.Equal(GatherEnding.Timeout, Told<GatherEnded>(last).Single().Ending);
    }

    [Fact]
    public void One_clock_for_all_keys_runs_on_with_each_key()
    {
        var call = AudioSamples.With(Samples.Talking(), AudioSamples.Sound(new AudioOrder.Gather(1, new GatherTerms { DigitTimeout = null })));

        var step = call.On(new CallInput.Digit(1, '4'), Samples.Now);

        Assert.DoesNotContain(step.Effects, e => e is CallEffect.StartTimer);
    }

    [Fact]
    public void A_recording_that_is_closed_after_the_call_is_told_as_hung_up()
    {
        var ended = AudioSamples.States().Single(s => s.Name == "Ended, recording being closed").Call;

        var step = ended.On(new CallInput.RecordingOver(1, new RecordingOutcome(RecordingEnding.Stopped, TimeSpan.FromSeconds(2), "x.wav")), Samples.Now);

        Assert.Equal(new RecordingOutcome(RecordingEnding.HungUp, TimeSpan.FromSeconds(2), "x.wav"), Told<RecordingEnded>(step).Single().Outcome);
    }

    [Fact]
    public void A_leg_that_moves_to_another_call_leaves_its_recording_behind()
    {
        var call = AudioSamples.With(Samples.Talking(), AudioSamples.Sound(new AudioOrder.Record(2, new RecordingTerms())));

        var step = call.On(new CallInput.HandOver(1, new CallId(9), 3), Samples.Now);

        Assert.Contains(new CallEffect.StopRecording(1), step.Effects);
        Assert.True(step.Next.Audio.Recordings.Single().IsStopping);
    }

    [Theory]
    [InlineData(7, CallRefusal.NoSuchLeg)]
    [InlineData(0, CallRefusal.NoSuchLeg)]
    [InlineData(-1, CallRefusal.NoSuchLeg)]
    public void A_leg_that_is_not_there_is_refused(int leg, CallRefusal refusal) =>
        Assert.Equal(refusal, Samples.Talking().Refuse(new AudioOrder.Mute(leg, true)));

    /// <summary>Whatever is asked, and whenever the end comes: what began ends once, and nothing stays open.</summary>
    [Fact]
    public void Whatever_is_done_with_the_audio_ends_once_when_the_call_does() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(
        Gen.ArrayOf(Gen.Elements(AudioSamples.Inputs.Where(static i => i.Input is not CallInput.LegLost).Select(static i => i.Input)), 14).ToArbitrary(),
        ArbMap.Default.ArbFor<bool>(),
        (inputs, alone) =>
        {
            var call = alone ? AudioSamples.Alone() : Samples.Talking();
            List<CallEffect> effects = [];
            foreach (var input in (IEnumerable<CallInput>)[.. inputs, new CallInput.HangUp(Samples.Api, null), .. call.Legs.Select(static l => new CallInput.HangupSent(l.Id.Number, null, null)), new CallInput.HangupSent(3, null, null)])
                call = Follow(call, input, effects);
            foreach (var start in effects.OfType<CallEffect.StartRecording>().ToArray())
                call = Follow(call, new CallInput.RecordingOver(start.Recording, new RecordingOutcome(RecordingEnding.Stopped, TimeSpan.Zero, null)), effects);

            var told = effects.OfType<CallEffect.Tell>().Select(static t => t.Event).ToList();
            var playbacks = effects.OfType<CallEffect.PlayAudio>().Count();
            return call.HasEnded
                && call.Audio is { Playbacks.IsEmpty: true, Gather: null, Recordings.IsEmpty: true, Seat: null, Muted.IsEmpty: true }
                && told.OfType<PlaybackEnded>().Count() == playbacks
                && told.OfType<RecordingEnded>().Count() == told.OfType<RecordingStarted>().Count()
                && told.OfType<RecordingEnded>().Select(static r => r.Recording).Distinct().Count() == told.OfType<RecordingEnded>().Count()
                && told.OfType<ConferenceLeft>().Count() == told.OfType<ConferenceJoined>().Count()
                && effects.OfType<CallEffect.LeaveSeat>().Count() == effects.OfType<CallEffect.TakeSeat>().Count()
                && told.OfType<CallEnded>().Count() == 1;
        }));

    private static Call Follow(Call call, CallInput input, List<CallEffect> effects)
    {
        var step = call.On(input, Samples.Now);
        effects.AddRange(step.Effects);
        return step.Next;
    }

    private static IEnumerable<T> Told<T>(CallStep step) where T : CallEvent => step.Effects.OfType<CallEffect.Tell>().Select(static t => t.Event).OfType<T>();

    private static string Here([CallerFilePath] string path = "") => path;
}
