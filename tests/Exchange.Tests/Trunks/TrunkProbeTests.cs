using System.Net;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Exchange.Tests.Whole;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Exchange.Tests.Trunks;

/// <summary>Probed trunks of a whole exchange: which one a call goes to.</summary>
public sealed class TrunkProbeTests : IAsyncLifetime
{
    private readonly ScriptedPhone _first = Open("127.0.0.11");
    private readonly ScriptedPhone _second = Open("127.0.0.12");
    private Loopback _loopback = null!;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _loopback.DisposeAsync();
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Fact]
    public async Task A_trunk_that_is_down_is_passed_over_until_it_answers_again()
    {
        Start(TrunkTo("first", _first), TrunkTo("second", _second));
        _second.AlwaysAnswer("OPTIONS", 200);
        await _first.RespondAsync(await _first.ReceiveAsync("OPTIONS"), 503);
        await Eventually.TrueAsync(() => !Status("first").IsUp, "first is down");
        Assert.False(_loopback.Exchange.Figures().TrunksUp["first"]);

        await GoesToAsync(_second);
        _first.AlwaysAnswer("OPTIONS", 200);
        await Eventually.TrueAsync(() => Status("first").IsUp, "first is up");

        await GoesToAsync(_first);
    }

    [Fact]
    public async Task A_trunk_that_is_down_is_tried_when_there_is_no_other()
    {
        Start(TrunkTo("first", _first));
        await _first.RespondAsync(await _first.ReceiveAsync("OPTIONS"), 503);
        await Eventually.TrueAsync(() => Status("first") is { IsUp: false, Problem: "does not answer" }, "first is down");

        await GoesToAsync(_first);
    }

    [Fact]
    public async Task A_further_host_serves_while_the_first_one_is_down()
    {
        Start(TrunkTo("first", _first) with { Hosts = [new FurtherHost("127.0.0.12", _second.Local.Port)] });
        _second.AlwaysAnswer("OPTIONS", 200);
        await _first.RespondAsync(await _first.ReceiveAsync("OPTIONS"), 503);
        await Eventually.TrueAsync(() => Status("first").Places.Any(p => !p.IsUp), "the first host is down");

        await GoesToAsync(_second);

        Assert.True(Status("first").IsUp);
        Assert.Equal([new TrunkPlace(_first.Local.ToString(), false), new TrunkPlace(_second.Local.ToString(), true)], Status("first").Places);
    }

    [Fact]
    public async Task A_call_that_a_host_refuses_with_503_goes_on_to_the_next_one_and_so_do_further_calls()
    {
        Start(TrunkTo("first", _first) with { Hosts = [new FurtherHost("127.0.0.12", _second.Local.Port)] });
        await _first.ReceiveAsync("OPTIONS");

        var call = await _loopback.Peer().DialAsync("+3612345");
        await ScriptedCall.From(_first, await _first.ReceiveAsync("INVITE")).RejectAsync(503, ("Retry-After", "120"));
        await ScriptedCall.From(_second, await _second.ReceiveAsync("INVITE")).RejectAsync(486);
        await call.ExpectRefusalAsync(486);

        await GoesToAsync(_second);
    }

    [Fact]
    public async Task Probes_do_not_show_among_the_live_things_of_calls()
    {
        Start(TrunkTo("first", _first));

        var probe = await _first.ReceiveAsync("OPTIONS");
        var figures = _loopback.Exchange.Figures();

        Assert.Equal((0, 0, 1), (figures.Live["transaction"], figures.Live["timer"], figures.LiveUpkeep));
        Assert.Equal($"sip:{_first.Local}", probe.RequestUri);
    }

    private static ScriptedPhone Open(string address) => ScriptedPhone.Open(new PhoneSettings
    {
        User = "carrier",
        Server = new IPEndPoint(IPAddress.Loopback, 9),
        Local = new IPEndPoint(IPAddress.Parse(address), 0),
    });

    private static Trunk TrunkTo(string name, ScriptedPhone carrier) =>
        new() { Name = name, Host = carrier.Local.Address.ToString(), Port = carrier.Local.Port, ProbeSeconds = 1 };

    private void Start(params Trunk[] trunks) => _loopback = Loopback.Start(new Provisioning
    {
        Trunks = [.. trunks, new Trunk { Name = "callers", Host = "127.0.0.9", MayDial = TrunkDial.All, ProbeSeconds = 0 }],
        OutboundRoutes = [.. trunks.Select(t => new OutboundRoute { Name = t.Name, Pattern = "+X.", Trunk = t.Name })],
    });

    private TrunkStatus Status(string name) => _loopback.Exchange.Trunks.Of(name)!;

    /// <summary>The next call is offered there, and nowhere else.</summary>
    private async Task GoesToAsync(ScriptedPhone carrier)
    {
        var call = await _loopback.Peer().DialAsync("+3612345");
        var rung = ScriptedCall.From(carrier, await carrier.ReceiveAsync("INVITE"));
        await rung.RejectAsync(486);
        await call.ExpectRefusalAsync(486);
        await _loopback.QuietAsync();
    }
}
