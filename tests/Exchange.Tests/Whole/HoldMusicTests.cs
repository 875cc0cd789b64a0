using System.Net;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>What a party hears while the phone of the other one holds it by a re-INVITE (RFC 3264 §8.4).</summary>
public sealed class HoldMusicTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_party_whose_partner_holds_it_and_sends_nothing_hears_music_until_the_partner_is_back(bool callerHolds, bool withoutAddress)
    {
        await using var trio = await Trio.StartAsync();
        var (ofA, ofB) = await trio.TalkAsync(trio.A, trio.B);
        var (holder, held, call) = callerHolds ? (trio.A, trio.B, ofA) : (trio.B, trio.A, ofB);

        await ReofferAsync(holder, call, withoutAddress ? Sdp.Audio(new IPEndPoint(IPAddress.Any, 4000), version: 2) : Sdp.Audio(holder.Rtp.Local, direction: "inactive", version: 2));
        held.Rtp.Forget();
        // The first two notes of the built-in music, each with its octave.
        await Eventually.TrueAsync(() => held.Rtp.ShareOf(392) > 0.35 && held.Rtp.ShareOf(494) > 0.35, "music", Patience);
        await ReofferAsync(holder, call, Sdp.Audio(holder.Rtp.Local, version: 3));
        await Trio.HearAsync(trio.A, trio.B);
        await ofA.HangUpAsync();
        await ofB.ExpectByeAsync();

        await trio.Loopback.QuietAsync();
    }

    [Fact]
    public async Task A_party_whose_partner_holds_it_and_goes_on_sending_hears_what_the_partner_sends()
    {
        await using var trio = await Trio.StartAsync();
        var (ofA, ofB) = await trio.TalkAsync(trio.A, trio.B);

        await ReofferAsync(trio.B, ofB, Sdp.Audio(trio.B.Rtp.Local, direction: "sendonly", version: 2));
        using var stop = new CancellationTokenSource();
        var own = trio.B.Rtp.SendToneAsync(1000, TimeSpan.FromSeconds(60), trio.B.PayloadType, stop: stop.Token);
        // However slow the machine was before the first of it came: it is the tone alone in the end.
        await HearsAloneAsync(trio.A, 1000, without: 392);
        await stop.CancelAsync();
        await own;
        await ofA.HangUpAsync();
        await ofB.ExpectByeAsync();

        await trio.Loopback.QuietAsync();
    }

    [Fact]
    public async Task A_party_whose_partner_says_that_it_sends_while_it_holds_and_sends_nothing_hears_music_until_something_comes()
    {
        await using var trio = await Trio.StartAsync();
        var (ofA, ofB) = await trio.TalkAsync(trio.A, trio.B);

        await ReofferAsync(trio.B, ofB, Sdp.Audio(trio.B.Rtp.Local, direction: "sendonly", version: 2));
        trio.A.Rtp.Forget();
        await Eventually.TrueAsync(() => trio.A.Rtp.ShareOf(392) > 0.35 && trio.A.Rtp.ShareOf(494) > 0.35, "music", Patience);
        using var stop = new CancellationTokenSource();
        var own = trio.B.Rtp.SendToneAsync(1000, TimeSpan.FromSeconds(60), trio.B.PayloadType, stop: stop.Token);
        await HearsAloneAsync(trio.A, 1000, without: 392);
        await stop.CancelAsync();
        await own;
        trio.A.Rtp.Forget();
        await Eventually.TrueAsync(() => trio.A.Rtp.ShareOf(392) > 0.35, "music again", Patience);
        await ReofferAsync(trio.B, ofB, Sdp.Audio(trio.B.Rtp.Local, version: 3));
        await Trio.HearAsync(trio.A, trio.B);
        await ofA.HangUpAsync();
        await ofB.ExpectByeAsync();

        await trio.Loopback.QuietAsync();
    }

    private static Task HearsAloneAsync(Ear ear, int toneHz, int without) => Eventually.TrueAsync(
        async () =>
        {
            ear.Rtp.Forget();
            await ear.Rtp.HearAsync(ear.Rtp.Count + 15, Patience);
            return ear.Rtp.ShareOf(toneHz) > 0.8 && ear.Rtp.ShareOf(without) < 0.1;
        },
        $"{toneHz} Hz alone", Patience);

    private static async Task ReofferAsync(Ear holder, ScriptedCall call, string sdp)
    {
        await call.ReinviteAsync(sdp);
        await call.ConnectAsync();
    }
}
