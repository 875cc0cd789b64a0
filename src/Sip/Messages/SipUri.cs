using System.Net;
using System.Text;

namespace Switchhook.Sip.Messages;

/// <summary>The schemes this stack can do something with (RFC 3261 §19.1, RFC 3966).</summary>
public enum SipScheme : byte
{
    /// <summary>A scheme that is answered 416 when it is a Request-URI.</summary>
    Other,
    Sip,
    Sips,
    Tel,
}

/// <summary>A URI taken apart (RFC 3261 §19.1.1). For <c>tel:</c> the number is the user and there is no host.</summary>
public readonly ref partial struct SipUri
{
    private SipUri(ReadOnlySpan<byte> raw, SipScheme scheme)
    {
        Raw = raw;
        Scheme = scheme;
    }

    /// <summary>The URI as written.</summary>
    public ReadOnlySpan<byte> Raw { get; private init; }

    /// <summary>The scheme.</summary>
    public SipScheme Scheme { get; private init; }

    /// <summary>The user part as written, escapes left in, without a password; empty when there is none.</summary>
    public ReadOnlySpan<byte> User { get; private init; }

    /// <summary>User and password as written: what two URIs are compared by.</summary>
    public ReadOnlySpan<byte> UserInfo { get; private init; }

    /// <summary>The host as written; an IPv6 address keeps its brackets. Empty for <c>tel:</c> and other schemes.</summary>
    public ReadOnlySpan<byte> Host { get; private init; }

    /// <summary>The port, 0 when not given.</summary>
    public int Port { get; private init; }

    /// <summary>The URI parameters.</summary>
    public SipParams Params { get; private init; }

    /// <summary>The headers behind the question mark, without it.</summary>
    public ReadOnlySpan<byte> Headers { get; private init; }

    /// <summary>The transport parameter; empty when not given.</summary>
    public ReadOnlySpan<byte> Transport => Params.Get("transport"u8);

    /// <summary>The maddr parameter; empty when not given.</summary>
    public ReadOnlySpan<byte> Maddr => Params.Get("maddr"u8);

    /// <summary>The method parameter; empty when not given.</summary>
    public ReadOnlySpan<byte> Method => Params.Get("method"u8);

    /// <summary>The user parameter: <c>phone</c> or <c>ip</c>.</summary>
    public ReadOnlySpan<byte> UserKind => Params.Get("user"u8);

    /// <summary>True when the element behind this URI routes loosely (RFC 3261 §19.1.1).</summary>
    public bool IsLooseRouter => Params.Has("lr"u8);

    /// <summary>The ttl parameter, 0 when not given.</summary>
    public int Ttl => Params.TryGetNumber("ttl"u8, out var ttl) && ttl <= 255 ? (int)ttl : 0;

    /// <summary>The user part as text, percent escapes resolved (RFC 3261 §19.1.2).</summary>
    public string UserText => Decode(User);

    /// <summary>The host as text, without the brackets of an IPv6 address.</summary>
    public string HostText => Encoding.ASCII.GetString(Host is [(byte)'[', .., (byte)']'] ? Host[1..^1] : Host);

    /// <summary>True when the host is an IP address.</summary>
    public bool TryGetAddress(out IPAddress? address)
    {
        address = null;
        return !Host.IsEmpty && IPAddress.TryParse(HostText, out address);
    }

    /// <summary>Reads a URI of any scheme; false when it is no absolute URI, or no well-formed one of a scheme known here.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out SipUri uri)
    {
        uri = default;
        var colon = text.IndexOf((byte)':');
        if (colon <= 0 || colon == text.Length - 1 || text.IndexOfAny(SipText.UnsafeInUri) >= 0) return false;
        var name = text[..colon];
        if (!char.IsAsciiLetter((char)name[0]) || !SipText.IsToken(name)) return false;
        var rest = text[(colon + 1)..];
        if (SipText.EqualsIgnoreCase(name, "sip"u8)) return TryParseSip(text, rest, SipScheme.Sip, out uri);
        if (SipText.EqualsIgnoreCase(name, "sips"u8)) return TryParseSip(text, rest, SipScheme.Sips, out uri);
        if (SipText.EqualsIgnoreCase(name, "tel"u8)) return TryParseTel(text, rest, out uri);
        uri = new(text, SipScheme.Other);
        return true;
    }

    /// <summary>True for what may stand in a request line: any absolute URI, well-formed if its scheme is known.</summary>
    internal static bool IsRequestUri(ReadOnlySpan<byte> text) => TryParse(text, out _);

    private static bool TryParseSip(ReadOnlySpan<byte> text, ReadOnlySpan<byte> rest, SipScheme scheme, out SipUri uri)
    {
        uri = default;
        ReadOnlySpan<byte> userInfo = default;
        ReadOnlySpan<byte> user = default;
        var at = rest.IndexOf((byte)'@');
        if (at == 0) return false;
        if (at > 0)
        {
            userInfo = rest[..at];
            rest = rest[(at + 1)..];
            var password = userInfo.IndexOf((byte)':');
            user = password < 0 ? userInfo : userInfo[..password];
            if (user.IsEmpty || rest.IndexOf((byte)'@') >= 0 || !HasWholeEscapes(userInfo)) return false;
        }

        var question = rest.IndexOf((byte)'?');
        var headers = question < 0 ? default : rest[(question + 1)..];
        if (question >= 0) rest = rest[..question];
        var semicolon = rest.IndexOf((byte)';');
        var parameters = new SipParams(semicolon < 0 ? default : rest[semicolon..]);
        var hostPort = semicolon < 0 ? rest : rest[..semicolon];
        if (!HostPort.TryParse(hostPort, out var host, out var port) || !parameters.IsWellFormed) return false;
        uri = new(text, scheme)
        {
            User = user,
            UserInfo = userInfo,
            Host = host,
            Port = port,
            Params = parameters,
            Headers = headers,
        };
        return true;
    }

    private static bool TryParseTel(ReadOnlySpan<byte> text, ReadOnlySpan<byte> rest, out SipUri uri)
    {
        var semicolon = rest.IndexOf((byte)';');
        var number = semicolon < 0 ? rest : rest[..semicolon];
        var parameters = new SipParams(semicolon < 0 ? default : rest[semicolon..]);
        uri = new(text, SipScheme.Tel) { User = number, UserInfo = number, Params = parameters };
        return !number.IsEmpty && parameters.IsWellFormed;
    }

    private static bool HasWholeEscapes(ReadOnlySpan<byte> text)
    {
        for (var i = text.IndexOf((byte)'%'); i >= 0 && i < text.Length; i++)
        {
            if (text[i] != (byte)'%') continue;
            if (i + 2 >= text.Length || !char.IsAsciiHexDigit((char)text[i + 1]) || !char.IsAsciiHexDigit((char)text[i + 2]))
                return false;
        }

        return true;
    }
}
