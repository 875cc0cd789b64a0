using System.Text;
using Switchhook.Calls.Ports;

namespace Switchhook.Ivr.Simulation;

/// <summary>Web servers that answer what they were told to. An address is found with its query, or else without it.</summary>
public sealed class SimulatedWeb : IHttpCaller
{
    private readonly Dictionary<string, Queue<ReadOnlyMemory<byte>>> _answers = new(StringComparer.Ordinal);

    /// <summary>Told of every request as it is made.</summary>
    internal Action<string>? Asked { get; set; }

    /// <summary>Answers of one address are given in turn; the last one again and again.</summary>
    public SimulatedWeb Answer(string url, ReadOnlyMemory<byte> body)
    {
        if (!_answers.TryGetValue(url, out var answers))
            _answers[url] = answers = new();
        answers.Enqueue(body);
        return this;
    }

    /// <inheritdoc cref="Answer(string, ReadOnlyMemory{byte})"/>
    public SimulatedWeb Answer(string url, string body) => Answer(url, Encoding.UTF8.GetBytes(body));

    /// <inheritdoc/>
    public ValueTask<HttpReply> SendAsync(HttpCall call, CancellationToken cancellation)
    {
        Asked?.Invoke(call.Body.IsEmpty ? $"{call.Method} {call.Url}" : $"{call.Method} {call.Url} {Encoding.UTF8.GetString(call.Body.Span)}");
        var query = call.Url.IndexOf('?', StringComparison.Ordinal);
        if (!_answers.TryGetValue(call.Url, out var answers) && (query < 0 || !_answers.TryGetValue(call.Url[..query], out answers)))
            return new(new HttpReply(404, default, HttpFailure.None, null));
        return new(new HttpReply(200, answers.Count > 1 ? answers.Dequeue() : answers.Peek(), HttpFailure.None, null));
    }
}
