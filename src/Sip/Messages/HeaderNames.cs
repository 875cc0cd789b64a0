using System.Text;

namespace Switchhook.Sip.Messages;

/// <summary>Translates between header fields and their long and compact names (RFC 3261 §7.3.3, §20).</summary>
public static class HeaderNames
{
    /// <summary>How many members <see cref="HeaderName"/> has.</summary>
    internal const int Count = (int)HeaderName.RemotePartyId + 1;

    private const int TableSize = 512;
    private static readonly byte[][] WireNames = new byte[Count][];
    private static readonly HeaderName[] ByHash = new HeaderName[TableSize];
    private static readonly HeaderName[] ByLetter = new HeaderName[32];

#pragma warning disable CA1810 // The three tables are filled together.
    static HeaderNames()
#pragma warning restore CA1810
    {
        WireNames[0] = [];
        for (var i = 1; i < Count; i++) WireNames[i] = Encoding.ASCII.GetBytes(Spell((HeaderName)i));
        for (var i = 1; i < Count; i++)
        {
            var slot = Hash(WireNames[i]);
            while (ByHash[slot] != HeaderName.Other) slot = (slot + 1) & (TableSize - 1);
            ByHash[slot] = (HeaderName)i;
        }

        foreach (var (letter, name) in Compact) ByLetter[letter & 31] = name;
    }

    private static (char Letter, HeaderName Name)[] Compact =>
    [
        ('a', HeaderName.AcceptContact), ('b', HeaderName.ReferredBy), ('c', HeaderName.ContentType),
        ('d', HeaderName.RequestDisposition), ('e', HeaderName.ContentEncoding), ('f', HeaderName.From),
        ('i', HeaderName.CallId), ('j', HeaderName.RejectContact), ('k', HeaderName.Supported),
        ('l', HeaderName.ContentLength), ('m', HeaderName.Contact), ('n', HeaderName.IdentityInfo),
        ('o', HeaderName.Event), ('r', HeaderName.ReferTo), ('s', HeaderName.Subject), ('t', HeaderName.To),
        ('u', HeaderName.AllowEvents), ('v', HeaderName.Via), ('x', HeaderName.SessionExpires),
        ('y', HeaderName.Identity),
    ];

    /// <summary>The long name on the wire; empty for <see cref="HeaderName.Other"/>.</summary>
    public static ReadOnlySpan<byte> Wire(this HeaderName name) => WireNames[(int)name];

    /// <summary>The field called <paramref name="name"/>, in any case, long or compact; else <see cref="HeaderName.Other"/>.</summary>
    public static HeaderName Parse(ReadOnlySpan<byte> name)
    {
        if (name.Length < 2)
            return name.Length == 1 && char.IsAsciiLetter((char)name[0]) ? ByLetter[name[0] & 31] : HeaderName.Other;
        for (var slot = Hash(name); ; slot = (slot + 1) & (TableSize - 1))
        {
            var candidate = ByHash[slot];
            if (candidate == HeaderName.Other || Ascii.EqualsIgnoreCase(WireNames[(int)candidate], name)) return candidate;
        }
    }

    // First, middle and last letters with the length keep the known names apart; the rest is linear probing.
    private static int Hash(ReadOnlySpan<byte> name)
    {
        var n = name.Length;
        var h = ((name[0] | 0x20) * 31) + ((name[n - 1] | 0x20) * 7) + ((name[n >> 1] | 0x20) * 131) + (n * 59);
        return h & (TableSize - 1);
    }

    private static string Spell(HeaderName name) => name switch
    {
        HeaderName.CallId => "Call-ID",
        HeaderName.CSeq => "CSeq",
        HeaderName.MimeVersion => "MIME-Version",
        HeaderName.WwwAuthenticate => "WWW-Authenticate",
        HeaderName.RAck => "RAck",
        HeaderName.RSeq => "RSeq",
        HeaderName.SipETag => "SIP-ETag",
        HeaderName.SipIfMatch => "SIP-If-Match",
        HeaderName.MinSE => "Min-SE",
        HeaderName.SessionId => "Session-ID",
        HeaderName.RemotePartyId => "Remote-Party-ID",
        _ => Hyphenate(name.ToString()),
    };

    private static string Hyphenate(string member)
    {
        var text = new StringBuilder(member.Length + 3);
        for (var i = 0; i < member.Length; i++)
        {
            if (i > 0 && char.IsAsciiLetterUpper(member[i])) text.Append('-');
            text.Append(member[i]);
        }

        return text.ToString();
    }
}
