using System.Globalization;
using System.Text.Json;
using Switchhook.Calls;

namespace Switchhook.Storage.History;

/// <summary>Members in the shapes the serializer gives them, without a string in between.</summary>
internal static class JsonWriting
{
    public static void Optional(this Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    public static void Optional(this Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset? value)
    {
        if (value is { } time)
            json.WriteString(name, time);
    }

    public static void Span(this Utf8JsonWriter json, ReadOnlySpan<byte> name, TimeSpan value)
    {
        Span<byte> text = stackalloc byte[32];
        value.TryFormat(text, out var length, "c", CultureInfo.InvariantCulture);
        json.WriteString(name, text[..length]);
    }

    public static void Id(this Utf8JsonWriter json, ReadOnlySpan<byte> name, CallId id)
    {
        Span<byte> text = stackalloc byte[8];
        Write(id, text);
        json.WriteString(name, text);
    }

    public static void Id(this Utf8JsonWriter json, ReadOnlySpan<byte> name, LegId id)
    {
        Span<byte> text = stackalloc byte[24];
        Write(id.Call, text);
        text[8] = (byte)'-';
        id.Number.TryFormat(text[9..], out var digits, default, CultureInfo.InvariantCulture);
        json.WriteString(name, text[..(9 + digits)]);
    }

    // As CallId.ToString does it.
    private static void Write(CallId id, Span<byte> text)
    {
        var value = id.Value;
        for (var i = 7; i >= 0; i--, value /= 62)
            text[i] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8[(int)(value % 62)];
    }
}
