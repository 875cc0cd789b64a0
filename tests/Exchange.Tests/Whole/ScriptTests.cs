using Switchhook.Calls.Directory;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Sip;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>A call from a peer exchange to an application's extension, and the scripts it meets there.</summary>
public abstract class ScriptTests : IAsyncLifetime
{
    private protected const string Url = "http://127.0.0.1/in";

    private Loopback? _loopback;
    private RtpProbe? _audio;

    private protected FakeScripts Scripts { get; } = new();

    private protected Loopback Loopback => _loopback!;

    private protected RtpProbe Audio => _audio!;

    public ValueTask InitializeAsync()
    {
        _loopback = Loopback.Start(
            new Provisioning
            {
                Extensions = [new Extension { Number = "900", Kind = ExtensionKind.Api, Url = Url, Account = "demo" }],
                Trunks = [new Trunk { Name = "carrier", Host = "127.0.0.9", MayDial = TrunkDial.Extensions }],
            },
            null,
            Scripts);
        _audio = _loopback.Audio();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Loopback.DisposeAsync();
    }

    private protected async Task<ScriptedCall> CallAsync()
    {
        var call = await Loopback.Peer().DialAsync("900", Audio.Local);
        await call.ConnectAsync();
        Audio.Remote = Sdp.AudioEndpoint(call.RemoteSdp);
        return call;
    }
}
