using Switchhook.TestKit.Http;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;

namespace Switchhook.Server.Tests.Recovery;

/// <summary>What becomes of calls that nobody had answered when the server was killed: nobody hears ringing, or rings, for a call that is over.</summary>
public sealed class RecoveryOfRingingTests
{
    private static ServerSetup Setup => new()
    {
        Provisioning = new ProvisioningBuilder().AddPhone("701").AddPhone("702").AddService("802", "ring"),
    };

    [Fact]
    public async Task A_caller_that_heard_ringing_is_refused_and_the_phone_that_rang_is_cancelled()
    {
        await using var server = await TestServer.StartAsync(Setup);
        await using var caller = server.Phone("701");
        await using var callee = await server.RegisteredPhoneAsync("702");
        var (placed, offered) = await RingAsync(caller, callee);
        var id = (await server.Native.LiveBySipAsync(placed.CallId)).Id;
        await server.KillAsync();

        await using var again = await server.StartAgainAsync();
        var cancel = await offered.ExpectCancelAsync();
        var refusal = await placed.ExpectRefusalAsync(503);
        var call = await again.Native.ConfirmedCallAsync(id);

        Assert.Equal((41, 41), (cancel.Q850, refusal.Q850));
        Assert.Equal((offered.Offered!.Branch, offered.Offered.Sequence), (cancel.Branch, cancel.Sequence));
        Assert.Equal([("recovery", "503 Service Unavailable"), ("recovery", "CANCEL")], call.Legs.Select(l => (l.Hangup!.By, l.Hangup.Sent)));
        Assert.All(call.Legs, l => Assert.Equal((41, "ringing", "yes"), (l.Hangup!.Cause, l.Hangup.Phase, l.Hangup.Confirmed)));
        await again.QuietAsync();
    }

    [Fact]
    public async Task A_caller_to_whom_only_100_was_said_is_refused_and_a_phone_that_said_no_more_is_cancelled()
    {
        await using var server = await TestServer.StartAsync(Setup);
        await using var caller = server.Phone("701");
        await using var callee = await server.RegisteredPhoneAsync("702");
        var placed = await caller.DialAsync("702");
        var offered = await callee.IncomingAsync();
        await placed.ExpectAsync(100);
        await offered.RespondAsync(100);
        // From the same socket: the 100 before it has been handled, and written down.
        Assert.Equal(200, (await callee.AskAsync(callee.Request("OPTIONS", "sip:switchhook.local"))).Status);
        var id = (await server.Native.LiveBySipAsync(placed.CallId)).Id;
        await server.KillAsync();

        await using var again = await server.StartAgainAsync();
        await placed.ExpectRefusalAsync(503);
        await offered.ExpectCancelAsync();
        var call = await again.Native.ConfirmedCallAsync(id);

        Assert.All(call.Legs, l => Assert.Equal(("recovery", 41, "trying", "yes"), (l.Hangup!.By, l.Hangup.Cause, l.Hangup.Phase, l.Hangup.Confirmed)));
        await again.QuietAsync();
    }

    [Fact]
    public async Task A_caller_of_an_application_that_has_not_decided_is_refused()
    {
        await using var app = await WebhookInbox.StartAsync();
        app.Reply("/incoming", new WebhookReply(200) { Hangs = true });
        await using var server = await TestServer.StartAsync(new ServerSetup
        {
            Provisioning = new ProvisioningBuilder().AddPhone("701").AddApiExtension("900", $"{app.Url}/incoming"),
        });
        await using var caller = server.Phone("701");
        var placed = await caller.DialAsync("900");
        await placed.ExpectAsync(180);
        var id = (await server.Native.LiveBySipAsync(placed.CallId)).Id;
        await server.KillAsync();

        await using var again = await server.StartAgainAsync();
        await placed.ExpectRefusalAsync(503);
        var call = await again.Native.ConfirmedCallAsync(id);

        var hangup = Assert.Single(call.Legs).Hangup!;
        Assert.Equal(("recovery", 41, "503 Service Unavailable", "yes"), (hangup.By, hangup.Cause, hangup.Sent, hangup.Confirmed));
    }

    [Fact]
    public async Task A_phone_that_answers_as_it_is_cancelled_is_hung_up()
    {
        await using var server = await TestServer.StartAsync(Setup);
        await using var caller = server.Phone("701");
        await using var callee = await server.RegisteredPhoneAsync("702");
        var (placed, offered) = await RingAsync(caller, callee);
        await server.KillAsync();

        await using var again = await server.StartAgainAsync();
        var cancel = await offered.ExpectRequestAsync("CANCEL");
        await offered.RespondAsync(200, ScriptedPhone.SilentSdp());
        await callee.RespondAsync(cancel, 200);
        await offered.ExpectRequestAsync("ACK");
        var bye = await offered.ExpectByeAsync();
        await placed.ExpectRefusalAsync(503);

        Assert.Equal(41, bye.Q850);
        await again.QuietAsync();
    }

    [Fact]
    public async Task A_caller_that_cancels_while_the_server_is_down_is_answered_once_it_is_back()
    {
        await using var server = await TestServer.StartAsync(Setup);
        await using var caller = server.Phone("701");
        var placed = await caller.DialAsync("802");
        await placed.ExpectAsync(180);
        await server.KillAsync();

        await using var again = await server.StartAgainAsync();
        var refusal = await placed.ExpectAsync(503);
        await placed.CancelAsync();
        var toCancel = await caller.ReceiveAsync(m => m.SequenceMethod == "CANCEL" && !m.IsRequest, "an answer to CANCEL");
        await placed.AcknowledgeAsync(refusal);
        var call = await again.Native.EndedBySipAsync(placed.CallId);

        Assert.Equal(200, toCancel.Status);
        Assert.Equal("recovery", Assert.Single(call.Legs).Hangup!.By);
        await again.QuietAsync();
    }

    /// <summary>The caller's call, and what rings at the callee's phone.</summary>
    private static async Task<(ScriptedCall Placed, ScriptedCall Offered)> RingAsync(ScriptedPhone caller, ScriptedPhone callee)
    {
        var placed = await caller.DialAsync("702");
        var offered = await callee.IncomingAsync();
        await offered.RingAsync();
        await placed.ExpectAsync(180);
        return (placed, offered);
    }
}
