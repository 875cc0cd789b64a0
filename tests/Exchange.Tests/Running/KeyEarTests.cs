using Switchhook.Exchange.Running;

namespace Switchhook.Exchange.Tests.Running;

public sealed class KeyEarTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private readonly KeyEar _ear = new();

    [Fact]
    public void A_press_by_RTP_and_by_INFO_is_one_however_long_it_is_held()
    {
        var down = _ear.Take('5', byInfo: false, Start);

        _ear.LetGo('5', Start.AddSeconds(6));
        var told = _ear.Take('5', byInfo: true, Start.AddSeconds(6.5));

        Assert.True(down);
        Assert.False(told);
    }

    [Fact]
    public void An_INFO_long_after_the_key_was_let_go_is_another_press()
    {
        _ = _ear.Take('5', byInfo: false, Start);
        _ear.LetGo('5', Start.AddSeconds(0.1));

        var told = _ear.Take('5', byInfo: true, Start.AddSeconds(1.2));

        Assert.True(told);
    }

    [Fact]
    public void An_INFO_when_the_key_goes_down_and_its_end_by_RTP_leave_room_for_the_next_press()
    {
        _ = _ear.Take('5', byInfo: true, Start);
        var same = _ear.Take('5', byInfo: false, Start.AddSeconds(0.1));
        _ear.LetGo('5', Start.AddSeconds(0.2));

        var next = _ear.Take('5', byInfo: true, Start.AddSeconds(0.3));

        Assert.False(same);
        Assert.True(next);
    }
}
