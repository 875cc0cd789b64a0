using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Hoiio.Notifications;
using Switchhook.Dialects.Hoiio.Wire;

namespace Switchhook.Dialects.Hoiio.Sessions;

/// <summary>Carries blocks out on their calls: each begins with its message, and what it is for follows when that is over.</summary>
internal sealed class HoiioRunner(ICallControl calls, HoiioOptions options)
{
    /// <summary>How long the target of a transfer rings.</summary>
    private static readonly TimeSpan TransferRingTime = TimeSpan.FromSeconds(60);

    /// <summary>Marks the end of a block that has no audio of its own to end.</summary>
    public static string OverMark(HoiioBlock block) => block.Mark + ".over";

    /// <summary>Marks a transfer that could not even begin.</summary>
    public static string FailedMark(HoiioBlock block) => block.Mark + ".failed";

    /// <summary>True for a hangup with nothing to say before it. A call that is refused hears nothing before.</summary>
    public static bool IsAtOnce(Call call, HoiioBlock block) => block.Kind == HoiioBlockKind.Hangup && (block.Msg is null || call.AnsweredAt is null);

    /// <summary>Begins a block that was taken and noted.</summary>
    public async ValueTask StartAsync(Call call, HoiioBlock block, string account, CancellationToken cancellation)
    {
        if (call.Plan is CallPlan.Offered && call.AnsweredAt is null && block.Kind != HoiioBlockKind.Hangup)
            await calls.AskAsync(new CallCommand.Answer(call.Id), cancellation);
        var message = MessageOf(block);
        switch (block.Kind)
        {
            case HoiioBlockKind.Play when message is null:
                await OverAsync(call.Id, OverMark(block), cancellation);
                break;
            case HoiioBlockKind.Play:
                await SayAsync(call.Id, block, cancellation);
                break;
            case HoiioBlockKind.Gather:
                await OrderAsync(call.Id, new AudioOrder.Gather(null, TermsOf(block, message)), OverMark(block), cancellation);
                break;
            case HoiioBlockKind.Record:
                var beep = new AudioSource.Builtin(BuiltinSound.Beep);
                await OrderAsync(call.Id, new AudioOrder.Play(null, message is null ? beep : new AudioSource.Sequence([message, beep]), Tag: block.Mark), OverMark(block), cancellation);
                break;
            case HoiioBlockKind.Hold:
                var music = message ?? new AudioSource.Builtin(BuiltinSound.WaitingMusic);
                await calls.AskAsync(new CallCommand.Sound(call.Id, new AudioOrder.Play(null, music, Loop: true, Tag: block.Mark)), cancellation);
                // Held for every other dialect too; what is played already stays what is heard.
                await calls.AskAsync(new CallCommand.Hold(call.Id), cancellation);
                break;
            case HoiioBlockKind.Unhold:
                // Another dialect may have brought the call back already.
                await calls.AskAsync(new CallCommand.Unhold(call.Id), cancellation);
                await OrderAsync(call.Id, new AudioOrder.StopPlaying(null), OverMark(block), cancellation);
                break;
            case HoiioBlockKind.Hangup when message is not null && !IsAtOnce(call, block):
            case HoiioBlockKind.Monitor or HoiioBlockKind.Transfer when message is not null:
                await SayAsync(call.Id, block, cancellation);
                break;
            default:
                await GoOnAsync(call.Id, block, account, cancellation);
                break;
        }
    }

    /// <summary>Hangs up in the name of the account; the reply says whether this was the hangup.</summary>
    public ValueTask<CallReply> HangUpAsync(CallId call, string account, CancellationToken cancellation) =>
        calls.AskAsync(new CallCommand.HangUp(call, new HangupBy.Api(HoiioWords.Dialect, account)), cancellation);

    /// <summary>Carries an order of a session out.</summary>
    public ValueTask CarryAsync(HoiioOrder order, CancellationToken cancellation) => order switch
    {
        HoiioOrder.Say say => SayAsync(say.Call, say.Block, cancellation),
        HoiioOrder.GoOn go => GoOnAsync(go.Call, go.Block, go.Account, cancellation),
        HoiioOrder.Seat seat => AskAsync(new CallCommand.Sound(seat.Call, new AudioOrder.JoinConference(new RoomName(seat.Account, seat.Room), new SeatTerms())), cancellation),
        HoiioOrder.StopMusic stop => AskAsync(new CallCommand.Sound(stop.Call, new AudioOrder.StopPlaying(null)), cancellation),
        HoiioOrder.HangUp hang => AskAsync(new CallCommand.HangUp(hang.Call, hang.By), cancellation),
        _ => throw new InvalidOperationException($"no such order: {order}"),
    };

    /// <summary>What the block is for, once its message is over.</summary>
    private async ValueTask GoOnAsync(CallId call, HoiioBlock block, string account, CancellationToken cancellation)
    {
        switch (block.Kind)
        {
            case HoiioBlockKind.Record:
                var recording = new RecordingTerms
                {
                    Sides = RecordedSides.Party,
                    Format = RecordingFormat.Mp3,
                    MostLength = TimeSpan.FromSeconds(block.MaxDuration),
                    EndKeys = "#",
                    Tag = block.Mark,
                };
                await OrderAsync(call, new AudioOrder.Record(null, recording), OverMark(block), cancellation);
                break;
            case HoiioBlockKind.Monitor:
                var whole = new RecordingTerms { Format = RecordingFormat.Mp3, Beside = true, Tag = HoiioNotifications.MonitorMark };
                await OrderAsync(call, new AudioOrder.Record(null, whole), OverMark(block), cancellation);
                break;
            case HoiioBlockKind.Transfer when block.Room is { } room:
                await OrderAsync(call, new AudioOrder.JoinConference(new RoomName(account, room), new SeatTerms()), FailedMark(block), cancellation);
                break;
            case HoiioBlockKind.Transfer:
                var shown = block.CallerId is { } number ? new Party(number, IsWithheld: block.IsPrivate) : null;
                if (await calls.AskAsync(new CallCommand.Dial(call, block.Dest!, TransferRingTime, shown), cancellation) is { Done: false })
                    await OverAsync(call, FailedMark(block), cancellation);
                break;
            case HoiioBlockKind.Hangup:
                await HangUpAsync(call, account, cancellation);
                break;
            default:
                await OverAsync(call, OverMark(block), cancellation);
                break;
        }
    }

    private ValueTask SayAsync(CallId call, HoiioBlock block, CancellationToken cancellation) => MessageOf(block) is { } message
        ? OrderAsync(call, new AudioOrder.Play(null, message, Tag: block.Mark), OverMark(block), cancellation)
        : OverAsync(call, OverMark(block), cancellation);

    /// <summary>An order that is refused is as good as done, so that the session does not wait for an end that never comes.</summary>
    private async ValueTask OrderAsync(CallId call, AudioOrder order, string otherwise, CancellationToken cancellation)
    {
        if (await calls.AskAsync(new CallCommand.Sound(call, order), cancellation) is { Done: false })
            await OverAsync(call, otherwise, cancellation);
    }

    /// <summary>What ends a block comes in the order of everything else that happens to the call: a moment's silence does, played to one party.</summary>
    private ValueTask OverAsync(CallId call, string mark, CancellationToken cancellation) => calls.Find(call) is { } live
        ? AskAsync(new CallCommand.Sound(call, new AudioOrder.Play(live.Near, new AudioSource.Builtin(BuiltinSound.Silence), Tag: mark)), cancellation)
        : ValueTask.CompletedTask;

    private async ValueTask AskAsync(CallCommand command, CancellationToken cancellation) => await calls.AskAsync(command, cancellation);

    private AudioSource? MessageOf(HoiioBlock block) => HoiioMessage.Read(block.Msg, options, out var source) is null ? source : null;

    private static GatherTerms TermsOf(HoiioBlock block, AudioSource? prompt) => new()
    {
        MaxDigits = block.MaxDigits == 0 ? GatherTerms.MostDigits : block.MaxDigits,
        FirstTimeout = TimeSpan.FromSeconds(block.Timeout),
        DigitTimeout = null,
        EndKeys = "#",
        Prompt = prompt,
        Attempts = block.Attempts,
        Tag = block.Mark,
    };
}
