using System.Collections.Immutable;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Events;
using Switchhook.Calls.Machine;

namespace Switchhook.Calls.Tests.Machine;

/// <summary>What a dialect keeps with a leg, and what it has done as soon as a call is answered.</summary>
public sealed class CallDetailTests
{
    private static readonly DateTimeOffset Now = Samples.Now;

    [Fact]
    public void Details_are_kept_by_name_beside_those_of_before_and_told()
    {
        var call = Ringing();

        var step = call.On(new CallInput.KeepDetails(1, Changes(("catapult.tag", "b"), ("catapult.format", null))), Now);

        Assert.Equal("b", step.Next.Legs[0].Detail("catapult.tag"));
        Assert.Equal("kept", step.Next.Legs[0].Detail("hoiio.note"));
        Assert.Null(step.Next.Legs[0].Detail("catapult.format"));
        Assert.IsType<LegNoted>(Assert.IsType<CallEffect.Tell>(Assert.Single(step.Effects)).Event);
    }

    [Fact]
    public void Details_that_are_all_forgotten_are_none_and_a_leg_that_is_over_takes_none()
    {
        var call = Ringing();

        var forgotten = call.On(new CallInput.KeepDetails(1, Changes(("catapult.tag", null), ("catapult.format", null), ("hoiio.note", null))), Now).Next;
        var unknown = call.On(new CallInput.KeepDetails(2, Changes(("catapult.tag", "b"))), Now);

        Assert.Null(forgotten.Legs[0].Details);
        Assert.False(unknown.Handled);
    }

    [Fact]
    public void What_waits_for_the_answer_is_done_with_it_and_what_is_not_possible_then_is_left()
    {
        var record = new AudioOrder.Record(null, new RecordingTerms());
        var call = Ringing() with { OnceAnswered = [record, new AudioOrder.StopPlaying(null)] };

        var waiting = call.On(new CallInput.AwaitAnswer(new AudioOrder.Play(1, new AudioSource.File("hello.wav"))), Now).Next;
        var answered = waiting.On(new CallInput.LegAnswers(1), Now);

        Assert.Contains(new CallEffect.StartRecording(1, 1, record.Terms), answered.Effects);
        Assert.Contains(new CallEffect.PlayAudio(1, 1, new AudioSource.File("hello.wav"), false), answered.Effects);
        Assert.False(answered.Next.On(new CallInput.AwaitAnswer(record), Now).Handled);
    }

    [Fact]
    public void Of_the_recordings_that_wait_for_the_answer_the_last_one_asked_for_counts_and_none_when_it_was_taken_back()
    {
        var (wav, mp3) = (new AudioOrder.Record(1, new RecordingTerms()), new AudioOrder.Record(1, new RecordingTerms { Format = RecordingFormat.Mp3 }));
        var (beside, play) = (new AudioOrder.Record(1, new RecordingTerms { Beside = true }), new AudioOrder.Play(1, new AudioSource.File("hello.wav")));
        var call = Ringing() with { OnceAnswered = [wav, beside, play] };

        var replaced = call.On(new CallInput.AwaitAnswer(mp3), Now).Next;
        var none = replaced.On(new CallInput.AwaitAnswer(new AudioOrder.StopRecording(null)), Now).Next;

        Assert.Equal([beside, play, mp3], replaced.OnceAnswered);
        Assert.Equal([beside, play], none.OnceAnswered);
    }

    private static Call Ringing()
    {
        var call = Samples.After(new CallPlan.Originated(new LegTarget.Extension("102"), new OnAnswer.Wait(), null, TimeSpan.FromSeconds(30)), new CallInput.Begin());
        return call with { Legs = [call.Legs[0] with { Details = Changes(("catapult.tag", "a"), ("catapult.format", "wav"), ("hoiio.note", "kept"))! }] };
    }

    private static ImmutableDictionary<string, string?> Changes(params IEnumerable<(string Name, string? Value)> changes) =>
        changes.ToImmutableDictionary(static c => c.Name, static c => c.Value);
}
