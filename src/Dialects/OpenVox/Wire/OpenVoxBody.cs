using System.Text;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace Switchhook.Dialects.OpenVox.Wire;

/// <summary>A request's body: scalar parameters by name, whichever of the two forms it is in.</summary>
internal static class OpenVoxBody
{
    public const int MaxBytes = 64 * 1024;
    public const int MaxDepth = 8;
    public const int MaxFields = 200;

    /// <summary>Reads the body; null when it is longer than any request has to be.</summary>
    public static async ValueTask<byte[]?> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentLength > MaxBytes)
            return null;
        using var whole = new MemoryStream();
        var chunk = new byte[8 * 1024];
        try
        {
            while (await request.Body.ReadAsync(chunk, cancellation) is > 0 and var read)
            {
                if (whole.Length + read > MaxBytes)
                    return null;
                whole.Write(chunk, 0, read);
            }
        }
        catch (BadHttpRequestException)
        {
            return null;
        }
        return whole.ToArray();
    }

    /// <summary>The parameters. The first character decides how they are read, then what the client said it sends.</summary>
    /// <returns>What to refuse with, or null.</returns>
    public static OpenVoxErrno? Parse(byte[]? body, bool isXml, out IReadOnlyDictionary<string, string> fields)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        fields = found;
        if (body is null)
            return isXml ? OpenVoxErrno.UnreadableXml : OpenVoxErrno.UnreadableJson;
        var start = StartOf(body);
        if (start == body.Length)
            return null;
        var rest = body.AsMemory(start);
        return rest.Span[0] switch
        {
            (byte)'<' => true,
            (byte)'{' => false,
            _ => isXml,
        }
            ? Utf8.IsValid(rest.Span) && OpenVoxXml.TryRead(Encoding.UTF8.GetString(rest.Span), found) ? null : OpenVoxErrno.UnreadableXml
            : OpenVoxJson.TryRead(rest, found) ? null : OpenVoxErrno.UnreadableJson;
    }

    /// <summary>True for a body with nothing in it.</summary>
    public static bool IsBlank(byte[]? body) => body is not null && StartOf(body) == body.Length;

    private static int StartOf(byte[] body)
    {
        var start = body.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0;
        while (start < body.Length && body[start] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            start++;
        return start;
    }
}
