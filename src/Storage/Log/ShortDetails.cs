using System.Text.Json;
using Switchhook.Calls;
using Switchhook.Calls.Events;
using Switchhook.Storage.History;

namespace Switchhook.Storage.Log;

/// <summary>What the events have that every call has, written as the serializer writes an <see cref="EventDetail"/>, without one.</summary>
internal static class ShortDetails
{
    /// <summary>As JSON, good until the buffer's next use; empty for an event that has nothing more.</summary>
    public static ReadOnlySpan<byte> Of(CallEvent happened, LogBuffer buffer) => happened switch
    {
        CallStarted or CallRinging or CallAnswered or CallEnded => default,
        LegAnswered e => buffer.Write(e.Leg, Leg),
        LegEnded e when EventDetail.IsOfItsCall(e) => buffer.Write(e.Record.Leg.Number, RecordOf),
        HangupConfirmed e => buffer.Write(e, Confirmed),
        _ => EventDetail.Of(happened) is { } detail ? buffer.Write(detail, CallJson.Write) : default,
    };

    private static void Leg(Utf8JsonWriter json, LegId leg)
    {
        json.WriteStartObject();
        json.Id("leg"u8, leg);
        json.WriteEndObject();
    }

    private static void RecordOf(Utf8JsonWriter json, int leg)
    {
        json.WriteStartObject();
        json.WriteNumber("recordOf"u8, leg);
        json.WriteEndObject();
    }

    private static void Confirmed(Utf8JsonWriter json, HangupConfirmed confirmed)
    {
        json.WriteStartObject();
        json.Id("leg"u8, confirmed.Leg);
        json.WriteString("confirmation"u8, EnumWords<Calls.Hangup.HangupConfirmation>.Of(confirmed.Confirmation));
        json.WriteEndObject();
    }
}
