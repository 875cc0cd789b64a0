using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Switchhook.Calls;
using Switchhook.Calls.Ports;
using Switchhook.Storage.Log;

namespace Switchhook.Storage.History;

/// <summary>A call, and what is stored beside it, as the database keeps it whole.</summary>
internal static class CallJson
{
    private static readonly JsonSerializerOptions Options = new(CallJsonShapes.Default.Options)
    {
        TypeInfoResolver = CallJsonShapes.Default.WithAddedModifier(ClosedFamilies.Describe),
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,   // it goes into a database, not into a web page
    };

    private static readonly JsonTypeInfo<Call> Shape = ShapeOf<Call>();
    private static readonly JsonTypeInfo<CallDelta> Delta = ShapeOf<CallDelta>();
    private static readonly JsonTypeInfo<EventDetail> Detail = ShapeOf<EventDetail>();
    private static readonly JsonTypeInfo<StoredRequest> Request = ShapeOf<StoredRequest>();
    private static readonly JsonTypeInfo<DeliveryPolicy> Policy = ShapeOf<DeliveryPolicy>();

    public static void Write(Utf8JsonWriter json, Call call) => CallJsonWriter.Write(json, call);

    public static void Write(Utf8JsonWriter json, CallChange change) => CallJsonWriter.Write(json, change);

    /// <summary>As the serializer writes it: what <see cref="CallJsonWriter"/> is compared with.</summary>
    public static string WriteBySerializer(Call call) => JsonSerializer.Serialize(call, Shape);

    public static void Write(Utf8JsonWriter json, EventDetail detail) => JsonSerializer.Serialize(json, detail, Detail);

    public static void Write(Utf8JsonWriter json, StoredRequest request) => JsonSerializer.Serialize(json, request, Request);

    public static void Write(Utf8JsonWriter json, DeliveryPolicy policy) => JsonSerializer.Serialize(json, policy, Policy);

    public static Call Read(ReadOnlySpan<byte> utf8) => JsonSerializer.Deserialize(utf8, Shape)!;

    public static CallDelta ReadDelta(ReadOnlySpan<byte> utf8) => JsonSerializer.Deserialize(utf8, Delta)!;

    public static EventDetail ReadDetail(ReadOnlySpan<byte> utf8) => JsonSerializer.Deserialize(utf8, Detail)!;

    public static StoredRequest ReadRequest(ReadOnlySpan<byte> utf8) => JsonSerializer.Deserialize(utf8, Request)!;

    public static DeliveryPolicy ReadPolicy(ReadOnlySpan<byte> utf8) => JsonSerializer.Deserialize(utf8, Policy)!;

    private static JsonTypeInfo<T> ShapeOf<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));
}
