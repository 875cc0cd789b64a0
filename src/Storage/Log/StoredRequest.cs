using Switchhook.Calls.Ports;

namespace Switchhook.Storage.Log;

/// <summary>A notification's request without its body.</summary>
internal sealed record StoredRequest
{
    public required string Url { get; init; }
    public required string Method { get; init; }
    public string? ContentType { get; init; }

    /// <summary>Name, value, name, value …</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];
    public TimeSpan? Timeout { get; init; }
    public bool FollowRedirects { get; init; }

    /// <summary>True when the call it is about is the notification's.</summary>
    public bool IsTraced { get; init; }

    public static StoredRequest From(HttpCall request) => new()
    {
        Url = request.Url,
        Method = request.Method,
        ContentType = request.ContentType,
        Headers = request.Headers.Count == 0 ? [] : [.. request.Headers.SelectMany(static h => (string[])[h.Key, h.Value])],
        Timeout = request.Timeout,
        FollowRedirects = request.FollowRedirects,
        IsTraced = request.Call is not null,
    };

    public HttpCall ToCall(Calls.CallId call, byte[] body) => new()
    {
        Url = Url,
        Method = Method,
        ContentType = ContentType,
        Headers = [.. Headers.Chunk(2).Select(static h => KeyValuePair.Create(h[0], h[1]))],
        Timeout = Timeout,
        FollowRedirects = FollowRedirects,
        Body = body,
        Call = IsTraced ? call : null,
    };
}
