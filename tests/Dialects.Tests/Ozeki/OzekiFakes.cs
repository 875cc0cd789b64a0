using System.Text;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;

namespace Switchhook.Dialects.Tests.Ozeki;

/// <summary>An exchange that remembers what it was asked and answers as told.</summary>
internal sealed class FakeExchange : ICallControl
{
    public List<Call> Calls { get; } = [];
    public List<CallCommand> Asked { get; } = [];
    public CallReply Reply { get; set; } = new(CallRefusal.None, null);

    /// <summary>What each command is answered with, where that is not always the same.</summary>
    public Func<CallCommand, CallReply>? Answers { get; set; }

    public ValueTask<CallReply> AskAsync(CallCommand command, CancellationToken cancellation)
    {
        Asked.Add(command);
        return ValueTask.FromResult(Answers?.Invoke(command) ?? Reply);
    }

    public Call? Find(CallId id) => Calls.Find(c => c.Id == id);

    public IReadOnlyList<Call> Live() => Calls;
}

/// <summary>Ended calls in a list; filters and pages as the port says.</summary>
internal sealed class FakeHistory : ICallHistory
{
    public List<Call> Calls { get; } = [];
    public List<CallQuery> Queries { get; } = [];
    public bool Down { get; set; }

    public ValueTask<Call?> FindAsync(CallId id, CancellationToken cancellation) => ValueTask.FromResult(Calls.Find(c => c.Id == id));

    public ValueTask<CallPage> QueryAsync(CallQuery query, CancellationToken cancellation)
    {
        if (Down)
            throw new StorageUnavailableException();
        Queries.Add(query);
        var found = Calls
            .Where(c => query.Account is null || c.IsVisibleTo(query.Account))
            .Where(c => query.After is null || c.Id > query.After)
            .Where(c => query.Since is null || c.StartedAt >= query.Since)
            .Where(c => query.Cause is null || c.Cause == query.Cause)
            .Where(c => query.CallerNumber is null || c.Caller.Number == query.CallerNumber)
            .Where(c => query.Dialed is null || c.Dialed == query.Dialed)
            .Where(c => query.Call is null || c.Id == query.Call)
            .OrderBy(c => query.NewestFirst ? -c.Id.Value : c.Id.Value)
            .ToList();
        return ValueTask.FromResult(new CallPage(found.Skip(query.Page * query.PageSize).Take(query.PageSize).ToList(), found.Count));
    }

    public CallId LastId() => default;
}

internal sealed class FakeDirectory(Provisioning provisioning) : IDirectory
{
    public CallDirectory Current { get; } = new(provisioning);
}

internal sealed class FakeRegistrations(params string[] registered) : IRegistrations
{
    public bool IsRegistered(string extension) => registered.Contains(extension);

    public IReadOnlyList<StoredBinding> Of(string extension) => [];
}

/// <summary>A customer's server: every request is kept, every reply is what was set.</summary>
internal sealed class FakeHttp : IHttpCaller
{
    public List<HttpCall> Sent { get; } = [];
    public HttpReply Reply { get; set; } = Ok("<Response/>");

    public string Form => Encoding.ASCII.GetString(Assert.Single(Sent).Body.Span);

    public ValueTask<HttpReply> SendAsync(HttpCall call, CancellationToken cancellation)
    {
        Sent.Add(call);
        return ValueTask.FromResult(Reply);
    }

    public static HttpReply Ok(string body) => new(200, Encoding.UTF8.GetBytes(body), HttpFailure.None, null);
}
