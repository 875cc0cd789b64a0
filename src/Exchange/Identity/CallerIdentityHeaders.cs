using System.Text;
using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Exchange.Routing;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;

namespace Switchhook.Exchange.Identity;

/// <summary>How an INVITE of ours names its caller.</summary>
/// <param name="From">The From address.</param>
/// <param name="Headers">Further rows.</param>
internal sealed record ShownCaller(SipAddress From, SipHeaderLine[] Headers);

/// <summary>The caller as an outbound leg is told of it: pure.</summary>
internal static class CallerIdentityHeaders
{
    /// <summary>A chain of diversions longer than this is a loop or worse.</summary>
    private const int MostDiversions = 5;
    private const int LongestDiversion = 512;

    private static readonly SipAddress Anonymous = new("sip:anonymous@anonymous.invalid", "Anonymous");
    private static readonly SipHeaderLine PrivacyId = new("Privacy", "id");

    /// <param name="caller">Who calls.</param>
    /// <param name="trunk">The trunk that is called; null for a phone, which is told no number that was withheld.</param>
    /// <param name="domain">Ours.</param>
    /// <param name="inbound">The INVITE of the caller's own leg when it came from a trunk: its diversions go on (RFC 5806 §6). Null for none.</param>
    public static ShownCaller For(Party caller, Trunk? trunk, string domain, SipRequest? inbound = null)
    {
        var own = new SipAddress($"sip:{SipNumbers.Escape(caller.Number)}@{domain}", caller.DisplayName);
        var from = caller.IsWithheld ? Anonymous : own;
        if (trunk is null)
            return new ShownCaller(from, []);
        List<SipHeaderLine> rows = [];
        if (caller.Number != AssertedCaller.Unknown)
        {
            if (trunk.Identity == TrunkIdentity.Pai)
                rows.Add(new("P-Asserted-Identity", Spell(own)));
            else if (trunk.Identity == TrunkIdentity.Rpid)
                rows.Add(new("Remote-Party-ID", $"{Spell(own)};party=calling;screen=yes;privacy={(caller.IsWithheld ? "full" : "off")}"));
        }
        if (caller.IsWithheld)
            rows.Add(PrivacyId);
        if (inbound is not null)
            AddDiversions(inbound, rows);
        return new ShownCaller(from, [.. rows]);
    }

    private static void AddDiversions(SipRequest inbound, List<SipHeaderLine> rows)
    {
        var count = 0;
        foreach (var value in inbound.Values(HeaderName.Diversion))
        {
            if (count++ == MostDiversions)
                break;
            if (value.Length <= LongestDiversion)
                rows.Add(new("Diversion", Encoding.UTF8.GetString(value)));
        }
    }

    private static string Spell(SipAddress address) => address.DisplayName is { Length: > 0 } name
        ? $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\" <{address.Uri}>"
        : $"<{address.Uri}>";
}
