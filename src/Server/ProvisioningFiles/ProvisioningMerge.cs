using System.Collections.Immutable;
using Switchhook.Calls.Directory;

namespace Switchhook.Server.ProvisioningFiles;

/// <summary>Puts a document over what is there: what has the same name or number is replaced, the rest stays. Doing it twice changes nothing.</summary>
internal static class ProvisioningMerge
{
    public static Provisioning Over(Provisioning there, Provisioning document) => new()
    {
        Accounts = Merge(there.Accounts, document.Accounts, a => a.Name, StringComparer.OrdinalIgnoreCase),
        Extensions = Merge(there.Extensions, document.Extensions, e => e.Number, StringComparer.Ordinal),
        Trunks = Merge(there.Trunks, document.Trunks, t => t.Name, StringComparer.OrdinalIgnoreCase),
        Numbers = Merge(there.Numbers, document.Numbers, n => n.Number, StringComparer.Ordinal),
        OutboundRoutes = Merge(there.OutboundRoutes, document.OutboundRoutes, r => r.Name, StringComparer.OrdinalIgnoreCase),
        CatapultApplications = Merge(there.CatapultApplications, document.CatapultApplications, a => a.Id, StringComparer.Ordinal),
        OpenvoxSettings = document.OpenvoxSettings ?? there.OpenvoxSettings,
    };

    private static ImmutableArray<T> Merge<T>(ImmutableArray<T> there, ImmutableArray<T> document, Func<T, string> key, StringComparer comparer)
    {
        var replaced = document.ToDictionary(key, comparer);
        var known = there.Select(key).ToHashSet(comparer);
        return [.. there.Select(t => replaced.GetValueOrDefault(key(t), t)), .. document.Where(d => !known.Contains(key(d)))];
    }
}
