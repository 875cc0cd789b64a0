using System.Buffers.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace Switchhook.Dialects.Catapult.Wire;

/// <summary>The JSON object of a request: its members as they came. Names nobody asks for are passed over.</summary>
internal sealed class CatapultBody
{
    /// <summary>The longest body of JSON.</summary>
    public const int MaxBytes = 64 * 1024;

    public static readonly CatapultBody Empty = new([]);

    private readonly Dictionary<string, JsonElement> _members;

    private CatapultBody(Dictionary<string, JsonElement> members) => _members = members;

    /// <summary>A member; null when it is missing, or null itself.</summary>
    public JsonElement? this[string name] => _members.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public bool Has(string name) => this[name] is not null;

    /// <summary>The body's octets; null when there are more than are read.</summary>
    public static async ValueTask<byte[]?> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentLength > MaxBytes)
            return null;
        using var bytes = new MemoryStream();
        var chunk = new byte[8192];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, cancellation)) > 0)
        {
            if (bytes.Length + read > MaxBytes)
                return null;
            bytes.Write(chunk, 0, read);
        }
        return bytes.ToArray();
    }

    /// <summary>An object, or nothing at all; false for anything else.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> octets, out CatapultBody body)
    {
        body = Empty;
        if (octets.Span.Trim(" \t\r\n"u8).IsEmpty)
            return true;
        if (!Utf8.IsValid(octets.Span))
            return false;
        try
        {
            using var document = JsonDocument.Parse(octets, new JsonDocumentOptions { MaxDepth = 16 });
            return IsText(octets.Span) && TryRead(document.RootElement.Clone(), out body);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>False for JSON with half a surrogate pair in it (<c>\\ud800</c>), which no text can hold.</summary>
    private static bool IsText(ReadOnlySpan<byte> json)
    {
        var before = 0;
        for (var at = 0; at < json.Length; at++)
        {
            var unit = 0;
            if (json[at] == '\\' && at + 1 < json.Length)
            {
                if (json[at + 1] == 'u' && at + 5 < json.Length && Utf8Parser.TryParse(json.Slice(at + 2, 4), out ushort escaped, out var read, 'x') && read == 4)
                    (unit, at) = (escaped, at + 4);
                at++;
            }
            if (char.IsLowSurrogate((char)unit) != char.IsHighSurrogate((char)before))
                return false;
            before = unit;
        }
        return !char.IsHighSurrogate((char)before);
    }

    /// <summary>An object within another.</summary>
    public static bool TryRead(JsonElement element, out CatapultBody body)
    {
        body = Empty;
        if (element.ValueKind != JsonValueKind.Object)
            return false;
        Dictionary<string, JsonElement> members = new(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
            members[member.Name] = member.Value;
        body = new CatapultBody(members);
        return true;
    }
}
