using System.Text;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Switchhook.Dialects.Encodings;

namespace Switchhook.Dialects.Hoiio.Wire;

/// <summary>The parameters of a request: of its body and its query, read strictly. An empty value is no value.</summary>
internal static class HoiioForm
{
    private const int MostFields = 200;
    private const int LongestField = 64 * 1024;

    /// <summary>The parameters, or null when their bytes cannot be decoded.</summary>
    public static async ValueTask<IReadOnlyDictionary<string, string>?> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        // The body first: it wins where both name a parameter.
        if (HttpMethods.IsPost(request.Method) && !await ReadBodyAsync(request, fields, cancellation))
            return null;
        var query = Encoding.UTF8.GetBytes(request.QueryString.Value is ['?', .. var text] ? text : "");
        return TryRead(query, fields) ? fields : null;
    }

    private static async ValueTask<bool> ReadBodyAsync(HttpRequest request, Dictionary<string, string> fields, CancellationToken cancellation)
    {
        try
        {
            if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType == "multipart/form-data")
                return await ReadPartsAsync(request, HeaderUtilities.RemoveQuotes(type.Boundary).ToString(), fields, cancellation);
            // Whatever type it says it is: some clients send a form and call it JSON.
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, cancellation);
            return TryRead(body.GetBuffer().AsSpan(0, (int)body.Length), fields);
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException)
        {
            return false;
        }
        catch (IOException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private static async ValueTask<bool> ReadPartsAsync(HttpRequest request, string boundary, Dictionary<string, string> fields, CancellationToken cancellation)
    {
        if (boundary.Length is 0 or > 70)
            return false;
        var reader = new MultipartReader(boundary, request.Body) { BodyLengthLimit = LongestField };
        for (var parts = 0; await reader.ReadNextSectionAsync(cancellation) is { } section; parts++)
        {
            using var body = new MemoryStream();
            await section.Body.CopyToAsync(body, cancellation);
            if (parts == MostFields || section.GetContentDispositionHeader()?.Name.Value is not { Length: > 0 } name || !Utf8.IsValid(body.ToArray()))
                return false;
            Add(fields, HeaderUtilities.RemoveQuotes(name).ToString(), Encoding.UTF8.GetString(body.ToArray()));
        }
        return true;
    }

    private static bool TryRead(ReadOnlySpan<byte> encoded, Dictionary<string, string> fields)
    {
        var buffer = new byte[encoded.Length];
        var count = 0;
        foreach (var part in encoded.Split((byte)'&'))
        {
            var field = encoded[part];
            if (field.IsEmpty)
                continue;
            var equals = field.IndexOf((byte)'=');
            if (++count > MostFields || !FormText.TryDecode(equals < 0 ? field : field[..equals], buffer, out var name)
                || !FormText.TryDecode(equals < 0 ? [] : field[(equals + 1)..], buffer, out var value))
                return false;
            Add(fields, name, value);
        }
        return true;
    }

    private static void Add(Dictionary<string, string> fields, string name, string value)
    {
        if (value.Length > 0)
            fields.TryAdd(name, value);
    }
}
