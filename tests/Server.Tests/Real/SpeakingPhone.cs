using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;

namespace Switchhook.Server.Tests.Real;

/// <summary>A phone of the kit with a voice and ears: speaks its tone as long as it lives, follows every hold, and can be asked what it hears.</summary>
internal sealed class SpeakingPhone : IAsyncDisposable
{
    private const string Payloads = "0 101";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly RtpProbe _probe = new();
    private readonly CancellationTokenSource _silence = new();
    private Task _speaking = Task.CompletedTask;

    private SpeakingPhone(ScriptedPhone phone, int toneHz)
    {
        (Phone, ToneHz) = (phone, toneHz);
        Phone.AddReflex(async m =>
        {
            if (!m.Is("INVITE") || m.ToTag.Length == 0)
                return false;
            var direction = Sdp.Direction(m.Body) == "sendonly" ? "recvonly" : "sendrecv";
            await Phone.SendAsync(Phone.Response(m, 200).WithSdp(Sdp.Audio(_probe.Local, Payloads, direction, version: 2)), m.Path);
            return true;
        });
    }

    public ScriptedPhone Phone { get; }

    /// <summary>What it speaks.</summary>
    public int ToneHz { get; }

    public static async Task<SpeakingPhone> StartAsync(TestServer server, string number, int toneHz) =>
        new(await server.RegisteredPhoneAsync(number), toneHz);

    /// <summary>Calls, and has the call once it is answered.</summary>
    public async Task<ScriptedCall> CallAsync(string number, Func<Task> meanwhile)
    {
        var placed = await Phone.DialAsync(number, _probe.Local, Payloads);
        await placed.ExpectAsync(180, Patience);
        await meanwhile();
        await placed.ConnectAsync(Patience);
        Speak(placed);
        return placed;
    }

    /// <summary>Takes the call that comes.</summary>
    public async Task<ScriptedCall> AnswerAsync()
    {
        var offered = await Phone.IncomingAsync(Patience);
        await offered.RingAsync();
        await offered.AnswerAsync(Sdp.Audio(_probe.Local, Payloads));
        Speak(offered);
        return offered;
    }

    /// <summary>Waits until it hears a tone from now on.</summary>
    public Task HearAsync(int toneHz)
    {
        _probe.Forget();
        return _probe.HearToneAsync(toneHz, Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await _silence.CancelAsync();
        await _speaking;
        await Phone.DisposeAsync();
        await _probe.DisposeAsync();
        _silence.Dispose();
    }

    private void Speak(ScriptedCall call)
    {
        _probe.Remote = Sdp.AudioEndpoint(call.RemoteSdp);
        _speaking = _probe.SendToneAsync(ToneHz, TimeSpan.FromMinutes(3), stop: _silence.Token);
    }
}
