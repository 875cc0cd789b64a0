using System.Text.Json;
using Switchhook.Calls;
using Switchhook.Calls.Hangup;

namespace Switchhook.Storage.History;

/// <summary>
/// Writes a call as <see cref="CallJson"/> reads it. Several times a call, on the way to every answer over HTTP: by hand it costs a third of
/// what the serializer takes. A member added to a record is missing here until the test that compares the two fails.
/// </summary>
internal static partial class CallJsonWriter
{
    private const string Tag = ClosedFamilies.Tag;

    public static void Write(Utf8JsonWriter json, Call call)
    {
        json.WriteStartObject();
        json.Id("id"u8, call.Id);
        json.WriteStartObject("origin"u8);
        json.WriteString("kind"u8, Word(call.Origin.Kind));
        json.Optional("dialect"u8, call.Origin.Dialect);
        json.Optional("account"u8, call.Origin.Account);
        json.Optional("apiExtension"u8, call.Origin.ApiExtension);
        json.WriteEndObject();
        json.WritePropertyName("plan"u8);
        Write(json, call.Plan);
        Write(json, "caller"u8, call.Caller);
        json.WriteString("dialed"u8, call.Dialed);
        json.WriteString("calleeDialed"u8, call.CalleeDialed);
        json.WriteStartArray("legs"u8);
        foreach (var leg in call.Legs)
            Write(json, leg);
        json.WriteEndArray();
        json.WritePropertyName("state"u8);
        Write(json, call.State);
        json.WriteString("startedAt"u8, call.StartedAt);
        json.Optional("ringingAt"u8, call.RingingAt);
        json.Optional("answeredAt"u8, call.AnsweredAt);
        json.Optional("endedAt"u8, call.EndedAt);
        json.WriteStartArray("accounts"u8);
        foreach (var account in call.Accounts)
            json.WriteStringValue(account);
        json.WriteEndArray();
        json.WriteStartObject("callbacks"u8);
        json.Optional("answerUrl"u8, call.Callbacks.AnswerUrl);
        json.Optional("errorUrl"u8, call.Callbacks.ErrorUrl);
        json.Optional("finishedUrl"u8, call.Callbacks.FinishedUrl);
        json.Optional("tag"u8, call.Callbacks.Tag);
        json.WriteEndObject();
        json.WriteStartArray("notes"u8);
        foreach (var note in call.Notes)
        {
            json.WriteStartObject();
            json.WriteString("dialect"u8, note.Dialect);
            json.WriteString("text"u8, note.Text);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("near"u8, call.Near);
        json.WriteNumber("far"u8, call.Far);
        json.Span("maxDuration"u8, call.MaxDuration);
        json.WriteNumber("sequence"u8, call.Sequence);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Leg leg)
    {
        json.WriteStartObject();
        json.Id("id"u8, leg.Id);
        json.WriteString("direction"u8, leg.Direction == LegDirection.Inbound ? "Inbound"u8 : "Outbound"u8);
        json.WriteString("role"u8, leg.Role == LegRole.Caller ? "Caller"u8 : "Callee"u8);
        Write(json, "party"u8, leg.Party);
        if (leg.Shown is { } shown)
            Write(json, "shown"u8, shown);
        if (leg.Details is { } details)
        {
            json.WriteStartObject("details"u8);
            foreach (var (name, value) in details)
                json.WriteString(name, value);
            json.WriteEndObject();
        }
        if (leg.Target is { } target)
            Write(json, "target"u8, target);
        json.Optional("extension"u8, leg.Extension);
        json.Optional("trunk"u8, leg.Trunk);
        json.Optional("sipCallId"u8, leg.SipCallId);
        json.WritePropertyName("state"u8);
        Write(json, leg.State);
        json.WriteString("startedAt"u8, leg.StartedAt);
        json.Optional("ringingAt"u8, leg.RingingAt);
        json.Optional("answeredAt"u8, leg.AnsweredAt);
        if (leg.From is { } from)
            json.Id("from"u8, from);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, Party party)
    {
        json.WriteStartObject(name);
        json.WriteString("number"u8, party.Number);
        json.Optional("displayName"u8, party.DisplayName);
        json.WriteBoolean("isWithheld"u8, party.IsWithheld);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, CallState state)
    {
        json.WriteStartObject();
        switch (state)
        {
            case CallState.Trying: json.WriteString(Tag, "trying"u8); break;
            case CallState.Ringing: json.WriteString(Tag, "ringing"u8); break;
            case CallState.Talking: json.WriteString(Tag, "talking"u8); break;
            case CallState.Held: json.WriteString(Tag, "held"u8); break;
            case CallState.Transferring(var transferor, var remaining):
                json.WriteString(Tag, "transferring"u8);
                json.WriteNumber("transferor"u8, transferor);
                json.WriteNumber("remaining"u8, remaining);
                break;
            case CallState.Ending(var by, var cause):
                json.WriteString(Tag, "ending"u8);
                Write(json, by);
                json.WriteString("cause"u8, Word(cause));
                break;
            case CallState.Ended(var by, var cause):
                json.WriteString(Tag, "ended"u8);
                Write(json, by);
                json.WriteString("cause"u8, Word(cause));
                break;
            default: throw Unknown(state);
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, LegState state)
    {
        json.WriteStartObject();
        switch (state)
        {
            case LegState.Trying: json.WriteString(Tag, "trying"u8); break;
            case LegState.Ringing: json.WriteString(Tag, "ringing"u8); break;
            case LegState.Early: json.WriteString(Tag, "early"u8); break;
            case LegState.Answered: json.WriteString(Tag, "answered"u8); break;
            case LegState.Bridged: json.WriteString(Tag, "bridged"u8); break;
            case LegState.Held: json.WriteString(Tag, "held"u8); break;
            case LegState.Transferring: json.WriteString(Tag, "transferring"u8); break;
            case LegState.Ending(var by, var cause, var phase):
                json.WriteString(Tag, "ending"u8);
                Write(json, by);
                json.WriteString("cause"u8, Word(cause));
                json.WriteString("phase"u8, Word(phase));
                break;
            case LegState.Ended(var record):
                json.WriteString(Tag, "ended"u8);
                json.WritePropertyName("record"u8);
                Write(json, record);
                break;
            case LegState.Moved(var to):
                json.WriteString(Tag, "moved"u8);
                json.Id("to"u8, to);
                break;
            default: throw Unknown(state);
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, HangupRecord record)
    {
        json.WriteStartObject();
        json.Id("leg"u8, record.Leg);
        Write(json, record.By);
        json.WriteString("cause"u8, Word(record.Cause));
        if (record.Received is { } received)
        {
            json.WriteStartObject("received"u8);
            json.WriteString("message"u8, received.Message);
            if (received.Status is { } status)
                json.WriteNumber("status"u8, status);
            json.WriteStartArray("reasons"u8);
            foreach (var reason in received.Reasons)
                json.WriteStringValue(reason);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        if (record.Sent is { } sent)
        {
            json.WriteStartObject("sent"u8);
            json.WriteString("message"u8, sent.Message);
            json.Optional("reason"u8, sent.Reason);
            json.WriteEndObject();
        }
        json.WriteString("phase"u8, Word(record.Phase));
        json.WriteString("startedAt"u8, record.StartedAt);
        json.Optional("ringingAt"u8, record.RingingAt);
        json.Optional("answeredAt"u8, record.AnsweredAt);
        json.WriteString("endedAt"u8, record.EndedAt);
        if (record.Confirmed is { } confirmed)
            json.WriteString("confirmed"u8, Word(confirmed));
        if (record.Media is { } media)
            Write(json, media);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, LegMedia media)
    {
        json.WriteStartObject("media"u8);
        json.WriteNumber("packetsReceived"u8, media.PacketsReceived);
        json.WriteNumber("packetsSent"u8, media.PacketsSent);
        json.WriteNumber("octetsReceived"u8, media.OctetsReceived);
        json.WriteNumber("octetsSent"u8, media.OctetsSent);
        json.WriteNumber("packetsLost"u8, media.PacketsLost);
        if (double.IsFinite(media.JitterMs))
            json.WriteNumber("jitterMs"u8, media.JitterMs);
        else
            json.WriteString("jitterMs"u8, double.IsNaN(media.JitterMs) ? "NaN"u8 : media.JitterMs > 0 ? "Infinity"u8 : "-Infinity"u8);
        json.Optional("lastPacketReceivedAt"u8, media.LastPacketReceivedAt);
        json.Optional("lastPacketSentAt"u8, media.LastPacketSentAt);
        json.Optional("codec"u8, media.Codec);
        json.Optional("prompt"u8, media.Prompt);
        if (media.PromptPosition is { } position)
            json.Span("promptPosition"u8, position);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, HangupBy by)
    {
        json.WriteStartObject("by"u8);
        json.WriteString(Tag, by.Word);   // the same words
        switch (by)
        {
            case HangupBy.Api(var dialect, var account):
                json.WriteString("dialect"u8, dialect);
                json.Optional("account"u8, account);
                break;
            case HangupBy.Script(var verb, var line):
                json.WriteString("verb"u8, verb);
                json.WriteNumber("line"u8, line);
                break;
            case HangupBy.Timer(var which): json.WriteString("which"u8, Word(which)); break;
            case HangupBy.Policy(var rule): json.WriteString("rule"u8, rule); break;
            case HangupBy.Fault(var what): json.WriteString("what"u8, what); break;
            case HangupBy.Caller or HangupBy.Callee or HangupBy.Transfer or HangupBy.Shutdown or HangupBy.Recovery: break;
            default: throw Unknown(by);
        }
        json.WriteEndObject();
    }

    private static string Word<T>(T value)
        where T : struct, Enum => EnumWords<T>.Of(value);

    private static NotSupportedException Unknown(object member) => new($"{member.GetType()} has no shape in the log");
}
