using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Switchhook.Calls;

namespace Switchhook.Storage.History;

/// <summary>A call id as its text.</summary>
internal sealed class CallIdJson : JsonConverter<CallId>
{
    public override CallId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        CallId.TryParse(reader.GetString(), out var id) ? id : throw new JsonException("Not a call id");

    public override void Write(Utf8JsonWriter writer, CallId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

/// <summary>A leg id as its text.</summary>
internal sealed class LegIdJson : JsonConverter<LegId>
{
    public override LegId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString() ?? "";
        var hyphen = text.IndexOf('-', StringComparison.Ordinal);
        return hyphen > 0
            && CallId.TryParse(text[..hyphen], out var call)
            && int.TryParse(text.AsSpan(hyphen + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new LegId(call, number)
            : throw new JsonException("Not a leg id");
    }

    public override void Write(Utf8JsonWriter writer, LegId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
