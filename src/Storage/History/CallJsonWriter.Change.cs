using System.Text.Json;
using Switchhook.Calls;

namespace Switchhook.Storage.History;

/// <summary>What changed of a call, in the shape of a <see cref="CallDelta"/>.</summary>
internal static partial class CallJsonWriter
{
    public static void Write(Utf8JsonWriter json, CallChange change)
    {
        var (before, after, since) = change;
        json.WriteStartObject();
        json.WriteNumber("since"u8, since);   // first: by it a change is told from a whole call
        if (before.State != after.State)
        {
            json.WritePropertyName("state"u8);
            Write(json, after.State);
        }
        Changed(json, "ringingAt"u8, before.RingingAt, after.RingingAt);
        Changed(json, "answeredAt"u8, before.AnsweredAt, after.AnsweredAt);
        Changed(json, "endedAt"u8, before.EndedAt, after.EndedAt);
        Changed(json, "near"u8, before.Near, after.Near);
        Changed(json, "far"u8, before.Far, after.Far);
        Changed(json, "sequence"u8, before.Sequence, after.Sequence);
        WriteLegs(json, before, after);
        Lacks(json, "notRung"u8, before.RingingAt, after.RingingAt);
        Lacks(json, "notAnswered"u8, before.AnsweredAt, after.AnsweredAt);
        Lacks(json, "notEnded"u8, before.EndedAt, after.EndedAt);
        json.WriteEndObject();
    }

    private static void WriteLegs(Utf8JsonWriter json, Call before, Call after)
    {
        if (before.Legs == after.Legs)
            return;
        var told = false;
        for (var at = 0; at < after.Legs.Length; at++)
        {
            var old = at < before.Legs.Length ? before.Legs[at] : null;
            if (ReferenceEquals(old, after.Legs[at]) || old == after.Legs[at])
                continue;
            if (!told)
                json.WriteStartArray("legs"u8);
            told = true;
            json.WriteStartObject();
            json.WriteNumber("at"u8, at);
            Write(json, old, after.Legs[at]);
            json.WriteEndObject();
        }
        if (told)
            json.WriteEndArray();
        if (after.Legs.Length < before.Legs.Length)
            json.WriteNumber("legCount"u8, after.Legs.Length);
    }

    private static void Write(Utf8JsonWriter json, Leg? before, Leg after)
    {
        if (before is null || new LegChange(before, after) is not { CanBeTold: true } change)
        {
            json.WritePropertyName("whole"u8);
            Write(json, after);
            return;
        }
        var isConfirmation = change.IsConfirmation;
        if (!isConfirmation && before.State != after.State)
        {
            json.WritePropertyName("state"u8);
            Write(json, after.State);
        }
        Changed(json, "ringingAt"u8, before.RingingAt, after.RingingAt);
        Changed(json, "answeredAt"u8, before.AnsweredAt, after.AnsweredAt);
        if (isConfirmation)
            json.WriteString("confirmed"u8, Word(after.Record!.Confirmed!.Value));
        Lacks(json, "notRung"u8, before.RingingAt, after.RingingAt);
        Lacks(json, "notAnswered"u8, before.AnsweredAt, after.AnsweredAt);
    }

    private static void Changed(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset? before, DateTimeOffset? after)
    {
        if (after is { } time && before != after)
            json.WriteString(name, time);
    }

    private static void Changed(Utf8JsonWriter json, ReadOnlySpan<byte> name, int before, int after)
    {
        if (before != after)
            json.WriteNumber(name, after);
    }

    private static void Lacks(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset? before, DateTimeOffset? after)
    {
        if (before is not null && after is null)
            json.WriteBoolean(name, true);
    }
}
