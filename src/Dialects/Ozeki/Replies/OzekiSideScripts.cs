using System.Collections.Concurrent;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Ozeki.Commands;
using Switchhook.Dialects.Ozeki.Messages;
using Switchhook.Dialects.Ozeki.Notifications;
using Switchhook.Dialects.Ozeki.Scripts;
using Switchhook.Dialects.Ozeki.Wire;

namespace Switchhook.Dialects.Ozeki.Replies;

/// <summary>
/// Runs the scripts that no call waits for: replies to CallChanged, RecordCompleted, CallFinished, Error, IncomingSMS and SMSDeliveryReport, and
/// the blocks of a Request for what has no audio. They live in memory: a stop ends them.
/// </summary>
public sealed class OzekiSideScripts(IHttpCaller http, IDirectory directory, IMediaFiles? files, TimeProvider time, OzekiOptions options)
    : INotificationReplies, IEventSubscriber, IAsyncDisposable
{
    private const int MostUnderWay = 1000;

    private readonly ConcurrentDictionary<Task, bool> _underWay = [];
    private readonly CancellationTokenSource _stopping = new();
    private OzekiPorts? _ports;

    /// <inheritdoc/>
    public string Dialect => OzekiAccess.Dialect;

    /// <summary>Begins to run scripts; what came before is passed over.</summary>
    public void Start(ICallControl calls, ICallHistory history, IRegistrations registrations, OzekiMessages messages, IPrompts? prompts = null)
    {
        _ports = new OzekiPorts(calls, history, directory, registrations, time, options, messages) { Prompts = prompts };
        messages.Replies = this;
    }

    /// <inheritdoc/>
    public void Take(Notification told, HttpReply reply)
    {
        if (reply.Body.IsEmpty || _ports is not { } ports || told.Account is not { } name || directory.Current.Account(name) is not { } account)
            return;
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (!OzekiForm.TryRead(told.Request.Body.Span, fields, out _) || !fields.TryGetValue("NotificationName", out var notification))
            return;
        var call = ports.Calls.Find(told.Call);
        var about = new OzekiSideCase(account, told.Call.ToString(), notification == "CallChanged" || notification == "RecordCompleted" && call?.Far > 0)
        {
            ApiExtension = call?.Origin.ApiExtension,
            Source = told.Request.Url,
            Call = call,
        };
        Begin(about, s => s.RunReplyAsync(reply.Body));
    }

    /// <summary>The reply to a notification that was posted to an application and is about no call.</summary>
    internal void Take(string account, string? apiExtension, string? sender, string url, HttpReply reply)
    {
        if (reply is { Succeeded: true, Body.IsEmpty: false } && directory.Current.Account(account) is { } owner)
            Begin(new OzekiSideCase(owner, null, IsThirdParty: false) { ApiExtension = apiExtension, Sender = sender, Source = url }, s => s.RunReplyAsync(reply.Body));
    }

    /// <inheritdoc/>
    public void On(LoggedEvent happened)
    {
        var call = happened.Event.Call;
        if (BlockOf(happened.Event) is not { } block || RequestOf(call) is not { } document || call.Origin.Account is not { } name)
            return;
        if (directory.Current.Account(name) is not { } account)
            return;
        var about = new OzekiSideCase(account, call.Id.ToString(), IsThirdParty: false) { ApiExtension = call.Origin.ApiExtension, Call = call };
        Begin(about, async s =>
        {
            if (Ozml.ReadRoot(document, out var root) is not null || root?.Is(OzekiRequest.Name) != true)
                return;
            if (block == OzmlRequest.OnSetup)
            {
                await s.RunAsync(OzmlRequest.AtSetup(root));
                return;
            }
            // A block of its own comes before the one for whatever fails.
            var wanted = root.Children.Any(c => c.Is(block)) || block is "OnRinging" or "OnCompleted" ? block : "OnError";
            await s.RunAsync(root.Inside(wanted));
        });
    }

    /// <summary>Ends what is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        _ports = null;
        if (_stopping.IsCancellationRequested)
            return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_underWay.Keys).ConfigureAwait(false);
        _stopping.Dispose();
    }

    private static string? BlockOf(CallEvent happened) => happened switch
    {
        CallStarted => OzmlRequest.OnSetup,
        CallRinging => "OnRinging",
        CallEnded ended => OzekiWords.Result(ended.Call) switch
        {
            OzekiResult.Busy => "OnBusy",
            OzekiResult.NoAnswer => "OnNoAnswer",
            OzekiResult.Completed or OzekiResult.Transferred when ended.Call.AnsweredAt is not null => "OnCompleted",
            _ => "OnError",
        },
        _ => null,
    };

    /// <summary>The script of a call that a Request placed; null for another call.</summary>
    private static string? RequestOf(Call call) =>
        call.Plan is CallPlan.Originated { Then: OnAnswer.RunScript { Script: { Dialect: OzekiAccess.Dialect, Document: { } document } } }
        && document.AsSpan().TrimStart().StartsWith("<" + OzekiRequest.Name, StringComparison.OrdinalIgnoreCase) ? document : null;

    private void Begin(OzekiSideCase about, Func<OzekiSideScript, Task> run)
    {
        if (_ports is not { } ports || _underWay.Count >= MostUnderWay)
            return;
        var script = new OzekiSideScript(ports, http, files, about, _stopping.Token);
        // On the pool: whoever told us must not wait.
        var task = Task.Run(async () =>
        {
            try
            {
                await run(script).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                // The server stops.
            }
            catch (StorageUnavailableException)
            {
                // Nothing can be looked up or placed now; a script that nobody waits for ends with that.
            }
        });
        _underWay[task] = true;
        task.ContinueWith(t => _underWay.TryRemove(t, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
