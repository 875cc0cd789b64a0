using System.Collections.Immutable;
using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Dialects.Catapult.Calls;

namespace Switchhook.Dialects.Catapult.Bxml;

/// <summary>On whose behalf a document runs: whom it may dial and show, and where the files it names are.</summary>
/// <param name="Directory">What is provisioned.</param>
/// <param name="Account">Whose call it is; null for a document that is only looked at.</param>
/// <param name="Caller">The caller's number, which may be shown to whomever the call is transferred to.</param>
internal sealed record BxmlContext(CallDirectory Directory, string? Account, string? Caller)
{
    /// <summary>For a document that is only looked at.</summary>
    public static readonly BxmlContext None = new(CallDirectory.Empty, null, null);

    /// <summary>Where the call's events go; told the end of a transfer that names no address of its own.</summary>
    public string? CallbackUrl { get; init; }

    /// <summary>The file behind an address, where that is one of the account's own media; else the address.</summary>
    public Func<string, string> FileOf { get; init; } = static url => url;

    /// <summary>The Diversion headers of a new leg, by treatment and reason.</summary>
    public Func<string, string, ImmutableArray<KeyValuePair<string, string>>> Diverted { get; init; } = static (_, _) => [];

    /// <summary>What is dialled for a destination as it is written; null when it is none.</summary>
    public string? Number(string destination) => CatapultNumber.Dialed(destination, Directory);

    /// <summary>True when the party may be told that this one calls; null is the call's own caller.</summary>
    public bool MayShow(string? callerId, out Party? shown)
    {
        shown = callerId switch
        {
            null => null,
            "private" or "unknown" => new Party(Caller ?? "anonymous", IsWithheld: true),
            _ => new Party(callerId),
        };
        return callerId is null or "private" or "unknown" || callerId == Caller || IsOwn(Directory.Number(callerId)?.Account) || IsOwn(Directory.Extension(callerId)?.Account);
    }

    private bool IsOwn(string? account) => account is not null && account.Equals(Account, StringComparison.OrdinalIgnoreCase);
}
