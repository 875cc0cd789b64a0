using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Sip;

/// <summary>Two phones in a call through the server.</summary>
public sealed record Talk(ScriptedCall Caller, ScriptedCall Callee, string Id);

/// <summary>What tests on the shared server have in common: phones that go away with the test, and the books checked at its end.</summary>
[Collection(LabCollection.Name)]
public abstract class LabTests(Lab lab) : IAsyncLifetime
{
    private readonly List<IAsyncDisposable> _open = [];
    private Metrics _before = null!;

    protected Lab Lab => lab;
    protected TestServer Server => lab.Server;
    protected NativeApi Native => lab.Server.Native;
    protected OzekiApi Ozeki => lab.Server.Ozeki;

    public async ValueTask InitializeAsync() => _before = await Server.MetricsAsync();

    /// <summary>A new phone, registered.</summary>
    protected async Task<ScriptedPhone> PhoneAsync(Wire wire = Wire.Udp)
    {
        var phone = Server.Phone(lab.NextPhone(), wire);
        _open.Add(phone);
        Assert.Equal(200, (await phone.RegisterAsync()).Status);
        return phone;
    }

    /// <summary>A new phone that has not registered.</summary>
    protected ScriptedPhone Unregistered(Wire wire = Wire.Udp, string? algorithm = null)
    {
        var phone = Server.Phone(lab.NextPhone(), wire, algorithm);
        _open.Add(phone);
        return phone;
    }

    /// <summary>One end of an audio stream.</summary>
    protected RtpProbe Probe()
    {
        var probe = new RtpProbe();
        _open.Add(probe);
        return probe;
    }

    /// <summary>A call from one new phone to another, ringing.</summary>
    protected async Task<Talk> RingAsync(Wire wire = Wire.Udp)
    {
        var (caller, callee) = (await PhoneAsync(wire), await PhoneAsync(wire));
        var placed = await caller.DialAsync(callee.User);
        var offered = await callee.IncomingAsync();
        await offered.RingAsync();
        await placed.ExpectAsync(180);
        return new Talk(placed, offered, await IdOfAsync(placed));
    }

    /// <summary>A call from one new phone to another, answered.</summary>
    protected async Task<Talk> TalkAsync(Wire wire = Wire.Udp)
    {
        var talk = await RingAsync(wire);
        var connected = talk.Caller.ConnectAsync();
        await talk.Callee.AnswerAsync(ScriptedPhone.SilentSdp());
        await connected;
        return talk;
    }

    /// <summary>A call from a new phone to a number behind the carrier, whose side rings when asked.</summary>
    protected async Task<Talk> DialOutAsync(string number, ScriptedPhone carrier, bool rings = true)
    {
        var caller = await PhoneAsync();
        var placed = await caller.DialAsync(number);
        var offered = await carrier.IncomingAsync(m => m.RequestUri.Contains(number, StringComparison.Ordinal));
        if (rings)
        {
            await offered.RingAsync();
            await placed.ExpectAsync(180);
        }
        return new Talk(placed, offered, await IdOfAsync(placed));
    }

    /// <summary>The server's id of a live call.</summary>
    protected async Task<string> IdOfAsync(ScriptedCall call) => (await Native.LiveBySipAsync(call.CallId)).Id;

    /// <summary>
    /// The call, ended; and the books are right: it was the one call that ended in this test, one terminal event told of it, and nothing of
    /// it is live.
    /// </summary>
    protected async Task<CallView> EndedAsync(string id)
    {
        var call = await Native.ConfirmedCallAsync(id);
        await Server.QuietAsync("call", "leg", "rtp_port", "script", "recording");
        // Events are told once they are stored, which the phones do not wait for.
        var after = await Eventually.GetAsync(Server.MetricsAsync, m => Told(m) > Told(_before), "a terminal event is told");
        Assert.Equal(1, Told(after) - Told(_before));
        Assert.Equal(1, after.Sum("switchhook_calls_ended_total") - _before.Sum("switchhook_calls_ended_total"));
        return call;
    }

    /// <summary>Checks the record of one leg.</summary>
    protected static void AssertRecord(LegView leg, string by, int cause, string phase, string sent = "", string received = "", string confirmed = "")
    {
        var record = leg.Hangup ?? throw new InvalidOperationException($"leg {leg.Id} has no record");
        Assert.Equal(
            (by, cause, phase, sent, received, confirmed),
            (record.By, record.Cause, record.Phase, WithoutPhrase(record.Sent), WithoutPhrase(record.Received), record.Confirmed));
    }

    public async ValueTask DisposeAsync()
    {
        // A test that failed half-way must not leave its call to the next one.
        foreach (var call in await Native.LiveAsync())
            await Native.HangUpAsync(call.Id);
        await Eventually.GetAsync(
            Server.MetricsAsync, m => m.Live("call") == 0 && Told(m) == m.Sum("switchhook_calls_ended_total"), "every call has ended and is told");
        foreach (var open in _open)
            await open.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private static double Told(Metrics metrics) => metrics.Sum("switchhook_terminal_events_total", ("dialect", "native"));

    protected static Task WaitUntilAsync(Func<bool> condition, string what) => Eventually.TrueAsync(condition, what);

    private static string WithoutPhrase(string message) => message.Length > 3 && char.IsDigit(message[0]) ? message[..3] : message;
}
