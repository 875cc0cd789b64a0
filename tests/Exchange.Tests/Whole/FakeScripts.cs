using System.Collections.Concurrent;
using Switchhook.Calls.Commands;
using Switchhook.Ivr;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>Scripts by address, made of verbs; an address without one is not found, and whoever asked is kept.</summary>
internal sealed class FakeScripts : IScriptSource
{
    private readonly ConcurrentDictionary<string, Func<CancellationToken, Task<ScriptFetch>>> _scripts = new(StringComparer.Ordinal);

    public string Dialect => "ozeki";

    public ConcurrentQueue<ScriptRequest> Asked { get; } = new();

    public FakeScripts With(string url, params Verb[] verbs) => With(url, _ => Task.FromResult<ScriptFetch>(new ScriptFetch.Loaded(new Script([.. verbs], url))));

    public FakeScripts With(string url, Func<CancellationToken, Task<ScriptFetch>> fetch)
    {
        _scripts[url] = fetch;
        return this;
    }

    public async ValueTask<ScriptFetch> FetchAsync(ScriptRequest request, CancellationToken cancellation)
    {
        Asked.Enqueue(request);
        return _scripts.TryGetValue(request.Script.Url ?? "", out var fetch) ? await fetch(cancellation) : new ScriptFetch.Failed(404, "no such script");
    }
}
