namespace Switchhook.Server.Tests.Native;

/// <summary>Reads server-sent events one by one.</summary>
internal sealed class NativeEventReader(HttpResponseMessage response, StreamReader text) : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static async Task<NativeEventReader> OpenAsync(NativeServer server, string path, string? key = null, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null)
            request.Headers.Authorization = new("Bearer", key);
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        var response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new NativeEventReader(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    /// <summary>The next line that fits.</summary>
    public async Task<string> LineAsync(Func<string, bool> fits)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (await text.ReadLineAsync(deadline.Token) is { } line)
        {
            if (fits(line))
                return line;
        }
        throw new EndOfStreamException();
    }

    public async Task<(string Id, string Event, string Data)> ReadAsync()
    {
        var (id, name, data) = ("", "", "");
        using var deadline = new CancellationTokenSource(Deadline);
        while (await text.ReadLineAsync(deadline.Token) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
                id = line[4..];
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
                name = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                data = line[6..];
            else if (line.Length == 0 && name.Length > 0)
                return (id, name, data);
        }
        throw new EndOfStreamException();
    }

    public void Dispose()
    {
        text.Dispose();
        response.Dispose();
    }
}
