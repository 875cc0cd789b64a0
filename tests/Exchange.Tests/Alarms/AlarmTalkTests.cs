using Switchhook.Exchange.Alarms;
using Switchhook.Media.Tones;

namespace Switchhook.Exchange.Tests.Alarms;

/// <summary>The talk between an alarm panel and a receiver, from either side (SIA DC-05).</summary>
public sealed class AlarmTalkTests
{
    private static readonly ContactId Message = new("1234", '3', "130", "01", "015");

    private static readonly string Keys = Message.ToKeys()!;

    [Fact]
    public void A_message_is_pressed_after_the_receivers_tones_and_is_over_when_it_is_acknowledged()
    {
        var (talk, effects) = Run(
            new AlarmSender(Message), new AlarmInput.Begin(), new AlarmInput.Tone(1400, 100), new AlarmInput.Tone(2300, 100), new AlarmInput.TimerFired(),
            new AlarmInput.TimerFired(), new AlarmInput.Tone(1400, 800));

        Assert.IsType<AlarmSenderState.Over>(((AlarmSender)talk).State);
        Assert.Equal(Keys, Assert.Single(effects.OfType<AlarmEffect.Press>()).Keys);
        Assert.Equal([new AlarmEffect.Done(Message)], effects.OfType<AlarmEffect.Done>());
    }

    [Fact]
    public void A_message_that_is_not_acknowledged_is_pressed_four_times_and_given_up()
    {
        var inputs = new List<AlarmInput> { new AlarmInput.Begin(), new AlarmInput.Tone(2300, 100) };
        for (var i = 0; i < 3 * AlarmSender.MostAttempts; i++)
            inputs.Add(new AlarmInput.TimerFired());

        var (_, effects) = Run(new AlarmSender(Message), [.. inputs]);

        Assert.Equal(AlarmSender.MostAttempts, effects.OfType<AlarmEffect.Press>().Count());
        Assert.Equal([new AlarmEffect.Done(null)], effects.OfType<AlarmEffect.Done>());
    }

    [Fact]
    public void A_receiver_that_never_answers_with_its_tones_is_given_up()
    {
        var (_, effects) = Run(new AlarmSender(Message), new AlarmInput.Begin(), new AlarmInput.Tone(1400, 100), new AlarmInput.TimerFired());

        Assert.Empty(effects.OfType<AlarmEffect.Press>());
        Assert.Equal([new AlarmEffect.Done(null)], effects.OfType<AlarmEffect.Done>());
    }

    [Fact]
    public void A_short_tone_acknowledges_nothing_and_keys_and_sounds_of_ours_are_passed_over()
    {
        var (talk, _) = Run(
            new AlarmSender(Message), new AlarmInput.Begin(), new AlarmInput.Tone(2300, 100), new AlarmInput.TimerFired(), new AlarmInput.TimerFired(),
            new AlarmInput.Tone(1400, 100), new AlarmInput.Key('1'), new AlarmInput.Played());

        Assert.IsType<AlarmSenderState.AwaitingAcknowledgement>(((AlarmSender)talk).State);
    }

    [Fact]
    public void A_panel_hears_the_tones_and_its_message_is_acknowledged()
    {
        var (_, effects) = Run(
            new AlarmReceiver(), [new AlarmInput.Begin(), new AlarmInput.Played(), .. Pressed(Keys), new AlarmInput.Played()]);

        Assert.Equal([ContactId.Handshake, ContactId.Acknowledgement], effects.OfType<AlarmEffect.Play>().Select(p => p.Tone));
        Assert.Equal([new AlarmEffect.Done(Message)], effects.OfType<AlarmEffect.Done>());
    }

    [Fact]
    public void A_message_with_a_wrong_sum_or_a_missing_key_is_passed_over_and_taken_when_it_comes_again()
    {
        var (_, effects) = Run(
            new AlarmReceiver(),
            [
                new AlarmInput.Begin(), new AlarmInput.Played(), .. Pressed(Keys[..^1] + "1"),
                .. Pressed(Keys[..9]), new AlarmInput.TimerFired(),
                .. Pressed(Keys), new AlarmInput.Played(),
            ]);

        Assert.Equal([new AlarmEffect.Done(Message)], effects.OfType<AlarmEffect.Done>());
        Assert.Single(effects.OfType<AlarmEffect.Play>(), p => p.Tone == ContactId.Acknowledgement);
    }

    [Fact]
    public void A_caller_who_is_no_panel_hears_the_tones_four_times()
    {
        var inputs = new List<AlarmInput> { new AlarmInput.Begin() };
        for (var i = 0; i < AlarmReceiver.MostGreetings; i++)
            inputs.AddRange([new AlarmInput.Played(), new AlarmInput.TimerFired()]);

        var (_, effects) = Run(new AlarmReceiver(), [.. inputs]);

        Assert.Equal(AlarmReceiver.MostGreetings, effects.OfType<AlarmEffect.Play>().Count());
        Assert.Equal([new AlarmEffect.Done(null)], effects.OfType<AlarmEffect.Done>());
    }

    [Fact]
    public void Every_input_in_every_state_is_borne()
    {
        AlarmInput[] all = [new AlarmInput.Begin(), new AlarmInput.Tone(2300, 100), new AlarmInput.Tone(1400, 800), new AlarmInput.Key('1'), new AlarmInput.Played(), new AlarmInput.TimerFired()];
        foreach (var start in (IAlarmTalk[])[new AlarmSender(Message), new AlarmReceiver(), new AlarmSender(Message with { Account = "12" })])
        {
            var reached = new HashSet<IAlarmTalk> { start };
            var open = new Queue<IAlarmTalk>(reached);
            while (open.TryDequeue(out var talk) && reached.Count < 2000)
            {
                foreach (var input in all)
                {
                    var step = talk.On(input);
                    Assert.True(step.Effects.OfType<AlarmEffect.Done>().Count() <= 1);
                    if (reached.Add(step.Next))
                        open.Enqueue(step.Next);
                }
            }
        }
    }

    private static IEnumerable<AlarmInput> Pressed(string keys) => keys.Select(k => new AlarmInput.Key(k));

    private static (IAlarmTalk Talk, List<AlarmEffect> Effects) Run(IAlarmTalk talk, params ReadOnlySpan<AlarmInput> inputs)
    {
        var effects = new List<AlarmEffect>();
        foreach (var input in inputs)
        {
            var step = talk.On(input);
            talk = step.Next;
            effects.AddRange(step.Effects);
        }
        return (talk, effects);
    }
}
