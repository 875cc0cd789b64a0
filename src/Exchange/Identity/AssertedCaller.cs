using System.Text;
using Switchhook.Calls;
using Switchhook.Exchange.Routing;
using Switchhook.Sip.Messages;

namespace Switchhook.Exchange.Identity;

/// <summary>Who calls, as an INVITE tells it: pure.</summary>
internal static class AssertedCaller
{
    public const string Unknown = "anonymous";

    /// <summary>
    /// What a trusted peer says: P-Asserted-Identity before From (RFC 3325 §9.1), the older Remote-Party-ID in its place. Only
    /// for peers that are trusted; anybody can write these headers.
    /// </summary>
    public static Party FromPeer(SipRequest invite)
    {
        var party = Asserted(invite, HeaderName.PAssertedIdentity) ?? Asserted(invite, HeaderName.RemotePartyId) ?? FromHeader(invite);
        return party with { IsWithheld = IsWithheld(invite) };
    }

    /// <summary>
    /// True when the caller asked that its identity be kept from others: Privacy with id, user or header (RFC 3323 §4.2, RFC 3325 §9.3), the
    /// privacy parameter of Remote-Party-ID, or a From that is anonymous already (RFC 3323 §4.1.1.3).
    /// </summary>
    public static bool IsWithheld(SipRequest invite)
    {
        foreach (var row in invite.Rows(HeaderName.Privacy))
        {
            foreach (var range in row.SplitAny((byte)';', (byte)','))
            {
                if (row[range].Trim((byte)' ') is var token && (Is(token, "id"u8) || Is(token, "user"u8) || Is(token, "header"u8)))
                    return true;
            }
        }
        if (invite.TryGet(HeaderName.RemotePartyId, out var remote) && NameAddr.TryParse(remote, out var party)
            && party.Params.Get("privacy"u8) is var privacy && (Is(privacy, "full"u8) || Is(privacy, "uri"u8)))
            return true;
        return SipUri.TryParse(invite.From.Uri, out var from) && Is(from.Host, "anonymous.invalid"u8);
    }

    private static Party FromHeader(SipRequest invite) => Read(invite.From) ?? new Party(Unknown, NameOf(invite.From));

    private static Party? Asserted(SipRequest invite, HeaderName header)
    {
        // There may be two, a sip and a tel URI (§9.1); either has the number.
        foreach (var value in invite.Values(header))
        {
            if (NameAddr.TryParse(value, out var address) && Read(address) is { } party)
                return party;
        }
        return null;
    }

    private static Party? Read(in NameAddr address)
    {
        if (!SipUri.TryParse(address.Uri, out var uri) || uri.Scheme == SipScheme.Other || SipNumbers.Of(uri) is not { Length: > 0 and <= 256 } user)
            return null;
        return new Party(user, NameOf(address));
    }

    private static string? NameOf(in NameAddr address) => address.DisplayName.IsEmpty ? null : address.DisplayText;

    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) => Ascii.EqualsIgnoreCase(text, word);
}
