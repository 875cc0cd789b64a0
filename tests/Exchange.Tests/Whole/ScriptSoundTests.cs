using Switchhook.Calls.Audio;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Ivr;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Sip;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>Scripts that record their party and put it into a conference.</summary>
public sealed class ScriptSoundTests : IAsyncLifetime
{
    private const string Url = "http://127.0.0.1/in";

    private readonly FakeScripts _scripts = new();
    private Loopback _loopback = null!;
    private ScriptedPhone _peer = null!;
    private RtpProbe _audio = null!;

    public ValueTask InitializeAsync()
    {
        _loopback = Loopback.Start(
            new Provisioning
            {
                Extensions = [new Extension { Number = "900", Kind = ExtensionKind.Api, Url = Url, Account = "demo" }],
                Trunks = [new Trunk { Name = "carrier", Host = "127.0.0.9", MayDial = TrunkDial.Extensions }],
            },
            null,
            _scripts);
        _peer = _loopback.Peer();
        _audio = _loopback.Audio();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _loopback.DisposeAsync();

    [Fact]
    public async Task A_recording_ends_at_its_key_and_its_address_is_told()
    {
        _scripts.With(Url, new Verb.Record("wav", null, null, "#", "http://127.0.0.1/done", null, Line: 1)).With("http://127.0.0.1/done", new Verb.HangUp(null, Line: 9));
        var call = await CallAsync();
        await _loopback.Ports.EventAsync(e => e is RecordingStarted);

        await _audio.SendDigitAsync('#');

        await call.ExpectByeAsync();
        var asked = _scripts.Asked.Last();
        Assert.Equal(ScriptOccasion.RecordCompleted, asked.Occasion);
        Assert.EndsWith("-1.wav", asked.Recording!.Url, StringComparison.Ordinal);
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_caller_who_hangs_up_while_recorded_has_left_a_recording_all_the_same()
    {
        _scripts.With(Url, new Verb.Record("wav", null, null, "#", "http://127.0.0.1/done", null, Line: 1));
        var call = await CallAsync();
        await _loopback.RecordingFileAsync();

        await call.HangUpAsync();

        var ended = (RecordingEnded)await _loopback.Ports.EventAsync(e => e is RecordingEnded);
        Assert.Equal(RecordingEnding.HungUp, ended.Outcome.Ending);
        await TestKit.Timing.Eventually.GetAsync(
            () => Task.FromResult(_scripts.Asked.Any(r => r.Occasion == ScriptOccasion.RecordCompleted && r.Recording?.Url is not null)), told => told, "the address of the recording is told");
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task A_script_puts_its_party_into_a_conference_until_the_party_hangs_up()
    {
        _scripts.With(Url, new Verb.Conference("R1", Muted: true, Line: 1));
        var call = await CallAsync();
        var joined = (ConferenceJoined)await _loopback.Ports.EventAsync(e => e is ConferenceJoined);

        await call.HangUpAsync();

        await _loopback.Ports.EventAsync(e => e is ConferenceLeft { Why: ConferenceLeaving.HungUp });
        Assert.Equal(new RoomName("demo", "R1"), joined.Room);
        await _loopback.QuietAsync();
    }

    private async Task<ScriptedCall> CallAsync()
    {
        var call = await _peer.DialAsync("900", _audio.Local);
        await call.ConnectAsync();
        _audio.Remote = Sdp.AudioEndpoint(call.RemoteSdp);
        return call;
    }
}
