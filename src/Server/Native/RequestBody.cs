namespace Switchhook.Server.Native;

/// <summary>Reads a whole request body, up to a bound.</summary>
internal static class RequestBody
{
    public const int MaxBytes = 256 * 1024;

    /// <summary>The body, or why it was not read.</summary>
    public static async ValueTask<(ReadOnlyMemory<byte> Body, Problem? Problem)> ReadAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.ContentLength > MaxBytes)
            return (default, Problem.OfStatus(413));
        var type = request.ContentType;
        if (type is not null && !type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) && request.ContentLength is not 0)
            return (default, Problem.OfStatus(415));
        using var bytes = new MemoryStream();
        var chunk = new byte[8192];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, context.RequestAborted)) > 0)
        {
            if (bytes.Length + read > MaxBytes)
                return (default, Problem.OfStatus(413));
            bytes.Write(chunk, 0, read);
        }
        return (bytes.ToArray(), null);
    }
}
