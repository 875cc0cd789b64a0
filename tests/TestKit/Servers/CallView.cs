using System.Globalization;
using System.Text.Json;

namespace Switchhook.TestKit.Servers;

/// <summary>A call as the native API shows it.</summary>
public sealed class CallView(JsonElement json)
{
    public JsonElement Json { get; } = json;
    public string Id => Text(Json, "id");
    public string State => Text(Json, "state");
    public bool HasEnded => State == "ended";
    public string By => Text(Json, "by");
    public string CauseName => Text(Json, "causeName");
    public IReadOnlyList<LegView> Legs => Json.TryGetProperty("legs", out var legs) ? [.. legs.EnumerateArray().Select(l => new LegView(l))] : [];

    /// <summary>The calling party's leg.</summary>
    public LegView Caller => Legs.First(l => l.Role == "caller");

    /// <summary>The called party's leg.</summary>
    public LegView Callee => Legs.First(l => l.Role == "callee");

    /// <summary>The calls of a list, bare or in a page.</summary>
    public static IReadOnlyList<CallView> List(JsonElement json)
    {
        var array = json.ValueKind == JsonValueKind.Array ? json : json.GetProperty("calls");
        return [.. array.EnumerateArray().Select(c => new CallView(c))];
    }

    /// <inheritdoc/>
    public override string ToString() => Json.ToString();

    public static string Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : "";
}

/// <summary>A leg as the native API shows it.</summary>
public sealed class LegView(JsonElement json)
{
    public JsonElement Json { get; } = json;
    public string Id => CallView.Text(Json, "id");
    public string Role => CallView.Text(Json, "role");
    public string Direction => CallView.Text(Json, "direction");
    public string State => CallView.Text(Json, "state");
    public string SipCallId => CallView.Text(Json, "sipCallId");

    /// <summary>The record of its end; null while it lives.</summary>
    public HangupView? Hangup => Json.TryGetProperty("hangup", out var record) && record.ValueKind == JsonValueKind.Object ? new HangupView(record) : null;
}

/// <summary>A hangup record as the native API shows it.</summary>
public sealed class HangupView(JsonElement json)
{
    public JsonElement Json { get; } = json;

    /// <summary>The one word: <c>caller</c>, <c>callee</c>, <c>api</c> …</summary>
    public string By => CallView.Text(Json, "by");
    public string ByDetail => CallView.Text(Json, "byDetail");

    /// <summary>Q.850 number and name.</summary>
    public int Cause => int.Parse(CallView.Text(Json, "cause"), CultureInfo.InvariantCulture);
    public string CauseName => CallView.Text(Json, "causeName");

    /// <summary>What came: <c>BYE</c>, <c>CANCEL</c>, a status with its phrase, or nothing.</summary>
    public string Received => Part("received", "message");
    public IReadOnlyList<string> ReceivedReasons =>
        Json.GetProperty("received") is { ValueKind: JsonValueKind.Object } received
            ? [.. received.GetProperty("reasons").EnumerateArray().Select(r => r.ToString())] : [];

    /// <summary>What went: <c>BYE</c>, <c>CANCEL</c>, a status, or nothing.</summary>
    public string Sent => Part("sent", "message");
    public string SentReason => Part("sent", "reason");
    public string Phase => CallView.Text(Json, "phase");

    /// <summary><c>yes</c>, <c>timeout</c>, <c>unreachable</c>, or nothing while open or not applicable.</summary>
    public string Confirmed => CallView.Text(Json, "confirmed");

    /// <summary>True while what we sent on our own waits for its answer.</summary>
    public bool IsOpen => Sent.Length > 0 && Received.Length == 0 && Confirmed.Length == 0;

    /// <summary>A figure of the leg's audio, such as <c>packetsReceived</c>.</summary>
    public long Media(string figure) =>
        Json.TryGetProperty("media", out var media) && media.ValueKind == JsonValueKind.Object && media.TryGetProperty(figure, out var value) ? value.GetInt64() : 0;

    /// <inheritdoc/>
    public override string ToString() => Json.ToString();

    private string Part(string member, string part) => Json.TryGetProperty(member, out var value) ? CallView.Text(value, part) : "";
}
