using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>A blind transfer to a phone that rings and is never answered, under a clock that moves only when told to.</summary>
public sealed class UnansweredTransferTests
{
    private static readonly TimeSpan RingTime = TimeSpan.FromSeconds(60);

    private static Provisioning Provisioning => new()
    {
        Extensions =
        [
            new Extension { Number = "101", Secret = "pw101", Account = "demo" }, new Extension { Number = "102", Secret = "pw102", Account = "demo" },
            new Extension { Number = "103", Secret = "pw103", Account = "demo" },
        ],
    };

    [Fact]
    public async Task The_target_is_cancelled_the_referrer_told_and_the_parties_are_together_again()
    {
        await using var scene = await Scene.ReferredAsync();

        await scene.RingOutAsync();
        await scene.Target.ExpectCancelAsync();
        var told = await scene.OutcomeAsync();
        var failed = (CallTransferFailed)await scene.Loopback.Ports.EventAsync(e => e is CallTransferFailed);
        await scene.HearEachOtherAsync();
        await scene.Referrer.HangUpAsync();
        await scene.Party.ExpectByeAsync();

        Assert.Equal("SIP/2.0 480 Temporarily Unavailable", told);
        Assert.Equal(HangupCause.NoAnswer, failed.Cause);
        Assert.IsType<CallState.Talking>(failed.Call.State);
        var ended = await scene.Loopback.EndedAsync();
        Assert.Equal(["caller", "caller", "timer"], ended.Legs.Select(l => l.Record!.By.Word));
        Assert.Equal(HangupCause.NoAnswer, ended.Legs[2].Record!.Cause);
        await scene.Loopback.QuietAsync();
    }

    [Fact]
    public async Task Where_the_referrer_has_left_meanwhile_the_party_is_hung_up_with_the_cause()
    {
        await using var scene = await Scene.ReferredAsync();

        await scene.Referrer.HangUpAsync();
        await scene.RingOutAsync();
        await scene.Target.ExpectCancelAsync();
        var bye = await scene.Party.ExpectByeAsync();

        Assert.Equal(19, bye.Q850);
        var ended = await scene.Loopback.EndedAsync();
        Assert.Equal(["caller", "timer", "timer"], ended.Legs.Select(l => l.Record!.By.Word));
        await scene.Loopback.QuietAsync();
    }

    [Fact]
    public async Task A_party_that_gives_up_waiting_ends_the_call_and_the_target_stops_ringing()
    {
        await using var scene = await Scene.ReferredAsync();

        await scene.Party.HangUpAsync();
        await scene.Target.ExpectCancelAsync();
        await scene.Referrer.ExpectByeAsync();

        await scene.Loopback.EndedAsync();
        await scene.Loopback.QuietAsync();
    }

    /// <summary>101 calls 102 and refers it to 103, which rings; the REFER is accepted and told as being tried.</summary>
    private sealed class Scene : IAsyncDisposable
    {
        private RtpProbe _near = null!;
        private RtpProbe _far = null!;

        public required Loopback Loopback { get; init; }
        public ScriptedCall Referrer { get; private set; } = null!;
        public ScriptedCall Party { get; private set; } = null!;
        public ScriptedCall Target { get; private set; } = null!;

        public static async Task<Scene> ReferredAsync()
        {
            var scene = new Scene { Loopback = Loopback.StartAt(new ManualTime(), Provisioning, static o => o with { RtpSilenceHangup = TimeSpan.Zero }) };
            await scene.ReferAsync();
            return scene;
        }

        /// <summary>The ring time passes, and no more than it: up to its last second the target rings.</summary>
        public async Task RingOutAsync()
        {
            await Loopback.AdvanceAsync(RingTime - TimeSpan.FromSeconds(1));
            Assert.Equal(0, Target.Phone.CountReceived(m => m.Is("CANCEL")));
            await Loopback.AdvanceAsync(TimeSpan.FromSeconds(1));
        }

        /// <summary>What the referrer is told at last.</summary>
        public async Task<string> OutcomeAsync()
        {
            var notify = await Referrer.ExpectRequestAsync("NOTIFY");
            await Referrer.Phone.RespondAsync(notify, 200);
            Assert.StartsWith("terminated", notify.Header("Subscription-State"), StringComparison.Ordinal);
            return notify.Body.Trim();
        }

        public async Task HearEachOtherAsync()
        {
            (_near.Remote, _far.Remote) = (Sdp.AudioEndpoint(Referrer.RemoteSdp), Sdp.AudioEndpoint(Party.RemoteSdp));
            await Task.WhenAll(_near.SendToneAsync(440, TimeSpan.FromMilliseconds(600)), _far.SendToneAsync(1000, TimeSpan.FromMilliseconds(600)));
            await _far.HearToneAsync(440);
            await _near.HearToneAsync(1000);
        }

        public ValueTask DisposeAsync() => Loopback.DisposeAsync();

        private async Task ReferAsync()
        {
            var (first, second, third) = (Loopback.Phone("101", "pw101"), Loopback.Phone("102", "pw102"), Loopback.Phone("103", "pw103"));
            (_near, _far) = (Loopback.Audio(), Loopback.Audio());
            await second.RegisterAsync();
            await third.RegisterAsync();
            Referrer = await first.DialAsync("102", _near.Local);
            Party = await second.IncomingAsync();
            await Party.AnswerAsync(Sdp.Audio(_far.Local, "0 101"));
            await Referrer.ConnectAsync();
            await Loopback.Ports.EventAsync(e => e is CallAnswered);
            await first.SendAsync(Referrer.InDialog("REFER").Add("Refer-To", "<sip:103@switchhook.local>").Add("Contact", $"<{first.Contact}>"));
            await first.ReceiveAsync(m => m.Status == 202, "202 to the REFER");
            var trying = await Referrer.ExpectRequestAsync("NOTIFY");
            await first.RespondAsync(trying, 200);
            Assert.Equal("SIP/2.0 100 Trying", trying.Body.Trim());
            Target = await third.IncomingAsync();
            await Target.RingAsync();
            await Eventually.TrueAsync(() => Loopback.Exchange.Live() is [{ Legs: [_, _, { State: LegState.Ringing }] }], "the target rings");
        }
    }
}
