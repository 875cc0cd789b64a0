using System.Text.Json;

namespace Switchhook.Storage.History;

/// <summary>What changed of a call.</summary>
internal static partial class CallJsonWriter
{
    public static void Write(Utf8JsonWriter json, CallDelta delta)
    {
        json.WriteStartObject();
        json.WriteNumber("since"u8, delta.Since);   // first: by it a change is told from a whole call
        if (delta.State is { } state)
        {
            json.WritePropertyName("state"u8);
            Write(json, state);
        }
        json.Optional("ringingAt"u8, delta.RingingAt);
        json.Optional("answeredAt"u8, delta.AnsweredAt);
        json.Optional("endedAt"u8, delta.EndedAt);
        if (delta.Near is { } near)
            json.WriteNumber("near"u8, near);
        if (delta.Far is { } far)
            json.WriteNumber("far"u8, far);
        if (delta.Sequence is { } sequence)
            json.WriteNumber("sequence"u8, sequence);
        if (delta.Legs is { } legs)
        {
            json.WriteStartArray("legs"u8);
            foreach (var leg in legs)
                Write(json, leg);
            json.WriteEndArray();
        }
        if (delta.LegCount is { } count)
            json.WriteNumber("legCount"u8, count);
        True(json, "notRung"u8, delta.NotRung);
        True(json, "notAnswered"u8, delta.NotAnswered);
        True(json, "notEnded"u8, delta.NotEnded);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, LegDelta leg)
    {
        json.WriteStartObject();
        json.WriteNumber("at"u8, leg.At);
        if (leg.Whole is { } whole)
        {
            json.WritePropertyName("whole"u8);
            Write(json, whole);
        }
        if (leg.State is { } state)
        {
            json.WritePropertyName("state"u8);
            Write(json, state);
        }
        json.Optional("ringingAt"u8, leg.RingingAt);
        json.Optional("answeredAt"u8, leg.AnsweredAt);
        if (leg.Confirmed is { } confirmed)
            json.WriteString("confirmed"u8, Word(confirmed));
        True(json, "notRung"u8, leg.NotRung);
        True(json, "notAnswered"u8, leg.NotAnswered);
        json.WriteEndObject();
    }

    private static void True(Utf8JsonWriter json, ReadOnlySpan<byte> name, bool? value)
    {
        if (value == true)
            json.WriteBoolean(name, true);
    }
}
