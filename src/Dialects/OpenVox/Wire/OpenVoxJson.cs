using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Switchhook.Dialects.OpenVox.Wire;

/// <summary>JSON as the vendor writes it: no white space, members in their order, text as UTF-8.</summary>
internal static class OpenVoxJson
{
    public const string ContentType = "application/json";

    // Nothing here is ever part of a page.
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonDocumentOptions Limits = new() { MaxDepth = OpenVoxBody.MaxDepth };

    public static byte[] Write(OpenVoxNode.Map document)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, Compact))
            Write(writer, document);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The scalar members of an object, by name; the last of a name counts. False for what is no object.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> body, Dictionary<string, string> fields)
    {
        // A document takes any octets and complains when its text is asked for.
        if (!Utf8.IsValid(body.Span))
            return false;
        try
        {
            using var document = JsonDocument.Parse(body, Limits);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return false;
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (fields.Count >= OpenVoxBody.MaxFields)
                    return false;
                if (member.Value.ValueKind is JsonValueKind.String)
                    fields[member.Name] = member.Value.GetString()!;
                else if (member.Value.ValueKind is JsonValueKind.Number)
                    fields[member.Name] = member.Value.GetRawText();
            }
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)   // the second: half of a surrogate pair
        {
            return false;
        }
    }

    private static void Write(Utf8JsonWriter writer, OpenVoxNode node)
    {
        switch (node)
        {
            case OpenVoxNode.Text text:
                writer.WriteStringValue(OpenVoxText.Whole(text.Value));
                break;
            case OpenVoxNode.Number number:
                writer.WriteNumberValue(number.Value);
                break;
            case OpenVoxNode.Map map:
                writer.WriteStartObject();
                foreach (var member in map.Members)
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }
                writer.WriteEndObject();
                break;
            case OpenVoxNode.List list:
                writer.WriteStartArray();
                foreach (var item in list.Items)
                    Write(writer, item);
                writer.WriteEndArray();
                break;
        }
    }
}
