using System.Text.Json.Serialization;

namespace Switchhook.Dialects.Catapult.Wire;

/// <summary>Objects of texts that are kept as JSON.</summary>
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class CatapultTexts : JsonSerializerContext;
