using Switchhook.Media.Dtmf;

namespace Switchhook.Media.Tests.Dtmf;

public sealed class DigitTests
{
    private DigitReceiver _receiver;
    private readonly List<DigitHeard> _heard = [];

    [Fact]
    public void A_press_of_many_packets_and_three_ends_is_one_digit()
    {
        foreach (var duration in (ushort[])[160, 320, 480]) Hear(5, false, duration, 1000, marker: duration == 160);
        for (var i = 0; i < 3; i++) Hear(5, true, 800, 1000);

        Assert.Equal([new DigitHeard('5', 100)], _heard);
        Assert.False(_receiver.IsOpen);
    }

    [Fact]
    public void A_single_end_is_enough()
    {
        Hear(11, true, 800, 1000);

        Assert.Equal([new DigitHeard('#', 100)], _heard);
    }

    [Fact]
    public void The_same_key_pressed_twice_is_two_digits()
    {
        Hear(1, true, 800, 1000);
        Hear(1, true, 640, 3000);

        Assert.Equal([new DigitHeard('1', 100), new DigitHeard('1', 80)], _heard);
    }

    [Fact]
    public void A_press_whose_end_was_lost_ends_with_the_next_press()
    {
        Hear(1, false, 480, 1000, marker: true);
        Hear(2, true, 800, 5000);

        Assert.Equal([new DigitHeard('1', 60), new DigitHeard('2', 100)], _heard);
    }

    [Fact]
    public void A_press_whose_end_was_lost_ends_with_quiet()
    {
        Hear(12, false, 480, 1000, marker: true, now: 0);

        Assert.Null(_receiver.OnTick(DigitReceiver.QuietNs - 1));
        Assert.Equal(new DigitHeard('A', 60), _receiver.OnTick(DigitReceiver.QuietNs));
        Assert.Null(_receiver.OnTick(2 * DigitReceiver.QuietNs));
    }

    [Fact]
    public void A_straggler_of_an_earlier_press_is_no_digit()
    {
        Hear(1, true, 800, 1000);
        Hear(2, false, 160, 3000, marker: true);
        Hear(1, true, 800, 1000);
        Hear(2, true, 800, 3000);
        Hear(1, true, 800, 1000);

        Assert.Equal(['1', '2'], _heard.Select(d => d.Digit));
    }

    [Fact]
    public void A_very_long_press_goes_on_in_segments()
    {
        Hear(7, false, 0xFFFF, 1000, marker: true);
        Hear(7, false, 160, 1000 + 0xFFFF);
        Hear(7, true, 800, 1000 + 0xFFFF);

        Assert.Equal([new DigitHeard('7', (0xFFFF + 800) / 8)], _heard);
    }

    [Fact]
    public void Events_that_are_no_digits_are_passed_over()
    {
        Hear(16, true, 800, 1000);

        Assert.Empty(_heard);
    }

    [Fact]
    public void Sent_digits_are_heard_as_themselves()
    {
        var sender = new DigitSender();
        const string digits = "0123456789*#ABCD";
        foreach (var digit in digits) Assert.True(sender.TryAdd(digit));
        var (time, start, ticks) = (5000u, 0u, 0);

        for (; sender.Next(out var packet) is var step and not DigitStep.Idle; ticks++, time += 160)
        {
            if (step == DigitStep.First) start = time;
            if (step != DigitStep.Pause) Hear(packet.Code, packet.End, packet.Duration, start, step == DigitStep.First);
        }

        Assert.Equal(digits, string.Concat(_heard.Select(d => d.Digit)));
        Assert.All(_heard, d => Assert.Equal(100, d.DurationMs));
        Assert.Equal(16 * 8, ticks);
    }

    [Fact]
    public void Digits_beyond_the_room_and_other_characters_are_not_taken()
    {
        var sender = new DigitSender();

        var taken = Enumerable.Range(0, 200).Count(_ => sender.TryAdd('5'));

        Assert.Equal(DigitSender.MostWaiting, taken);
        Assert.False(new DigitSender().TryAdd('x'));
    }

    [Fact]
    public void A_comma_and_w_wait_half_a_second_between_digits_and_a_capital_one_a_whole()
    {
        var sender = new DigitSender();
        foreach (var key in "1,w2W3")
            Assert.True(sender.TryAdd(key));

        List<DigitStep> steps = [];
        while (sender.Next(out _) is var step and not DigitStep.Idle)
            steps.Add(step);

        var firsts = steps.Index().Where(s => s.Item == DigitStep.First).Select(s => s.Index).ToArray();
        Assert.Equal([0, 8 + 50, 8 + 50 + 8 + 50], firsts);
    }

    private void Hear(byte code, bool end, ushort duration, uint timestamp, bool marker = false, long now = 0)
    {
        var (unended, ended) = _receiver.On(new TelephoneEvent(code, end, duration), timestamp, marker, now);
        if (unended is { } before) _heard.Add(before);
        if (ended is { } digit) _heard.Add(digit);
    }
}
