using Switchhook.Calls;
using Switchhook.TestKit.Sip;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>Requests outside of a dialog that show that they know it by Target-Dialog (RFC 4538).</summary>
public sealed class TargetDialogTests
{
    [Fact]
    public async Task One_who_knows_the_dialog_passes_the_call_on_and_is_told_without_a_password()
    {
        await using var trio = await Trio.StartAsync();
        var (a, b) = await trio.TalkAsync(trio.A, trio.B);
        var stranger = trio.Open("201");

        await ReferAsync(stranger, Named(b), "103", 202);
        var target = await trio.C.Phone.IncomingAsync();
        await target.AnswerAsync(Sdp.Audio(trio.C.Rtp.Local, "0 101"));
        trio.C.Rtp.Remote = Sdp.AudioEndpoint(target.RemoteSdp);
        var told = await OutcomeAsync(stranger);
        await b.ExpectByeAsync();
        await Trio.HearAsync(trio.A, trio.C);
        await a.HangUpAsync();
        await target.ExpectByeAsync();

        Assert.Equal("SIP/2.0 200 OK", told);
        await trio.Loopback.QuietAsync();
        Assert.Equal(["caller", "transfer", "caller"], (await trio.Loopback.EndedAsync()).Legs.Select(l => l.Record!.By.Word));
    }

    [Fact]
    public async Task A_referrer_that_has_hung_up_hears_of_the_refusal_and_of_the_end()
    {
        await using var trio = await Trio.StartAsync();
        var (a, b) = await trio.TalkAsync(trio.A, trio.B);

        await ReferAsync(trio.B, Named(b), "103", 202);
        var target = await trio.C.Phone.IncomingAsync();
        await b.HangUpAsync();
        await target.RejectAsync(486);
        await a.ExpectByeAsync();
        var told = await OutcomeAsync(trio.B);

        Assert.Equal("SIP/2.0 486 Busy Here", told);
        await trio.Loopback.QuietAsync();
    }

    [Fact]
    public async Task A_referrer_is_told_when_the_call_ends_before_anybody_answers()
    {
        await using var trio = await Trio.StartAsync();
        var (a, b) = await trio.TalkAsync(trio.A, trio.B);

        await ReferAsync(trio.B, Named(b), "103", 202);
        var target = await trio.C.Phone.IncomingAsync();
        await target.RingAsync();
        await b.HangUpAsync();
        await a.HangUpAsync();
        await target.ExpectCancelAsync();
        var told = await OutcomeAsync(trio.B);

        Assert.Equal("SIP/2.0 487 Request Terminated", told);
        await trio.Loopback.QuietAsync();
    }

    [Theory]
    [InlineData("nobody;local-tag=1111111111111111;remote-tag=2", "103", 481)]
    [InlineData("garbage", "103", 400)]
    [InlineData("{first}", "999", 404)]
    [InlineData("{first}", "104", 480)]
    [InlineData(null, "103", 403)]
    public async Task What_names_no_dialog_or_leads_nowhere_is_refused_and_the_call_goes_on(string? named, string target, int status)
    {
        await using var trio = await Trio.StartAsync();
        var (a, b) = await trio.TalkAsync(trio.A, trio.B);

        await ReferAsync(trio.B, named?.Replace("{first}", Named(b), StringComparison.Ordinal), target, status);
        await Trio.HearAsync(trio.A, trio.B);
        await a.HangUpAsync();
        await b.ExpectByeAsync();

        await trio.Loopback.QuietAsync();
        Assert.Equal(2, (await trio.Loopback.EndedAsync()).Legs.Length);
    }

    [Theory]
    [InlineData("{first}", "104")]
    [InlineData("{first}", "201")]
    [InlineData("nobody;local-tag=1111111111111111;remote-tag=2", "104")]
    [InlineData("garbage", "104")]
    public async Task An_invite_is_taken_as_every_other_whatever_it_names(string named, string phone)
    {
        await using var trio = await Trio.StartAsync();
        var (a, b) = await trio.TalkAsync(trio.A, trio.B);
        var caller = trio.Open(phone);

        var invite = caller.Phone.Invite("104", caller.Rtp.Local).Add("Target-Dialog", named.Replace("{first}", Named(b), StringComparison.Ordinal)).Add("Require", "tdialog");
        var call = await ScriptedCall.PlaceAsync(caller.Phone, invite);
        await call.RetryWithCredentialsAsync(await call.ExpectAsync(401));
        await call.ExpectRefusalAsync(480);   // nobody is registered there
        await a.HangUpAsync();
        await b.ExpectByeAsync();

        await trio.Loopback.QuietAsync();
    }

    [Fact]
    public async Task The_extension_is_among_those_supported()
    {
        await using var trio = await Trio.StartAsync();

        var options = await trio.A.Phone.FenceAsync();

        Assert.Contains("tdialog", options.Header("Supported").Split(", "));
    }

    /// <summary>The phone's dialog as the server knows it.</summary>
    private static string Named(ScriptedCall call) => $"{call.CallId};local-tag={call.RemoteTag};remote-tag={WireMessage.Parameter(call.Local, "tag")}";

    private static async Task ReferAsync(Ear ear, string? named, string target, int status)
    {
        var refer = ear.Phone.Request("REFER", "sip:switchhook.local").Add("Refer-To", $"<sip:{target}@switchhook.local>").Add("Require", "tdialog");
        if (named is not null)
            refer.Add("Target-Dialog", named);
        await ear.Phone.SendAsync(refer);
        await ear.Phone.ReceiveAsync(m => m.Status == status && m.SequenceMethod == "REFER", $"{status} to the REFER");
    }

    private static async Task<string> OutcomeAsync(Ear ear)
    {
        while (true)
        {
            var notify = await ear.Phone.ReceiveAsync("NOTIFY");
            await ear.Phone.RespondAsync(notify, 200);
            if (notify.Header("Subscription-State").StartsWith("terminated", StringComparison.Ordinal))
                return notify.Body.Trim();
        }
    }
}
