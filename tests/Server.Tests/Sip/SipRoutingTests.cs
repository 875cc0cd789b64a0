using Switchhook.TestKit.Http;
using Switchhook.TestKit.Sip;

namespace Switchhook.Server.Tests.Sip;

/// <summary>An application that says where calls go, behind a web server.</summary>
public sealed class SipRoutingTests(Lab lab) : LabTests(lab)
{
    [Fact]
    public async Task Two_phones_that_fail_are_tried_in_the_order_the_application_says_and_the_caller_is_cleared()
    {
        using var native = Native.As(Lab.RoutedKey);
        var caller = Server.Phone("701");
        var (first, second) = (Server.Phone("702"), Server.Phone("703"));
        foreach (var phone in (ScriptedPhone[])[caller, first, second])
            Assert.Equal(200, (await phone.RegisterAsync()).Status);
        Answer("Calling", "<Route Destination=\"702@localhost\" RingTime=\"1\"/>");
        Answer("NoAnswer", "<route destination='703' ringtime='20'></route>");
        Answer("Busy", "<Route Destination=''/>");

        var call = await caller.DialAsync("704");
        var id = (await native.LiveBySipAsync(call.CallId)).Id;
        var silent = await first.IncomingAsync();
        await silent.RingAsync();
        await silent.ExpectCancelAsync();
        var busy = await second.IncomingAsync();
        await busy.RejectAsync(486);
        await call.ExpectRefusalAsync(486);

        var asked = Lab.App.All.Where(r => r.Path == "/route").ToList();
        Assert.Equal(
            [
                "NotificationName=RoutingInterception&CallerID=701&OriginalDialedNumber=704&LastDialedNumber=704&LastCalledExtension=&LastCallState=Calling&CallerExtension=701",
                "NotificationName=RoutingInterception&CallerID=701&OriginalDialedNumber=704&LastDialedNumber=702&LastCalledExtension=702&LastCallState=NoAnswer&CallerExtension=701",
                "NotificationName=RoutingInterception&CallerID=701&OriginalDialedNumber=704&LastDialedNumber=703&LastCalledExtension=703&LastCallState=Busy&CallerExtension=701",
            ],
            asked.Select(r => r.Body));
        Assert.All(asked, r => Assert.Equal("?from=pbx", r.Query));
        var ended = await native.ConfirmedCallAsync(id);
        await Server.QuietAsync("call", "leg", "rtp_port", "script");
        Assert.Equal((17, 19, 17), (ended.Legs[0].Hangup!.Cause, ended.Legs[1].Hangup!.Cause, ended.Legs[2].Hangup!.Cause));
        foreach (var phone in (ScriptedPhone[])[caller, first, second])
            await phone.DisposeAsync();
    }

    private void Answer(string state, string elements) =>
        Lab.App.Reply(r => r.Path == "/route" && r["LastCallState"] == state, WebhookReply.Script(elements));
}
