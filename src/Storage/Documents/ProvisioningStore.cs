using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dapper;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;

namespace Switchhook.Storage.Documents;

/// <summary>The provisioning document in the table <c>provisioning</c>, a row a section.</summary>
internal sealed class ProvisioningStore(IWriter writer, IReaders readers) : IProvisioningStore
{
    private static readonly ProvisioningJson Json = ProvisioningJson.Default;

    /// <inheritdoc/>
    public Provisioning? Load()
    {
        var sections = readers.Read(0, static (connection, _) =>
            connection.Query<(string Section, string Body)>("SELECT section, body FROM provisioning")
                .ToDictionary(row => row.Section, row => row.Body, StringComparer.Ordinal));
        if (sections.Count == 0)
            return null;
        return new Provisioning
        {
            Accounts = Read(sections, "accounts", Json.ImmutableArrayAccount),
            Extensions = Read(sections, "extensions", Json.ImmutableArrayExtension),
            Trunks = Read(sections, "trunks", Json.ImmutableArrayTrunk),
            Numbers = Read(sections, "numbers", Json.ImmutableArrayNumberEntry),
            OutboundRoutes = Read(sections, "outboundRoutes", Json.ImmutableArrayOutboundRoute),
            CatapultApplications = Read(sections, "catapultApplications", Json.ImmutableArrayCatapultApplication),
            OpenvoxSettings = sections.TryGetValue("openvoxSettings", out var settings)
                ? JsonSerializer.Deserialize(settings, Json.OpenvoxSettings) : null,
        };
    }

    /// <inheritdoc/>
    public void Save(Provisioning provisioning)
    {
        List<(string Section, string Body)> sections =
        [
            Write("accounts", provisioning.Accounts, Json.ImmutableArrayAccount),
            Write("extensions", provisioning.Extensions, Json.ImmutableArrayExtension),
            Write("trunks", provisioning.Trunks, Json.ImmutableArrayTrunk),
            Write("numbers", provisioning.Numbers, Json.ImmutableArrayNumberEntry),
            Write("outboundRoutes", provisioning.OutboundRoutes, Json.ImmutableArrayOutboundRoute),
            Write("catapultApplications", provisioning.CatapultApplications, Json.ImmutableArrayCatapultApplication),
        ];
        if (provisioning.OpenvoxSettings is { } settings)
            sections.Add(Write("openvoxSettings", settings, Json.OpenvoxSettings));
        writer.Commit(sections, static (connection, save) =>
        {
            connection.Execute("DELETE FROM provisioning");
            connection.Execute(
                "INSERT INTO provisioning (section, body) VALUES (@Section, @Body)", save.Select(row => new { row.Section, row.Body }));
        });
    }

    private static ImmutableArray<T> Read<T>(Dictionary<string, string> sections, string section, JsonTypeInfo<ImmutableArray<T>> shape) =>
        sections.TryGetValue(section, out var body) ? JsonSerializer.Deserialize(body, shape) : [];

    private static (string Section, string Body) Write<T>(string section, T value, JsonTypeInfo<T> shape) =>
        (section, JsonSerializer.Serialize(value, shape));
}
