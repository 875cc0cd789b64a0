using Switchhook.Server.Tests.Sip;
using Switchhook.TestKit.Http;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;

namespace Switchhook.Server.Tests.Soak;

/// <summary>Who ends a call of the soak.</summary>
public enum SoakEnd
{
    CallerBye,
    CalleeBye,
    CallerCancel,
    CalleeRefuses,
    NativeHangup,
    OzekiHangup,
    ScriptHangup,
    OriginatedScriptHangup,
    ServiceHangup,
    RingTimeout,
    ByeCrossesHangup,
    CancelCrossesAnswer,
}

/// <summary>Two phones of one worker that make one call after the other, each ended as the dice say.</summary>
internal sealed class SoakParty(TestServer server, WebhookInbox app, ScriptedPhone caller, ScriptedPhone callee, Random random) : IAsyncDisposable
{
    public const string ScriptExtension = "900";
    public const string HangupService = "801";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Lets both phones answer every BYE and CANCEL, so that whatever crosses is answered.</summary>
    public void BePolite()
    {
        foreach (var phone in new[] { caller, callee })
        {
            phone.AlwaysAnswer("BYE", 200);
            phone.AlwaysAnswer("CANCEL", 200);
        }
    }

    /// <summary>One call from its beginning to its end.</summary>
    public async Task RunAsync(SoakEnd end)
    {
        caller.Forget();
        callee.Forget();
        await EndAsync(end);
    }

    private Task EndAsync(SoakEnd end) => end switch
    {
        SoakEnd.CallerBye => ByeAsync(byCaller: true),
        SoakEnd.CalleeBye => ByeAsync(byCaller: false),
        SoakEnd.CallerCancel => CancelAsync(),
        SoakEnd.CalleeRefuses => RefuseAsync(),
        SoakEnd.NativeHangup => HangupAsync(async id => Assert.Equal(200, (await server.Native.HangUpAsync(id)).Status)),
        SoakEnd.OzekiHangup => HangupAsync(async id => Assert.Equal(200, (await server.Ozeki.HangUpAsync(id)).Code)),
        SoakEnd.ScriptHangup => AnsweredThenHungUpAsync(ScriptExtension),
        SoakEnd.OriginatedScriptHangup => OriginatedScriptAsync(),
        SoakEnd.ServiceHangup => AnsweredThenHungUpAsync(HangupService),
        SoakEnd.RingTimeout => RingTimeoutAsync(),
        SoakEnd.ByeCrossesHangup => ByeCrossesHangupAsync(),
        SoakEnd.CancelCrossesAnswer => CancelCrossesAnswerAsync(),
        _ => throw new ArgumentOutOfRangeException(nameof(end)),
    };

    public async ValueTask DisposeAsync()
    {
        await caller.DisposeAsync();
        await callee.DisposeAsync();
    }

    private async Task<(ScriptedCall Placed, ScriptedCall Offered)> DialAsync()
    {
        var placed = await caller.DialAsync(callee.User);
        return (placed, await callee.IncomingAsync(Patience));
    }

    private async Task<(ScriptedCall Placed, ScriptedCall Offered)> TalkAsync()
    {
        var (placed, offered) = await DialAsync();
        if (random.Next(2) == 0)
            await offered.RingAsync();
        var connected = placed.ConnectAsync(Patience);
        await AnswerAsync(offered);
        await connected;
        return (placed, offered);
    }

    private static async Task AnswerAsync(ScriptedCall offered)
    {
        await offered.RespondAsync(200, ScriptedPhone.SilentSdp());
        await offered.ExpectRequestAsync("ACK", Patience);
    }

    private async Task ByeAsync(bool byCaller)
    {
        var (placed, offered) = await TalkAsync();
        var (first, other) = byCaller ? (placed, offered) : (offered, placed);
        await first.SendByeAsync();
        await other.ExpectRequestAsync("BYE", Patience);
        Assert.Equal(200, (await first.ExpectByeAnswerAsync(Patience)).Status);
    }

    private async Task CancelAsync()
    {
        var (placed, offered) = await DialAsync();
        await offered.RingAsync();
        await placed.ExpectAsync(180, Patience);
        await placed.CancelAsync();
        await offered.ExpectRequestAsync("CANCEL", Patience);
        await offered.RespondAsync(487);
        await placed.ExpectRefusalAsync(487, Patience);
        await offered.ExpectRequestAsync("ACK", Patience);
    }

    private async Task RefuseAsync()
    {
        var (placed, offered) = await DialAsync();
        if (random.Next(2) == 0)
            await offered.RingAsync();
        await offered.RespondAsync(random.Next(2) == 0 ? 486 : 603);
        await placed.AcknowledgeAsync(await placed.ExpectFinalAsync(Patience));
        await offered.ExpectRequestAsync("ACK", Patience);
    }

    private async Task HangupAsync(Func<string, Task> hangUp)
    {
        var stage = random.Next(4);
        var (placed, offered) = stage == 3 ? await TalkAsync() : await DialAsync();
        if (stage == 1)
        {
            await offered.RingAsync();
            await placed.ExpectAsync(180, Patience);
        }
        var id = (await server.Native.LiveBySipAsync(placed.CallId)).Id;
        var asked = hangUp(id);
        switch (stage)
        {
            // Before anything came from the callee: the CANCEL waits, or the 2xx is hung up.
            case 0:
                await asked;
                await (random.Next(2) == 0 ? RingThenEndAsync(offered) : AnswerThenEndAsync(offered));
                break;
            case 1:
                await offered.ExpectRequestAsync("CANCEL", Patience);
                await offered.RespondAsync(487);
                await offered.ExpectRequestAsync("ACK", Patience);
                break;
            // The answer crosses the hangup.
            case 2:
                await AnswerThenEndAsync(offered);
                break;
            default:
                await offered.ExpectRequestAsync("BYE", Patience);
                await placed.ExpectRequestAsync("BYE", Patience);
                await asked;
                return;
        }
        await EndCallerAsync(placed);
        await asked;
    }

    private static async Task RingThenEndAsync(ScriptedCall offered)
    {
        await offered.RingAsync();
        await offered.ExpectRequestAsync("CANCEL", Patience);
        await offered.RespondAsync(487);
        await offered.ExpectRequestAsync("ACK", Patience);
    }

    private static async Task AnswerThenEndAsync(ScriptedCall offered)
    {
        await AnswerAsync(offered);
        await offered.ExpectRequestAsync("BYE", Patience);
    }

    private static async Task EndCallerAsync(ScriptedCall placed)
    {
        var final = await placed.ExpectFinalAsync(Patience);
        await placed.AcknowledgeAsync(final);
        if (final.Status == 200)
            await placed.ExpectRequestAsync("BYE", Patience);
    }

    private async Task AnsweredThenHungUpAsync(string number)
    {
        var placed = await caller.DialAsync(number);
        await placed.ConnectAsync(Patience);
        await placed.ExpectRequestAsync("BYE", Patience);
    }

    private async Task OriginatedScriptAsync()
    {
        var asked = await server.Ozeki.AskAsync(
            "Call", ("Dialed", callee.User), ("ApiExtension", ScriptExtension), ("ResponseOzML", "<Response><Hangup/></Response>"),
            ("FinishedUrl", $"{app.Url}/finished"), ("ErrorUrl", $"{app.Url}/error"));
        Assert.Equal(200, asked.Code);
        var offered = await callee.IncomingAsync(Patience);
        if (random.Next(4) == 0)
        {
            await offered.RespondAsync(486);
            await offered.ExpectRequestAsync("ACK", Patience);
            return;
        }
        await AnswerThenEndAsync(offered);
    }

    private async Task RingTimeoutAsync()
    {
        var placed = await server.Native.PlaceAsync(new() { ["to"] = callee.User, ["ringTimeSeconds"] = 1 });
        Assert.Equal(201, placed.Status);
        var offered = await callee.IncomingAsync(Patience);
        await RingThenEndAsync(offered);
    }

    private async Task ByeCrossesHangupAsync()
    {
        var (placed, offered) = await TalkAsync();
        var id = (await server.Native.LiveBySipAsync(placed.CallId)).Id;
        var asked = server.Native.HangUpAsync(id);
        await placed.SendByeAsync();
        Assert.True((await placed.ExpectByeAnswerAsync(Patience)).Status is 200 or 481);
        await offered.ExpectRequestAsync("BYE", Patience);
        Assert.Equal(200, (await asked).Status);
    }

    private async Task CancelCrossesAnswerAsync()
    {
        var (placed, offered) = await DialAsync();
        await offered.RingAsync();
        await placed.ExpectAsync(180, Patience);
        var answered = offered.RespondAsync(200, ScriptedPhone.SilentSdp());
        await placed.CancelAsync();
        await answered;
        var final = await placed.ExpectFinalAsync(Patience);
        await placed.AcknowledgeAsync(final);
        await offered.ExpectRequestAsync("ACK", Patience);
        if (final.Status == 200)
            await placed.SendByeAsync();
        await offered.ExpectRequestAsync("BYE", Patience);
    }
}
