using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Switchhook.Dialects.Hoiio.Wire;

/// <summary>Replies: one object each, and every scalar in it a string.</summary>
internal static class HoiioJson
{
    public const string ContentType = "application/json; charset=utf-8";

    public static byte[] Write(JsonObject reply)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            reply.WriteTo(json);
        return buffer.ToArray();
    }
}
