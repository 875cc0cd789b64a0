using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Sip;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>Three phones of ours with ears: 101 calls 102, and 102 consults 103.</summary>
internal sealed class Trio : IAsyncDisposable
{
    private Trio(Loopback loopback) =>
        (Loopback, A, B, C) = (loopback, Open(loopback, "101"), Open(loopback, "102"), Open(loopback, "103"));

    public Loopback Loopback { get; }
    public Ear A { get; }
    public Ear B { get; }
    public Ear C { get; }

    /// <summary>The call of 101 and 102, as 101 and as 102 see it.</summary>
    public ScriptedCall FirstA { get; private set; } = null!;
    public ScriptedCall FirstB { get; private set; } = null!;

    /// <summary>The call of 102 and 103, as 102 and as 103 see it.</summary>
    public ScriptedCall SecondB { get; private set; } = null!;
    public ScriptedCall SecondC { get; private set; } = null!;

    public CallId First { get; private set; }
    public CallId Second { get; private set; }

    /// <summary>The phones registered, nobody calling yet.</summary>
    public static async Task<Trio> StartAsync()
    {
        var trio = new Trio(Loopback.Start(new Provisioning
        {
            Extensions =
            [
                new Extension { Number = "101", Secret = "pw101", Account = "demo" }, new Extension { Number = "102", Secret = "pw102", Account = "demo" },
                new Extension { Number = "103", Secret = "pw103", Account = "demo" }, new Extension { Number = "104", Secret = "pw104", Account = "demo" },
                new Extension { Number = "201", Secret = "pw201", Account = "other" },
            ],
        }));
        foreach (var ear in (Ear[])[trio.A, trio.B, trio.C])
            Assert.Equal(200, (await ear.Phone.RegisterAsync()).Status);
        return trio;
    }

    /// <summary>Both calls talk.</summary>
    /// <param name="payloads">What 103 answers with.</param>
    public static async Task<Trio> TalkingAsync(string payloads = "0 101")
    {
        var trio = await RingingAsync();
        await trio.SecondC.AnswerAsync(Sdp.Audio(trio.C.Rtp.Local, payloads));
        await trio.SecondB.ConnectAsync();
        trio.C.Rtp.Remote = Sdp.AudioEndpoint(trio.SecondC.RemoteSdp);
        await trio.AnsweredAsync(trio.Second);
        return trio;
    }

    /// <summary>The first call talks, 103 rings.</summary>
    public static async Task<Trio> RingingAsync()
    {
        var trio = await StartAsync();
        (trio.FirstA, trio.FirstB) = await trio.TalkAsync(trio.A, trio.B);
        trio.First = trio.CallOf(trio.FirstB);
        trio.SecondB = await trio.B.Phone.DialAsync("103", trio.B.Rtp.Local);
        trio.SecondC = await trio.C.Phone.IncomingAsync();
        await trio.SecondC.RingAsync();
        await trio.SecondB.ExpectAsync(180);
        trio.Second = trio.CallOf(trio.SecondC);
        return trio;
    }

    /// <summary>102 asks to join its two calls; the REFER is accepted when this returns, and told as being tried.</summary>
    public async Task<WireMessage> ReferAsync(int status = 202)
    {
        await B.Phone.SendAsync(Refer(SecondB));
        return await B.Phone.ReceiveAsync(m => m.Status == status && m.SequenceMethod == "REFER", $"{status} to the REFER");
    }

    /// <summary>A REFER in the first call that names a dialog of the phone's.</summary>
    public SipDraft Refer(ScriptedCall replaced) => FirstB.InDialog("REFER")
        .Add("Refer-To", $"<sip:103@switchhook.local?Replaces={Uri.EscapeDataString(Replaces(replaced))}>").Add("Contact", $"<{B.Phone.Contact}>");

    /// <summary>The dialog as a Replaces value, as the server is to read it.</summary>
    public static string Replaces(ScriptedCall call) => $"{call.CallId};to-tag={call.RemoteTag};from-tag={WireMessage.Parameter(call.Local, "tag")}";

    /// <summary>102 is told of its transfer; NOTIFYs are answered until the last.</summary>
    public async Task<string> OutcomeAsync()
    {
        while (true)
        {
            var notify = await B.Phone.ReceiveAsync("NOTIFY");
            await B.Phone.RespondAsync(notify, 200);
            if (notify.Header("Subscription-State").StartsWith("terminated", StringComparison.Ordinal))
                return notify.Body.Trim();
        }
    }

    /// <summary>Both hear each other, and only each other.</summary>
    public static async Task HearAsync(Ear one, Ear other)
    {
        one.Rtp.Forget();
        other.Rtp.Forget();
        using var heard = new CancellationTokenSource();
        var talk = Task.WhenAll(
            one.Rtp.SendToneAsync(440, TimeSpan.FromSeconds(20), one.PayloadType, stop: heard.Token),
            other.Rtp.SendToneAsync(1000, TimeSpan.FromSeconds(20), other.PayloadType, stop: heard.Token));
        await other.Rtp.HearToneAsync(440, TimeSpan.FromSeconds(20));
        await one.Rtp.HearToneAsync(1000, TimeSpan.FromSeconds(20));
        await heard.CancelAsync();
        await talk;
    }

    public async Task<(ScriptedCall Caller, ScriptedCall Callee)> TalkAsync(Ear caller, Ear callee)
    {
        var near = await caller.Phone.DialAsync(callee.Phone.User, caller.Rtp.Local);
        var far = await callee.Phone.IncomingAsync();
        await far.AnswerAsync(Sdp.Audio(callee.Rtp.Local, "0 101"));
        await near.ConnectAsync();
        caller.Rtp.Remote = Sdp.AudioEndpoint(near.RemoteSdp);
        callee.Rtp.Remote = Sdp.AudioEndpoint(far.RemoteSdp);
        await AnsweredAsync(CallOf(far));
        return (near, far);
    }

    /// <summary>Another phone of ours, or of somebody else's.</summary>
    public Ear Open(string number) => Open(Loopback, number);

    public Call Ended(CallId call) => Loopback.Ports.Ended.Single(c => c.Id == call);

    public Task<CallEvent> EndAsync(CallId call) => Loopback.Ports.EventAsync(e => e is CallEnded && e.Call.Id == call);

    public ValueTask DisposeAsync() => Loopback.DisposeAsync();

    public CallId CallOf(ScriptedCall call) => Loopback.Exchange.Live().Single(c => c.Legs.Any(l => l.SipCallId == call.CallId)).Id;

    private Task<CallEvent> AnsweredAsync(CallId call) => Loopback.Ports.EventAsync(e => e is CallAnswered && e.Call.Id == call);

    private static Ear Open(Loopback loopback, string number) => new(loopback.Phone(number, "pw" + number), loopback.Audio());
}

/// <summary>A phone and its audio.</summary>
internal sealed record Ear(ScriptedPhone Phone, RtpProbe Rtp)
{
    /// <summary>What it sends.</summary>
    public int PayloadType { get; set; }
}
