using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Switchhook.Calls.Directory;

namespace Switchhook.Storage.Documents;

/// <summary>The sections of the provisioning document as JSON, with the member names of the document.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    UseStringEnumConverter = true,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ImmutableArray<Account>))]
[JsonSerializable(typeof(ImmutableArray<Extension>))]
[JsonSerializable(typeof(ImmutableArray<Trunk>))]
[JsonSerializable(typeof(ImmutableArray<NumberEntry>))]
[JsonSerializable(typeof(ImmutableArray<OutboundRoute>))]
[JsonSerializable(typeof(ImmutableArray<CatapultApplication>))]
[JsonSerializable(typeof(OpenvoxSettings))]
internal sealed partial class ProvisioningJson : JsonSerializerContext;
