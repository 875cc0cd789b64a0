using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Switchhook.Calls;

namespace Switchhook.Storage.History;

/// <summary>A call as the database keeps it whole.</summary>
internal static class CallJson
{
    private static readonly JsonTypeInfo<Call> Shape = (JsonTypeInfo<Call>)new JsonSerializerOptions(CallJsonShapes.Default.Options)
    {
        TypeInfoResolver = CallJsonShapes.Default.WithAddedModifier(ClosedFamilies.Describe),
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,   // it goes into a database, not into a web page
    }.GetTypeInfo(typeof(Call));

    public static string Write(Call call) => JsonSerializer.Serialize(call, Shape);

    public static Call Read(ReadOnlySpan<byte> utf8) => JsonSerializer.Deserialize(utf8, Shape)!;
}
