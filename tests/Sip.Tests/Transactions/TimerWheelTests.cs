using FsCheck;
using FsCheck.Fluent;
using Switchhook.Sip.Transactions;

namespace Switchhook.Sip.Tests.Transactions;

public class TimerWheelTests
{
    private readonly ManualClock _clock = new();
    private readonly Listener _listener = new();

    [Fact]
    public void A_timer_fires_once_at_its_time_and_not_before()
    {
        var wheel = new TimerWheel(_clock);
        wheel.Start(TimeSpan.FromMilliseconds(500), _listener, 7);

        _clock.Advance(TimeSpan.FromMilliseconds(499));
        wheel.Fire();
        Assert.Empty(_listener.Fired);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        wheel.Fire();
        wheel.Fire();

        Assert.Equal([7], _listener.Fired);
        Assert.Equal(0, wheel.LiveTimers);
    }

    [Fact]
    public void Timers_that_are_due_together_fire_in_order_of_time_then_of_starting()
    {
        var wheel = new TimerWheel(_clock);
        wheel.Start(TimeSpan.FromSeconds(32), _listener, 4);
        wheel.Start(TimeSpan.FromMilliseconds(20), _listener, 2);
        wheel.Start(TimeSpan.FromMilliseconds(20), _listener, 3);
        wheel.Start(TimeSpan.FromMilliseconds(10), _listener, 1);

        _clock.Advance(TimeSpan.FromMinutes(1));
        wheel.Fire();

        Assert.Equal([1, 2, 3, 4], _listener.Fired);
    }

    [Fact]
    public void A_timer_longer_than_a_turn_of_the_wheel_waits_for_its_turn()
    {
        var wheel = new TimerWheel(_clock);
        wheel.Start(TimeSpan.FromMinutes(30), _listener, 1);

        _clock.Advance(TimeSpan.FromMinutes(29));
        wheel.Fire();
        Assert.Empty(_listener.Fired);
        _clock.Advance(TimeSpan.FromMinutes(1));
        wheel.Fire();

        Assert.Equal([1], _listener.Fired);
    }

    [Fact]
    public void Lax_timers_wait_for_each_other_a_little_and_for_no_other_timer()
    {
        var wheel = new TimerWheel(_clock);
        long WaitMs() => (long)_clock.GetElapsedTime(_clock.GetTimestamp(), wheel.Next).TotalMilliseconds;
        wheel.Start(TimeSpan.FromMilliseconds(5_001), _listener, 1, isLax: true);
        wheel.Start(TimeSpan.FromMilliseconds(5_050), _listener, 2, isLax: true);
        Assert.InRange(WaitMs(), 5_050, 5_064);

        var pressing = wheel.Start(TimeSpan.FromMilliseconds(5_010), _listener, 3);

        Assert.Equal(5_010, WaitMs());
        _clock.Advance(TimeSpan.FromMilliseconds(5_010));
        wheel.Fire();
        Assert.Equal([1, 3], _listener.Fired);
        Assert.InRange(WaitMs(), 40, 54);
        Assert.False(wheel.Cancel(ref pressing));
    }

    [Fact]
    public void A_restarted_timer_replaces_the_one_before_even_when_that_is_due_already()
    {
        var wheel = new TimerWheel(_clock);
        var handle = wheel.Start(TimeSpan.FromMilliseconds(10), _listener, 1);

        _clock.Advance(TimeSpan.FromMilliseconds(50));
        wheel.Restart(ref handle, TimeSpan.FromMilliseconds(10), _listener, 2);
        wheel.Fire();
        Assert.Empty(_listener.Fired);
        _clock.Advance(TimeSpan.FromMilliseconds(11));
        wheel.Fire();

        Assert.Equal([2], _listener.Fired);
    }

    [Fact]
    public void A_timer_cancelled_by_one_that_fires_with_it_does_not_fire()
    {
        var wheel = new TimerWheel(_clock);
        var second = default(TimerHandle);
        _listener.Then = _ => wheel.Cancel(ref second);
        wheel.Start(TimeSpan.FromMilliseconds(10), _listener, 1);
        second = wheel.Start(TimeSpan.FromMilliseconds(10), _listener, 2);

        _clock.Advance(TimeSpan.FromMilliseconds(10));
        wheel.Fire();

        Assert.Equal([1], _listener.Fired);
        Assert.Equal(0, wheel.LiveTimers);
    }

    [Fact]
    public void A_handle_whose_timer_has_fired_cannot_cancel_the_timer_that_took_its_place()
    {
        var wheel = new TimerWheel(_clock);
        var stale = wheel.Start(TimeSpan.FromMilliseconds(1), _listener, 1);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        wheel.Fire();
        wheel.Start(TimeSpan.FromMilliseconds(1), _listener, 2);

        Assert.False(wheel.Cancel(ref stale));
        _clock.Advance(TimeSpan.FromMilliseconds(2));
        wheel.Fire();

        Assert.Equal([1, 2], _listener.Fired);
    }

    [Fact]
    public void A_timer_that_restarts_itself_without_delay_does_not_hold_the_wheel()
    {
        var wheel = new TimerWheel(_clock);
        _listener.Then = timer => wheel.Start(TimeSpan.Zero, _listener, timer + 1);
        wheel.Start(TimeSpan.Zero, _listener, 1);

        _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(1, wheel.Fire());
    }

    [Fact]
    public void Next_is_never_later_than_the_first_timer()
    {
        var wheel = new TimerWheel(_clock);
        Assert.Equal(long.MaxValue, wheel.Next);

        wheel.Start(TimeSpan.FromMilliseconds(1500), _listener, 1);
        wheel.Start(TimeSpan.FromMilliseconds(200), _listener, 2);

        Assert.Equal(_clock.GetTimestamp() + 200_000, wheel.Next);
    }

    [Fact]
    public void Any_mix_of_starts_cancels_and_steps_fires_what_a_sorted_list_would()
    {
        var steps = Gen.Choose(0, 100_000).ListOf(120);

        Prop.ForAll(steps.ToArbitrary(), Matches).QuickCheckThrowOnFailure();
    }

    private static bool Matches(IList<int> steps)
    {
        var clock = new ManualClock();
        var wheel = new TimerWheel(clock);
        var listener = new Listener();
        var model = new Dictionary<int, (long Due, TimerHandle Handle)>();
        var expected = new List<int>();
        for (var i = 0; i < steps.Count; i++)
        {
            var (kind, amount) = (steps[i] % 3, steps[i] / 3);
            if (kind == 0)
            {
                model[i] = (clock.GetTimestamp() + (amount * 1000L), wheel.Start(TimeSpan.FromMilliseconds(amount), listener, i));
            }
            else if (kind == 1 && model.Count > 0)
            {
                var victim = model.Keys.ElementAt(amount % model.Count);
                var handle = model[victim].Handle;
                model.Remove(victim);
                if (!wheel.Cancel(ref handle)) return false;
            }
            else
            {
                clock.Advance(TimeSpan.FromMilliseconds(1 + (amount / 5)));
                var due = model.Where(timer => timer.Value.Due <= clock.GetTimestamp()).OrderBy(timer => timer.Value.Due).ThenBy(timer => timer.Key).ToList();
                foreach (var timer in due) model.Remove(timer.Key);
                expected.AddRange(due.Select(timer => timer.Key));
                wheel.Fire();
            }
        }

        // The order of those due within one step is another test; here it is which fire, and how many are left.
        return wheel.LiveTimers == model.Count && expected.Order().SequenceEqual(listener.Fired.Order());
    }

    private sealed class Listener : ITimed
    {
        public List<int> Fired { get; } = [];

        public Action<int>? Then { get; set; }

        public void OnTimer(int timer)
        {
            Fired.Add(timer);
            Then?.Invoke(timer);
        }
    }
}
