using System.Net;
using Switchhook.Calls.Directory;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Sip;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>A trunk that makes the offer itself: 101 calls out over it.</summary>
public sealed class LateOfferTests : IAsyncLifetime
{
    private readonly ScriptedPhone _carrier =
        ScriptedPhone.Open(new PhoneSettings { User = "carrier", Server = new(IPAddress.Loopback, 9), Local = new(IPAddress.Parse("127.0.0.9"), 0) });

    private Loopback _loopback = null!;
    private ScriptedPhone _phone = null!;
    private RtpProbe _near = null!;
    private RtpProbe _far = null!;

    public ValueTask InitializeAsync()
    {
        _loopback = Loopback.Start(new Provisioning
        {
            Extensions = [new Extension { Number = "101", Secret = "pw101", Account = "demo" }],
            Trunks = [new Trunk { Name = "carrier", Host = "127.0.0.9", Port = _carrier.Local.Port, LateOffer = true }],
            OutboundRoutes = [new OutboundRoute { Name = "all", Pattern = "+X.", Trunk = "carrier" }],
        });
        _phone = _loopback.Phone("101", "pw101");
        (_near, _far) = (_loopback.Audio(), _loopback.Audio());
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _loopback.DisposeAsync();
        await _carrier.DisposeAsync();
    }

    [Fact]
    public async Task The_ack_answers_the_offer_with_the_callers_codec_and_the_two_hear_each_other()
    {
        var caller = await _phone.DialAsync("+361", _near.Local);
        var callee = await _carrier.IncomingAsync();
        var invited = callee.RemoteSdp;

        var ack = await callee.AnswerAsync(Sdp.Audio(_far.Local, "8 0 101"));
        await caller.ConnectAsync();
        (_near.Remote, _far.Remote) = (Sdp.AudioEndpoint(caller.RemoteSdp), Sdp.AudioEndpoint(ack.Body));
        using var heard = new CancellationTokenSource();
        var speaking = Task.WhenAll(
            _near.SendToneAsync(440, TimeSpan.FromSeconds(60), stop: heard.Token),
            _far.SendToneAsync(1000, TimeSpan.FromSeconds(60), stop: heard.Token));
        await _far.HearToneAsync(440);
        await _near.HearToneAsync(1000);
        await heard.CancelAsync();
        await speaking;
        await caller.HangUpAsync();
        await callee.ExpectByeAsync();

        Assert.Equal("", invited);
        Assert.Equal(["PCMU", "PCMU"], (await _loopback.EndedAsync()).Legs.Select(l => l.Record!.Media!.Codec));
        await _loopback.QuietAsync();
    }

    [Theory]
    [InlineData("m=audio 4000 RTP/AVP 18\r\n", "m=audio 0 ")]
    [InlineData("m=video 4000 RTP/AVP 99\r\n", "m=video 0 ")]
    [InlineData(null, "")]
    public async Task A_2xx_without_an_offer_of_use_is_acknowledged_and_hung_up_and_the_caller_refused(string? media, string answered)
    {
        var caller = await _phone.DialAsync("+361", _near.Local);
        var callee = await _carrier.IncomingAsync();

        var ack = await callee.AnswerAsync(media is null ? "" : $"v=0\r\no=- 1 1 IN IP4 127.0.0.9\r\ns=-\r\nc=IN IP4 127.0.0.9\r\nt=0 0\r\n{media}");
        var bye = await callee.ExpectByeAsync();
        var refusal = await caller.ExpectRefusalAsync(488);

        Assert.Contains(answered, ack.Body, StringComparison.Ordinal);
        Assert.Equal((answered.Length == 0, 88, 88), (ack.Body.Length == 0, bye.Q850, refusal.Q850));
        Assert.Equal("policy (no usable SDP offer) INCOMPATIBLE_DESTINATION", Loopback.Why(await _loopback.EndedAsync()));
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task An_unreliable_response_makes_no_offer_whatever_it_describes()
    {
        var caller = await _phone.DialAsync("+361", _near.Local);
        var callee = await _carrier.IncomingAsync();

        await callee.RingAsync(183, Sdp.Audio(_far.Local, "0 101"));
        await caller.ExpectAsync(180);
        var ack = await callee.AnswerAsync(Sdp.Audio(_far.Local, "0 101"));
        await caller.ConnectAsync();
        await caller.HangUpAsync();
        await callee.ExpectByeAsync();

        Assert.NotEqual("", ack.Body);
        await _loopback.EndedAsync();
        await _loopback.QuietAsync();
    }
}
