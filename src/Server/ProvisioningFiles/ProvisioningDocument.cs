using Switchhook.Calls.Directory;
using Switchhook.Server.Json;

namespace Switchhook.Server.ProvisioningFiles;

/// <summary>A provisioning file that was read, and what it refers to by name.</summary>
internal sealed record ProvisioningDocument(Provisioning Value, IReadOnlyList<NameReference> References, string Source)
{
    /// <summary>Notes every reference that meets nothing in the whole the document is merged into.</summary>
    public void CheckReferences(Provisioning whole, List<Mistake> mistakes)
    {
        foreach (var reference in References)
        {
            var names = NamesOf(whole, reference.To);
            if (!names.Contains(reference.Name, reference.Comparer))
                mistakes.Add(new Mistake(Source, reference.Line, reference.Key, $"names {reference.Article} '{reference.Name}', which is not there{NearestName.Hint(reference.Name, names)}"));
        }
    }

    private static string[] NamesOf(Provisioning whole, ReferenceKind to) => to switch
    {
        ReferenceKind.Account => [.. whole.Accounts.Select(a => a.Name)],
        ReferenceKind.Trunk => [.. whole.Trunks.Select(t => t.Name)],
        ReferenceKind.Extension => [.. whole.Extensions.Select(e => e.Number)],
        ReferenceKind.CatapultApplication => [.. whole.CatapultApplications.Select(a => a.Id)],
    };
}

/// <summary>What can be referred to.</summary>
internal enum ReferenceKind
{
    Account,
    Trunk,
    Extension,
    CatapultApplication,
}

/// <summary>One name in a document that must exist somewhere.</summary>
internal sealed record NameReference(ReferenceKind To, string Name, string Key, int Line)
{
    public string Article => To switch
    {
        ReferenceKind.Account => "the account",
        ReferenceKind.Trunk => "the trunk",
        ReferenceKind.Extension => "the extension",
        ReferenceKind.CatapultApplication => "the application",
    };

    public StringComparer Comparer => To is ReferenceKind.Account or ReferenceKind.Trunk ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
}
