using System.Text;
using Switchhook.Sip.Messages;

namespace Switchhook.Exchange.Identity;

/// <summary>The headers of an INVITE that applications may want: their own (<c>X-</c>), and what tells where the call has been.</summary>
internal static class ArrivingHeaders
{
    private const int Most = 32;
    private const int LongestValue = 1024;

    public static IReadOnlyList<KeyValuePair<string, string>> Of(SipRequest invite)
    {
        List<KeyValuePair<string, string>>? found = null;
        foreach (var row in invite.AllRows)
        {
            if (row.Value.Length > LongestValue || !IsWanted(row) || found?.Count >= Most)
                continue;
            (found ??= []).Add(new(Encoding.ASCII.GetString(row.WrittenName), Encoding.UTF8.GetString(row.Value)));
        }
        return found ?? (IReadOnlyList<KeyValuePair<string, string>>)[];
    }

    private static bool IsWanted(in SipHeader row) => row.Name == HeaderName.PAssertedIdentity
        || row.Name == HeaderName.Diversion || Is(row, "P-Preferred-Identity"u8) || row.WrittenName is [(byte)'X' or (byte)'x', (byte)'-', _, ..];

    private static bool Is(in SipHeader row, ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(row.WrittenName, name);
}
