using System.Net;
using Switchhook.Calls.Ports;
using Switchhook.Exchange.Registrar;
using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport;
using Switchhook.TestKit.Timing;

namespace Switchhook.Exchange.Tests.Registrar;

public sealed class BindingExpiryTests
{
    private readonly ManualTime _time = new();
    private readonly TimerWheel _timers;
    private readonly Bindings _bindings;
    private readonly List<string> _changed = [];
    private readonly List<(string Extension, int Left)> _kept = [];

    public BindingExpiryTests()
    {
        (_timers, _bindings) = (new TimerWheel(_time), new Bindings(_time));
        _bindings.Changed = new BindingExpiry(_bindings, _timers, _time, (extension, left) => _kept.Add((extension, left.Count))).OnChange;
        _bindings.Changed += _changed.Add;
    }

    [Fact]
    public void Each_end_of_a_binding_is_a_change_and_what_is_left_is_kept()
    {
        _bindings.Replace("101", [Make("short", 60), Make("long", 90)]);

        Advance(60);
        var before = _kept.Count;
        Advance(1);
        var first = _kept.ToList();
        Advance(30);

        Assert.Equal(0, before);
        Assert.Equal([("101", 1)], first);
        Assert.Equal([("101", 1), ("101", 0)], _kept);
        Assert.Equal(["101", "101", "101"], _changed);
        Assert.Equal(0, _timers.LiveTimers);
    }

    [Fact]
    public void A_phone_that_refreshes_does_not_expire_and_one_that_left_has_no_timer()
    {
        _bindings.Replace("101", [Make("a", 60)]);
        _bindings.Replace("102", [Make("b", 60)]);

        Advance(50);
        _bindings.Replace("101", [Make("a", 60)]);
        _bindings.Replace("102", []);
        Advance(50);

        Assert.Empty(_kept);
        Assert.Equal(1, _timers.LiveTimers);
    }

    private void Advance(int seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        _timers.Fire();
    }

    private Binding Make(string contact, int seconds) => new(
        new StoredBinding("101", contact, "udp://127.0.0.1:5080", "id", 1, 1, _time.GetUtcNow().AddSeconds(seconds), null),
        SipFlow.Toward(SipTransportKind.Udp, IPEndPoint.Parse("127.0.0.1:5080")));
}
