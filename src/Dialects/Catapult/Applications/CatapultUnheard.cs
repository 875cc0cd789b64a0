using System.Threading.Channels;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;

namespace Switchhook.Dialects.Catapult.Applications;

/// <summary>
/// Sends offered calls elsewhere that their application never heard of: its address and the fallback both failed, so that nobody would ever answer.
/// They go to the fallback of the number, and are refused where it has none or it leads nowhere. A call that was answered all the same stands. When
/// more wait than are held, a call rings to the end of its time.
/// </summary>
/// <param name="directory">The numbers.</param>
public sealed class CatapultUnheard(IDirectory directory) : INotificationFailures, IAsyncDisposable
{
    /// <summary>What the record of such a call names as the one who ended it.</summary>
    public const string Rule = "the application was not reached";

    private const int MostWaiting = 10_000;

    private readonly Channel<CallId> _unheard = Channel.CreateBounded<CallId>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private ICallControl? _calls;
    private Task _work = Task.CompletedTask;

    /// <inheritdoc/>
    public string Dialect => CatapultWords.Dialect;

    /// <summary>Begins to send them away.</summary>
    public void Start(ICallControl calls)
    {
        _calls = calls;
        _work = Task.Run(() => WorkAsync(calls, _stop.Token));
    }

    /// <inheritdoc/>
    // The one event of a call that is still offered is the one that offers it.
    public void GivenUp(Notification told)
    {
        if (_calls?.Find(told.Call) is { Plan: CallPlan.Offered { Dialect: CatapultWords.Dialect }, AnsweredAt: null, HasEnded: false })
            _unheard.Writer.TryWrite(told.Call);
    }

    public async ValueTask DisposeAsync()
    {
        _calls = null;
        await _stop.CancelAsync();
        await _work;
        _stop.Dispose();
    }

    private async Task WorkAsync(ICallControl calls, CancellationToken stop)
    {
        try
        {
            await foreach (var call in _unheard.Reader.ReadAllAsync(stop))
            {
                if (!await IsElsewhereAsync(calls, call, stop))
                    await calls.AskAsync(new CallCommand.HangUp(call, new HangupBy.Policy(Rule), CatapultIncoming.NobodyThere) { UnlessAnswered = true }, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops, which ends the calls.
        }
    }

    private async ValueTask<bool> IsElsewhereAsync(ICallControl calls, CallId call, CancellationToken stop) =>
        calls.Find(call) is { } found && directory.Current.Number(found.Dialed)?.FallbackNumber is { } number
        && (await calls.AskAsync(new CallCommand.Forward(call, number) { Unheard = true }, stop)).Done;
}
