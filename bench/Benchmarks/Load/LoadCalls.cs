using System.Net;
using System.Text.Json.Nodes;
using Switchhook.Media.Codecs;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;

namespace Switchhook.Benchmarks.Load;

/// <summary>The phones of a load run: the callers' trunk at 127.0.0.2, the callee's at 127.0.0.3:5070, and the audio of both.</summary>
internal sealed class LoadCalls : IAsyncDisposable
{
    private readonly ScriptedPhone _caller;
    private readonly ScriptedPhone _callee;
    private readonly List<ScriptedCall> _calls = [];

    public LoadCalls(LoadOptions options)
    {
        _caller = Open(options, "127.0.0.2", 0);
        _callee = Open(options, "127.0.0.3", 5070);
        Api = new NativeApi(options.Api, "shk_bench");
    }

    public RtpLoop Audio { get; } = new();
    public NativeApi Api { get; }

    /// <summary>A call of one leg.</summary>
    public async Task<(ScriptedCall Call, RtpLeg Leg)> CallAsync(string number, AudioCodec codec, int toneHz)
    {
        var call = await ScriptedCall.PlaceAsync(_caller, Invite(number, codec));
        await call.ConnectAsync();
        _calls.Add(call);
        return (call, await HearAsync(call, codec, toneHz));
    }

    /// <summary>A call of two legs: the number leads to the callee's trunk.</summary>
    public async Task<(ScriptedCall Call, RtpLeg Caller, RtpLeg Callee)> JoinAsync(string number, AudioCodec caller, int callerHz, AudioCodec callee, int calleeHz)
    {
        var placed = await ScriptedCall.PlaceAsync(_caller, Invite(number, caller));
        var offered = await _callee.IncomingAsync();
        await offered.AnswerAsync(Description(callee));
        await placed.ConnectAsync();
        _calls.Add(placed);
        return (placed, await HearAsync(placed, caller, callerHz), await HearAsync(offered, callee, calleeHz));
    }

    /// <summary>A call of two legs that the account places, which is then its to record; the server's id of it.</summary>
    public async Task<(string Id, RtpLeg First, RtpLeg Second)> PlaceAsync(string number, AudioCodec codec, int firstHz, int secondHz)
    {
        var placed = await Api.PlaceAsync(new JsonObject { ["to"] = number, ["connect"] = number });
        if (placed.Status != 201) throw new InvalidOperationException($"A call cannot be placed: {placed.Status} {placed.Text}");
        var first = await _callee.IncomingAsync();
        await first.AnswerAsync(Description(codec));
        var second = await _callee.IncomingAsync();
        await second.AnswerAsync(Description(codec));
        _calls.Add(first);
        return (placed.Json.GetProperty("id").GetString()!, await HearAsync(first, codec, firstHz), await HearAsync(second, codec, secondHz));
    }

    /// <summary>Hangs up one call.</summary>
    public async Task EndAsync(ScriptedCall call, RtpLeg leg)
    {
        await Audio.RemoveAsync(leg);
        await call.HangUpAsync();
        _ = _calls.Remove(call);
    }

    /// <summary>The server's ids of the calls, by the Call-ID of a leg.</summary>
    public async Task<IReadOnlyDictionary<string, string>> IdsAsync() =>
        (await Api.LiveAsync()).SelectMany(c => c.Legs.Select(l => (l.SipCallId, c.Id))).ToDictionary(p => p.SipCallId, p => p.Id, StringComparer.Ordinal);

    /// <summary>Hangs up what is left.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var call in _calls) await call.HangUpAsync();
        Audio.Dispose();
        Api.Dispose();
        await _caller.DisposeAsync();
        await _callee.DisposeAsync();
    }

    private static ScriptedPhone Open(LoadOptions options, string address, int port)
    {
        var phone = ScriptedPhone.Open(new PhoneSettings { User = "load", Server = options.Server, Local = new IPEndPoint(IPAddress.Parse(address), port) });
        phone.AlwaysAnswer("OPTIONS", 200);
        phone.AlwaysAnswer("BYE", 200);
        return phone;
    }

    private async Task<RtpLeg> HearAsync(ScriptedCall call, AudioCodec codec, int toneHz)
    {
        var leg = new RtpLeg(Sdp.AudioEndpoint(call.RemoteSdp) ?? throw new InvalidOperationException($"No audio in {call.RemoteSdp}"), codec, toneHz);
        await Audio.AddAsync(leg);
        return leg;
    }

    private SipDraft Invite(string number, AudioCodec codec) => _caller.Request("INVITE", $"sip:{number}@switchhook.local").WithSdp(Description(codec));

    private string Description(AudioCodec codec)
    {
        var (type, rate) = (Tones.PayloadType(codec), codec == AudioCodec.Opus ? "opus/48000/2" : $"{codec.SdpName()}/8000");
        return $"v=0\r\no=load 1 1 IN IP4 {Audio.Local.Address}\r\ns=-\r\nc=IN IP4 {Audio.Local.Address}\r\nt=0 0\r\nm=audio {Audio.Local.Port} RTP/AVP {type} 101\r\n"
            + $"a=rtpmap:{type} {rate}\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n";
    }
}
