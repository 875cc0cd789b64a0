using System.Net;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Overload;

/// <summary>Far more than the server takes: what is up goes on, the rest is refused, and afterwards all is as before.</summary>
public sealed class OverloadTests(ITestOutputHelper output)
{
    private const string Flooder = "127.0.0.9";
    private const int PerSecond = 20_000;
    private const int Allowed = 50;

    private static readonly TimeSpan Length = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Calls_in_progress_go_on_while_20000_INVITEs_a_second_are_refused()
    {
        await using var server = await TestServer.StartAsync(new ServerSetup
        {
            // Trunks are not challenged: what the limits let through is a call.
            Provisioning = new ProvisioningBuilder().AddPhone("701").AddPhone("702").AddService("800", "hangup")
                .AddTrunk("flood", Flooder, 9, Flooder, "all"),
            Settings = [$"Calls:MaxPerSecond={Allowed}"],
        });
        await using var caller = server.Phone("701");
        await using var callee = await server.RegisteredPhoneAsync("702");
        callee.AlwaysAnswer("INVITE", 180);
        var first = await TalkAsync(caller, callee);
        var second = await TalkAsync(caller, callee);
        var id = (await server.Native.LiveBySipAsync(second.Placed.CallId)).Id;

        await using var flood = new InviteFlood(server.SipUdp, IPAddress.Parse(Flooder));
        var flooding = flood.SendAsync(PerSecond, Length, "800");
        await Eventually.TrueAsync(() => flood.Answers.GetValueOrDefault(503) > 1000, "the flood is refused", Patience);
        await UntilAnsweredAsync(caller, caller.Request("OPTIONS", "sip:switchhook.local"));
        await UntilAnsweredAsync(caller, first.Placed.InDialog("UPDATE").Add("Contact", $"<{caller.Contact}>"));
        await UntilAnsweredAsync(caller, first.Placed.InDialog("BYE"));
        await first.Offered.ExpectByeAsync(Patience);
        Assert.Equal(200, (await server.Native.HangUpAsync(id)).Status);
        await second.Placed.ExpectByeAsync(Patience);
        await second.Offered.ExpectByeAsync(Patience);
        await flooding;
        // What the kernel still holds of the flood has been read when this is answered.
        await UntilAnsweredAsync(caller, caller.Request("OPTIONS", "sip:switchhook.local"));

        output.WriteLine($"{flood.Sent} sent, answers: {string.Join(", ", flood.Answers.OrderBy(a => a.Key).Select(a => $"{a.Key}: {a.Value}"))}");
        Assert.Equal(0, flood.WithoutRetryAfter);
        // One answer each and no more, though none is acknowledged: nothing is kept that could repeat it.
        Assert.InRange(flood.Answers[503], 1000, flood.Sent);
        Assert.InRange(flood.Answers.GetValueOrDefault(200), 1, flood.Sent);
        var after = await TalkAsync(caller, callee);
        Assert.Equal(200, (await after.Placed.HangUpAsync()).Status);
        await after.Offered.ExpectByeAsync(Patience);
        // The flooder never acknowledges: a call it was given ends by itself when its 2xx has been repeated for 32 s (RFC 3261 §13.3.1.4).
        await Eventually.GetAsync(
            server.MetricsAsync, m => m.AllLive().All(g => g.Value == 0), "no live thing of any kind", TimeSpan.FromSeconds(100));
    }

    private static async Task<(ScriptedCall Placed, ScriptedCall Offered)> TalkAsync(ScriptedPhone caller, ScriptedPhone callee)
    {
        // The second in which the flood ended may be used up; a caller who is told to come again does.
        while (true)
        {
            var placed = await caller.DialAsync(callee.User);
            var answered = await caller.ReceiveAsync(m => !m.IsRequest && m.CallId == placed.CallId && m.Status is 180 or 503, "180 or 503", Patience);
            if (answered.Status == 503)
            {
                await placed.AcknowledgeAsync(answered);
                continue;
            }
            var offered = await callee.IncomingAsync(Patience);
            var connected = placed.ConnectAsync(Patience);
            await offered.RespondAsync(200, ScriptedPhone.SilentSdp());
            await connected;
            await offered.ExpectRequestAsync("ACK", Patience);
            return (placed, offered);
        }
    }

    /// <summary>Repeats a request until it is answered, as a phone over UDP does; a kernel under a flood drops some.</summary>
    private static async Task UntilAnsweredAsync(ScriptedPhone phone, SipDraft request)
    {
        using var repeat = new PeriodicTimer(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        var answer = phone.AskAsync(request, Patience);
        while (await Task.WhenAny(answer, repeat.WaitForNextTickAsync().AsTask()) != answer)
            await phone.SendAsync(request);
        Assert.Equal(200, (await answer).Status);
    }
}
