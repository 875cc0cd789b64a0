using System.Text.Json.Serialization;
using Switchhook.Calls.Ports;

namespace Switchhook.Storage.Flight;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<StoredBinding>))]
internal sealed partial class FlightJson : JsonSerializerContext;
