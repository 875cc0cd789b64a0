using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>Calls that come back to where they were (RFC 3261 §16.3), and places of trunks that do not answer.</summary>
public sealed class LoopTests
{
    private static readonly int Port = FreePort.Next();

    private static Provisioning Provisioning(int strip) => new()
    {
        Extensions =
        [
            new Extension { Number = "101", Secret = "pw101", Account = "demo" }, new Extension { Number = "102", Secret = "pw102", Account = "demo" },
            new Extension { Number = "800", Kind = ExtensionKind.Service, Behaviour = ServiceBehaviour.Answer, Account = "demo" },
        ],
        // A trunk that leads back to this very exchange.
        Trunks = [new Trunk { Name = "self", Host = "127.0.0.1", Port = Port, User = "101", Secret = "pw101", MayDial = TrunkDial.All }],
        OutboundRoutes = [new OutboundRoute { Name = "self", Pattern = "9X.", Strip = strip, Trunk = "self" }],
    };

    [Fact]
    public async Task A_trunk_that_points_at_ourselves_ends_the_call_at_once_and_not_in_a_flood()
    {
        await using var loopback = Start(strip: 0);
        var alice = loopback.Phone("101", "pw101");

        var call = await alice.DialAsync("9800");
        // The 482 between us is exchange routing error, which callers hear as 483.
        var refusal = await call.ExpectRefusalAsync(483);

        Assert.Equal(25, refusal.Q850);
        await loopback.QuietAsync();
        Assert.Equal(1, loopback.Exchange.Figures().SipRejected["loop"]);
        Assert.Single(loopback.Ports.Ended);
    }

    [Fact]
    public async Task A_call_that_comes_back_for_another_number_is_a_spiral_and_is_put_through()
    {
        await using var loopback = Start(strip: 1);
        var alice = loopback.Phone("101", "pw101");

        var call = await alice.DialAsync("9800");
        await call.ConnectAsync();
        await call.HangUpAsync();

        await loopback.QuietAsync();
        Assert.Equal(2, loopback.Ports.Ended.Count);
    }

    [Fact]
    public async Task Every_pass_takes_one_hop_and_the_last_hop_is_refused()
    {
        await using var loopback = Start(strip: 1);
        var (alice, bob) = (loopback.Phone("101", "pw101"), loopback.Phone("102", "pw102"));
        await bob.RegisterAsync();

        var call = await PlaceAsync(alice, "102", 9);
        var offered = await bob.IncomingAsync();
        await offered.RejectAsync(486);
        await call.ExpectRefusalAsync(486);
        // The first pass leaves no hop for the second.
        var last = await PlaceAsync(alice, "9102", 1);
        var refusal = await last.ExpectRefusalAsync(483);

        Assert.Equal("8", offered.Offered!.Header("Max-Forwards"));
        Assert.Equal(483, refusal.Status);
        await loopback.QuietAsync();
    }

    [Fact]
    public async Task A_call_forwarded_to_the_extension_it_rings_at_rings_there_and_ends_as_any_other()
    {
        await using var loopback = Start(strip: 0);
        var (alice, bob) = (loopback.Phone("101", "pw101"), loopback.Phone("102", "pw102"));
        await bob.RegisterAsync();
        bob.AlwaysAnswer("CANCEL", 200);
        var placed = await alice.DialAsync("102");
        var first = await bob.IncomingAsync();
        await first.RingAsync();
        await placed.ExpectAsync(180);
        var id = Assert.Single(loopback.Exchange.Live()).Id;

        var reply = await loopback.AskAsync(new CallCommand.Forward(id, "102"));
        var second = await bob.IncomingAsync();
        await first.RejectAsync(487);
        await second.RejectAsync(486);
        await placed.ExpectRefusalAsync(486);

        Assert.Equal(CallRefusal.None, reply.Refusal);
        Assert.Equal(2, bob.CountReceived(m => m.Is("INVITE")));
        await loopback.QuietAsync();
    }

    [Fact]
    public async Task A_place_that_does_not_answer_is_tried_last_by_the_next_call()
    {
        var time = new ManualTime();
        var (deaf, good) = (Free("127.0.0.7"), Free("127.0.0.8"));
        await using var loopback = Loopback.StartAt(time, new Provisioning
        {
            Extensions = [new Extension { Number = "101", Secret = "pw101", Account = "demo" }],
            Trunks =
            [
                new Trunk { Name = "carrier", Host = "127.0.0.7", Port = deaf.Local.Port, Hosts = [new FurtherHost("127.0.0.8", good.Local.Port, 1)] },
            ],
            OutboundRoutes = [new OutboundRoute { Name = "all", Pattern = "+X.", Trunk = "carrier" }],
        });
        await using var one = deaf;
        await using var other = good;
        good.AlwaysAnswer("INVITE", 486);
        var alice = loopback.Phone("101", "pw101");

        var first = await alice.DialAsync("+361");
        await deaf.ReceiveAsync("INVITE");
        await loopback.AdvanceAsync(TimeSpan.FromSeconds(33));
        await first.ExpectRefusalAsync(486);
        var second = await alice.DialAsync("+362");
        await second.ExpectRefusalAsync(486);

        Assert.Equal(0, deaf.CountReceived(m => m.Is("INVITE") && m.RequestUri.Contains("+362", StringComparison.Ordinal)));
        Assert.Equal(1, good.CountReceived(m => m.Is("INVITE") && m.RequestUri.Contains("+362", StringComparison.Ordinal)));
    }

    private static ScriptedPhone Free(string address) =>
        ScriptedPhone.Open(new PhoneSettings { User = "carrier", Server = new(System.Net.IPAddress.Loopback, 9), Local = new(System.Net.IPAddress.Parse(address), 0) });

    private static Loopback Start(int strip) => Loopback.Start(Provisioning(strip), o => o with { SipListen = [$"udp://127.0.0.1:{Port}"] });

    private static async Task<ScriptedCall> PlaceAsync(ScriptedPhone phone, string number, int hops)
    {
        var call = await ScriptedCall.PlaceAsync(phone, phone.Invite(number).Set("Max-Forwards", $"{hops}"));
        await call.RetryWithCredentialsAsync(await call.ExpectAsync(401));
        return call;
    }
}
