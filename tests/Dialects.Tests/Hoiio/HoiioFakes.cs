using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Tests.Ozeki;

namespace Switchhook.Dialects.Tests.Hoiio;

/// <summary>A notification as its receiver reads it.</summary>
internal sealed record Told(Notification Notification)
{
    public string Body => Encoding.ASCII.GetString(Notification.Request.Body.Span);

    public string this[string name] => QueryHelpers.ParseQuery(Body).GetValueOrDefault(name).ToString();

    /// <summary>Block and state, the two that applications branch on.</summary>
    public string Head => $"{this["ivr_block"]} {this["call_state"]}";
}

/// <summary>Prompts and customers' hosts that are as good as told.</summary>
internal sealed class FakeOutside : IPrompts, IHttpCaller
{
    public PromptFault Fault { get; set; }
    public HttpFailure Probe { get; set; }
    public List<AudioSource> Prepared { get; } = [];

    /// <summary>Held back until it is set, if there is one.</summary>
    public TaskCompletionSource? Hold { get; set; }

    public async ValueTask<PromptFault> PrepareAsync(AudioSource source, int mostOctets, CancellationToken cancellation)
    {
        Prepared.Add(source);
        if (Hold is { } hold)
            await hold.Task;
        return Fault;
    }

    public ValueTask<HttpReply> SendAsync(HttpCall call, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<HttpFailure> ProbeAsync(string url, CancellationToken cancellation) => ValueTask.FromResult(Probe);
}

/// <summary>Ended calls that may be asked for from any thread.</summary>
internal sealed class LockedHistory : ICallHistory
{
    public FakeHistory Inner { get; } = new();

    public void Add(Call call)
    {
        lock (Inner)
            Inner.Calls.Add(call);
    }

    public ValueTask<Call?> FindAsync(CallId id, CancellationToken cancellation)
    {
        lock (Inner)
            return Inner.FindAsync(id, cancellation);
    }

    public ValueTask<CallPage> QueryAsync(CallQuery query, CancellationToken cancellation)
    {
        lock (Inner)
            return Inner.QueryAsync(query, cancellation);
    }

    public CallId LastId() => default;
}
