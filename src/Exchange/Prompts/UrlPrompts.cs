using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Switchhook.Calls.Ports;
using Switchhook.Media.Prompts;

namespace Switchhook.Exchange.Prompts;

/// <summary>
/// Prompts behind http addresses. One is fetched once by however many calls ask, kept as it is played, and asked for again as its server
/// says: not at all while it is fresh, else whether it has changed (RFC 9111 §4.3). While the server fails, what is kept is played.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The semaphore has no wait handle, and lives as long as the exchange.")]
internal sealed class UrlPrompts(IHttpCaller http, TimeProvider time)
{
    private const int MostOctets = 16 << 20;
    private const int MostKept = 256;
    private const long MostOctetsKept = 256L << 20;

    /// <summary>Addresses being fetched at once; more wait for their turn, a little.</summary>
    private const int MostUnderWay = 8;

    /// <summary>Prompts that were looked at and are about to be played; they are kept in memory until then, or until their moment is over.</summary>
    private const int MostPrepared = 16;
    private const long MostOctetsPrepared = 16L << 20;

    private static readonly TimeSpan PreparedTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FetchTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestFresh = TimeSpan.FromDays(1);
    private static readonly PromptLimits Limits = PromptLimits.Default with { FileOctets = MostOctets };

    private readonly ConcurrentDictionary<string, Kept> _kept = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<Task<PromptReply>>> _underWay = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (PromptReply Reply, long Until)> _prepared = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _slots = new(MostUnderWay);

    public static bool IsUrl(string name) =>
        name.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || name.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>The audio behind the address, or why it cannot be played. The fetch goes on for others when one who waits gives up.</summary>
    public ValueTask<PromptReply> LoadAsync(string url, CancellationToken cancellation) =>
        _prepared.TryRemove(url, out var prepared) && time.GetTimestamp() < prepared.Until ? ValueTask.FromResult(prepared.Reply) : FindAsync(url, cancellation);

    /// <summary>The same, looked at before it is to be played: whoever plays it in a moment does not ask its server a second time.</summary>
    public async ValueTask<PromptReply> PrepareAsync(string url, CancellationToken cancellation)
    {
        var reply = await FindAsync(url, cancellation).ConfigureAwait(false);
        if (reply.Prompt is not { Octets: <= MostOctetsPrepared })
            return reply;
        var now = time.GetTimestamp();
        foreach (var (old, prepared) in _prepared)
        {
            if (prepared.Until <= now)
                _prepared.TryRemove(old, out _);
        }
        if (_prepared.Count < MostPrepared)
            _prepared[url] = (reply, now + (long)(PreparedTime.TotalSeconds * time.TimestampFrequency));
        return reply;
    }

    private async ValueTask<PromptReply> FindAsync(string url, CancellationToken cancellation)
    {
        if (_kept.TryGetValue(url, out var kept) && time.GetTimestamp() < kept.FreshUntil)
        {
            kept.UsedAt = time.GetTimestamp();
            return kept.Reply;
        }
        var fetch = _underWay.GetOrAdd(url, address => new Lazy<Task<PromptReply>>(() => FetchAsync(address)));
        return await fetch.Value.WaitAsync(cancellation).ConfigureAwait(false);
    }

    private async Task<PromptReply> FetchAsync(string url)
    {
        try
        {
            if (!await _slots.WaitAsync(FetchTime).ConfigureAwait(false))
                return Stale(url, "too many prompts are being fetched");
            try
            {
                return await AskAsync(url).ConfigureAwait(false);
            }
            finally
            {
                _slots.Release();
            }
        }
        finally
        {
            _underWay.TryRemove(url, out _);
        }
    }

    private async Task<PromptReply> AskAsync(string url)
    {
        _kept.TryGetValue(url, out var kept);
        List<KeyValuePair<string, string>> headers = [new("Accept", "audio/*, application/ogg, */*;q=0.1")];
        if (kept?.ETag is { } tag)
            headers.Add(new("If-None-Match", tag));
        if (kept?.LastModified is { } date)
            headers.Add(new("If-Modified-Since", date));
        var reply = await http.SendAsync(
            new HttpCall { Url = url, Method = "GET", Headers = headers, Timeout = FetchTime, MaxReplyBytes = MostOctets }, CancellationToken.None).ConfigureAwait(false);
        if (kept is not null && reply.Status == 304)
            return Keep(url, kept.Prompt, kept.FileOctets, reply with { ETag = reply.ETag ?? kept.ETag, LastModified = reply.LastModified ?? kept.LastModified });
        if (!reply.Succeeded)
            return Stale(url, reply.Failure == HttpFailure.None ? $"HTTP {reply.Status}" : reply.Failure.ToString(), reply.Failure == HttpFailure.TooLarge ? PromptFault.TooLarge : PromptFault.NotFound);
        var name = Path.GetFileName(new Uri(url).AbsolutePath);
        var error = Prompt.TryLoad(name, reply.Body.ToArray(), Limits, out var prompt);
        return prompt is null ? new(null, $"'{url}' cannot be played: {error}") { Fault = PromptLibrary.FaultOf(error) } : Keep(url, prompt, reply.Body.Length, reply);
    }

    /// <summary>What is kept of it, for its server cannot be asked now.</summary>
    private PromptReply Stale(string url, string why, PromptFault fault = PromptFault.NotFound) =>
        _kept.TryGetValue(url, out var kept) ? kept.Reply : new(null, $"'{url}' cannot be fetched: {why}") { Fault = fault };

    private PromptReply Keep(string url, Prompt prompt, int fileOctets, HttpReply reply)
    {
        var (now, fresh) = (time.GetTimestamp(), reply.FreshFor is { } asked && asked < LongestFresh ? asked : reply.FreshFor is null ? TimeSpan.Zero : LongestFresh);
        if (reply.MayKeep)
            _kept[url] = new Kept(prompt, fileOctets, reply.ETag, reply.LastModified, now + (long)(fresh.TotalSeconds * time.TimestampFrequency)) { UsedAt = now };
        else
            _kept.TryRemove(url, out _);
        while (_kept.Count > MostKept || _kept.Values.Sum(static k => k.Prompt.Octets) > MostOctetsKept)
        {
            if (_kept.Count <= 1)
                break;
            _kept.TryRemove(_kept.MinBy(static k => k.Value.UsedAt).Key, out _);
        }
        return new(prompt, null) { FileOctets = fileOctets };
    }

    private sealed record Kept(Prompt Prompt, int FileOctets, string? ETag, string? LastModified, long FreshUntil)
    {
        public long UsedAt { get; set; }

        public PromptReply Reply => new(Prompt, null) { FileOctets = FileOctets };
    }
}
