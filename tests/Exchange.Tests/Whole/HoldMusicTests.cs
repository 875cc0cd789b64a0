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
        trio.A.Rtp.Forget();
        var own = trio.B.Rtp.SendToneAsync(1000, TimeSpan.FromMilliseconds(600), trio.B.PayloadType);
        await trio.A.Rtp.HearToneAsync(1000, Patience);
        await own;
        var music = trio.A.Rtp.ShareOf(392);
        await ofA.HangUpAsync();
        await ofB.ExpectByeAsync();

        Assert.True(music < 0.2, $"music is heard beside it: {music}");
        await trio.Loopback.QuietAsync();
    }

    private static async Task ReofferAsync(Ear holder, ScriptedCall call, string sdp)
    {
        await call.ReinviteAsync(sdp);
        await call.ConnectAsync();
    }
}
