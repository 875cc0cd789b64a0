using Microsoft.AspNetCore.Http;

namespace Switchhook.Dialects.Ozeki.Wire;

/// <summary>A request's body, or why it cannot be read.</summary>
internal readonly record struct OzekiBody(byte[] Form, string? Error)
{
    /// <summary>Reads up to <paramref name="limit"/> bytes of a form. A body of another type is refused, an empty one of any type is not.</summary>
    public static async ValueTask<OzekiBody> ReadAsync(HttpRequest request, int limit, CancellationToken cancellation)
    {
        if (request.ContentLength > limit)
            return new([], "body too large");
        using var whole = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            int read;
            while ((read = await request.Body.ReadAsync(buffer, cancellation)) > 0)
            {
                if (whole.Length + read > limit)
                    return new([], "body too large");
                whole.Write(buffer, 0, read);
            }
        }
        catch (BadHttpRequestException)
        {
            return new([], "broken body");   // chunks that make no sense, a body that stops short
        }
        if (whole.Length > 0 && !IsForm(request.ContentType))
            return new([], "body is not a form");
        return new(whole.ToArray(), null);
    }

    private static bool IsForm(string? contentType) =>
        string.IsNullOrWhiteSpace(contentType)
        || contentType.Split(';')[0].Trim().Equals(OzekiForm.ContentType, StringComparison.OrdinalIgnoreCase);
}
