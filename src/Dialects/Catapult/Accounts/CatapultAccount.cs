using System.Collections.Immutable;
using Switchhook.Dialects.Catapult.Wire;

namespace Switchhook.Dialects.Catapult.Accounts;

/// <summary>The account and what went wrong for it.</summary>
internal static class CatapultAccount
{
    public static readonly ImmutableArray<CatapultOperation> Operations =
    [
        new("GET", "", UserAsync),
        new("GET", "account", ShowAsync),
        new("GET", "errors", CatapultErrors.ListAsync),
        new("GET", "errors/{errorId}", CatapultErrors.ShowAsync),
    ];

    /// <summary>The vendor's pages show that there is an answer, and not what it holds.</summary>
    private static ValueTask<CatapultAnswer> UserAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation) => new(CatapultAnswer.Of(new CatapultMembers
    {
        { "id", ask.User },
        { "username", ask.Account.Name },
    }));

    private static ValueTask<CatapultAnswer> ShowAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation) => new(CatapultAnswer.Of(new CatapultMembers
    {
        { "balance", ask.Account.Balance ?? "0.00000" },
        { "accountType", "pre-pay" },
    }));
}
