namespace Switchhook.Sip.Messages;

/// <summary>One hop of a message's way (RFC 3261 §20.42).</summary>
public readonly ref struct Via
{
    private Via(ReadOnlySpan<byte> transport, ReadOnlySpan<byte> sentBy, ReadOnlySpan<byte> host, int port, SipParams parameters)
    {
        Transport = transport;
        SentBy = sentBy;
        Host = host;
        Port = port;
        Params = parameters;
    }

    /// <summary>What every branch made by RFC 3261 starts with (§8.1.1.7).</summary>
    public static ReadOnlySpan<byte> MagicCookie => "z9hG4bK"u8;

    /// <summary>The transport as written: <c>UDP</c>, <c>TCP</c>, <c>TLS</c> …</summary>
    public ReadOnlySpan<byte> Transport { get; }

    /// <summary>Host and port as written; part of the key of a server transaction (§17.2.3).</summary>
    public ReadOnlySpan<byte> SentBy { get; }

    /// <summary>The host of sent-by; an IPv6 address keeps its brackets.</summary>
    public ReadOnlySpan<byte> Host { get; }

    /// <summary>The port of sent-by, 0 when not given.</summary>
    public int Port { get; }

    /// <summary>The parameters.</summary>
    public SipParams Params { get; }

    /// <summary>The branch, which names the transaction (§8.1.1.7); empty when not given.</summary>
    public ReadOnlySpan<byte> Branch => Params.Get("branch"u8);

    /// <summary>True when the branch is unique for its transaction (§17.2.3).</summary>
    public bool HasMagicCookie => IsUnique(Branch);

    /// <summary>The address the message came from as the next hop saw it (§18.2.1); empty when not given.</summary>
    public ReadOnlySpan<byte> Received => Params.Get("received"u8);

    /// <summary>The multicast address to reply to (§18.2.2); empty when not given.</summary>
    public ReadOnlySpan<byte> Maddr => Params.Get("maddr"u8);

    /// <summary>True when the sender asks for the reply at its source port (RFC 3581 §3).</summary>
    public bool WantsRport => Params.Has("rport"u8);

    /// <summary>The value of rport, 0 when there is none (RFC 3581 §4).</summary>
    public int Rport => Params.TryGetNumber("rport"u8, out var port) && port <= ushort.MaxValue ? (int)port : 0;

    /// <summary>Reads one Via value; false unless it reads SIP/2.0/transport host[:port] and well-formed parameters.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out Via via)
    {
        if (TryReadSender(value, out via, out var isWellFormed) && isWellFormed) return true;
        via = default;
        return false;
    }

    /// <summary>
    /// Reads who sent it even when the version is another one or the parameters are malformed: enough to refuse the message
    /// (RFC 4475 §3.1.2.1, §3.1.2.16).
    /// </summary>
    internal static bool TryReadSender(ReadOnlySpan<byte> value, out Via via, out bool isWellFormed)
    {
        via = default;
        isWellFormed = false;
        value = SipText.Trim(value);
        if (!TakePart(ref value, out var protocol) || !SipText.EqualsIgnoreCase(protocol, "SIP"u8)) return false;
        if (!TakePart(ref value, out var version)) return false;
        var end = value.IndexOfAny((byte)' ', (byte)'\t');
        if (end <= 0 || !SipText.IsToken(value[..end])) return false;
        var transport = value[..end];
        value = SipText.TrimStart(value[end..]);
        var semicolon = value.IndexOf((byte)';');
        var sentBy = SipText.Trim(semicolon < 0 ? value : value[..semicolon]);
        var parameters = new SipParams(semicolon < 0 ? default : value[semicolon..]);
        if (!HostPort.TryParse(sentBy, out var host, out var port)) return false;
        via = new(transport, sentBy, host, port, parameters);
        isWellFormed = version.SequenceEqual("2.0"u8) && parameters.IsWellFormed;
        return true;
    }

    /// <summary>The cookie alone promises an identifier and brings none (RFC 4475 §3.2.1).</summary>
    internal static bool IsUnique(ReadOnlySpan<byte> branch) => branch.Length > MagicCookie.Length && branch.StartsWith(MagicCookie);

    private static bool TakePart(ref ReadOnlySpan<byte> value, out ReadOnlySpan<byte> part)
    {
        var slash = value.IndexOf((byte)'/');
        part = slash < 0 ? default : SipText.Trim(value[..slash]);
        if (slash >= 0) value = SipText.TrimStart(value[(slash + 1)..]);
        return slash >= 0;
    }
}
