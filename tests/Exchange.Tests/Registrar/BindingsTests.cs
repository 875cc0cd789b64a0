using System.Net;
using Switchhook.Calls.Ports;
using Switchhook.Exchange.Registrar;
using Switchhook.Sip.Transport;
using Switchhook.TestKit.Timing;

namespace Switchhook.Exchange.Tests.Registrar;

public sealed class BindingsTests
{
    private readonly ManualTime _time = new();
    private readonly Bindings _bindings;

    public BindingsTests() => _bindings = new Bindings(_time);

    [Fact]
    public void The_preferred_contact_is_rung_and_of_two_alike_the_later()
    {
        _bindings.Replace("101", [Make("low", 60, 0.1), Make("older", 60, 0.8), Make("newer", 90, 0.8)]);

        Assert.Equal(["newer", "older", "low"], _bindings.Find("101").Select(b => b.Contact));
        Assert.Equal("newer", _bindings.Best("101")!.Contact);
    }

    [Fact]
    public void A_binding_is_gone_when_its_time_is_up()
    {
        _bindings.Replace("101", [Make("short", 60, 1), Make("long", 90, 0.5)]);

        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("short", _bindings.Best("101")!.Contact);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("long", _bindings.Best("101")!.Contact);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Null(_bindings.Best("101"));
        Assert.False(_bindings.IsRegistered("101"));
        Assert.Empty(_bindings.Of("101"));
    }

    [Fact]
    public void Nobody_is_registered_who_never_was_or_left()
    {
        _bindings.Replace("101", [Make("a", 60, 1)]);
        Assert.True(_bindings.IsRegistered("101"));

        _bindings.Replace("101", []);

        Assert.False(_bindings.IsRegistered("101"));
        Assert.False(_bindings.IsRegistered("102"));
        Assert.Empty(_bindings.Find("102"));
    }

    private Binding Make(string contact, int seconds, double quality) => new(
        new StoredBinding("101", contact, "udp://192.0.2.9:5060", "a", 1, quality, _time.GetUtcNow().AddSeconds(seconds), null),
        SipFlow.Toward(SipTransportKind.Udp, new IPEndPoint(IPAddress.Loopback, 5060)));
}
