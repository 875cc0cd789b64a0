using Switchhook.Calls;
using Switchhook.Calls.Directory;

namespace Switchhook.Dialects.Ozeki.Replies;

/// <summary>On whose behalf a script beside the calls runs.</summary>
/// <param name="Account">Whose.</param>
/// <param name="CallId">The call it is about, as commands that name none mean it; null for none.</param>
/// <param name="IsThirdParty">True for the reply to what an ordinary call did: the vendor's third-party context, with its commands.</param>
internal sealed record OzekiSideCase(Account Account, string? CallId, bool IsThirdParty)
{
    /// <summary>What commands that name no API extension mean.</summary>
    public string? ApiExtension { get; init; }

    /// <summary>Who sent the text message it is about; null for another occasion.</summary>
    public string? Sender { get; init; }

    /// <summary>The address relative ones go by.</summary>
    public string? Source { get; init; }

    /// <summary>The call as it was, where there is one.</summary>
    public Call? Call { get; init; }
}
