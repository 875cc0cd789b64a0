using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Dialogs;

/// <summary>The messages a user agent writes (RFC 3261 §8.1.1, §8.2.6).</summary>
public sealed partial class SipUserAgent
{
    /// <summary>The methods a session takes, for the Allow of answers outside of sessions too (RFC 3261 §11.2).</summary>
    public const string AllowedMethods = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK, REFER, NOTIFY, SUBSCRIBE";

    /// <summary>The bodies a session takes, for Accept.</summary>
    public const string AcceptedTypes = "application/sdp, multipart/mixed, multipart/alternative";

    /// <summary>The Max-Forwards of what begins with us (RFC 3261 §8.1.1.6).</summary>
    public const int UsualHops = 70;

    internal static readonly SipHeaderLine AllowLine = new("Allow", AllowedMethods);
    internal static readonly SipHeaderLine AcceptLine = new("Accept", AcceptedTypes);
    internal static readonly SipHeaderLine AcceptEncodingLine = new("Accept-Encoding", "identity");

    private static ReadOnlySpan<byte> Allow => "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK, REFER, NOTIFY, SUBSCRIBE"u8;

    private readonly List<(byte[] Host, int Port)> _sentBy = [];

    /// <summary>A response of ours without a body.</summary>
    internal SipResponse BuildReply(IncomingRequest request, int status, ulong tag, ReadOnlySpan<SipHeaderLine> headers)
    {
        var builder = ReplyTo(request, status, tag);
        foreach (var header in headers) builder.Header(header.Name, header.Value);
        return builder.Build();
    }

    /// <summary>A response to an INVITE that makes or keeps a dialog (§12.1.1).</summary>
    internal SipResponse BuildAnswer(
        IncomingRequest request, int status, ulong tag, byte[] contact, ReadOnlySpan<byte> sdp, ReadOnlySpan<SipHeaderLine> headers)
    {
        var builder = ReplyTo(request, status, tag)
            .Header(HeaderName.Contact, contact).Header(HeaderName.Allow, Allow).Header(HeaderName.Supported, Supported);
        foreach (var header in headers) builder.Header(header.Name, header.Value);
        if (!sdp.IsEmpty) builder.Body("application/sdp"u8, sdp);
        return builder.Build();
    }

    /// <summary>A request inside a dialog, with the next CSeq.</summary>
    internal SipRequest BuildInDialog(
        SipDialog dialog, SipMethod method, ReadOnlySpan<byte> contact, ReadOnlySpan<byte> contentType, ReadOnlySpan<byte> body,
        params ReadOnlySpan<SipHeaderLine> headers)
    {
        var builder = dialog.Begin(method, dialog.NextCSeq(), this);
        if (!contact.IsEmpty)
            builder.Header(HeaderName.Contact, contact).Header(HeaderName.Allow, Allow).Header(HeaderName.Supported, Supported);
        foreach (var header in headers) builder.Header(header.Name, header.Value);
        if (!body.IsEmpty) builder.Body(contentType, body);
        return builder.Build();
    }

    /// <summary>The first INVITE of a session (§13.2.1).</summary>
    internal SipRequest BuildInvite(
        OutgoingInvite invite, ReadOnlySpan<byte> callId, ReadOnlySpan<byte> contact, ulong tag, ReadOnlySpan<SipHeaderLine> headers)
    {
        Span<byte> tagText = stackalloc byte[16];
        var builder = new SipRequestBuilder(SipMethod.Invite, invite.RequestUri);
        WriteVia(builder, invite.Flow);
        builder.Header(HeaderName.MaxForwards, invite.MaxForwards);
        foreach (var route in invite.Routes) builder.Header(HeaderName.Route, route);
        builder
            .Address(HeaderName.From, invite.From.DisplayName, Encoding.UTF8.GetBytes(invite.From.Uri), WriteTag(tag, tagText))
            .Address(HeaderName.To, invite.To.DisplayName, Encoding.UTF8.GetBytes(invite.To.Uri))
            .Header(HeaderName.CallId, callId)
            .CSeq(1, SipMethod.Invite)
            .Header(HeaderName.Contact, contact)
            .Header(HeaderName.Allow, Allow)
            .Header(HeaderName.Supported, Supported);
        if (_product.Length > 0) builder.Header(HeaderName.UserAgent, _product);
        foreach (var header in headers) builder.Header(header.Name, header.Value);
        foreach (var header in invite.Headers) builder.Header(header.Name, header.Value);
        if (!invite.Offer.IsEmpty) builder.Body("application/sdp"u8, invite.Offer.Span);
        return builder.Build();
    }

    /// <summary>Adds our Via with a branch of its own (§8.1.1.7).</summary>
    internal void WriteVia(SipRequestBuilder builder, in SipFlow flow)
    {
        Span<byte> branch = stackalloc byte[23];
        "z9hG4bK"u8.CopyTo(branch);
        WriteTag(_random.Next(), branch[7..]);
        var (host, port) = SentBy(flow);
        builder.Via(flow.Kind.ViaName(), host, port, branch);
    }

    /// <summary>Our Contact on this flow: <c>&lt;sip:user@host:port;transport=tcp&gt;</c>.</summary>
    internal byte[] Contact(string user, in SipFlow flow)
    {
        var (host, port) = SentBy(flow);
        var transport = flow.Kind switch
        {
            SipTransportKind.Udp => "",
            SipTransportKind.Tcp => ";transport=tcp",
            SipTransportKind.Tls => ";transport=tls",
            _ => ";transport=ws",
        };
        var at = user.Length > 0 ? user + "@" : "";
        return Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"<sip:{at}{Encoding.ASCII.GetString(host)}:{port}{transport}>"));
    }

    internal byte[] NewCallId()
    {
        var id = new byte[32];
        WriteTag(_random.Next(), id);
        WriteTag(_random.Next(), id.AsSpan(16));
        return id;
    }

    internal SipResponseBuilder ReplyTo(IncomingRequest request, int status, ulong tag)
    {
        Span<byte> tagText = stackalloc byte[16];
        var builder = SipResponseBuilder.ReplyTo(request.Request, status, WriteTag(tag, tagText), request.Transaction.Source);
        return _product.Length > 0 ? builder.Header(HeaderName.Server, _product) : builder;
    }

    internal static ReadOnlySpan<byte> WriteTag(ulong tag, Span<byte> sixteen)
    {
        _ = Utf8Formatter.TryFormat(tag, sixteen, out _, new('x', 16));
        return sixteen[..16];
    }

    internal static bool TryReadTag(ReadOnlySpan<byte> text, out ulong tag)
    {
        tag = 0;
        return text.Length == 16 && Utf8Parser.TryParse(text, out tag, out var used, 'x') && used == 16;
    }

    /// <summary>What Via and Contact name on this flow; written once for each listener.</summary>
    private (byte[] Host, int Port) SentBy(in SipFlow flow)
    {
        var listener = Stack.ListenerFor(flow) ?? (Stack.Listeners is [var first, ..] ? first : null);
        if (listener is null) return ("localhost"u8.ToArray(), 0);
        while (_sentBy.Count <= listener.Index)
        {
            var next = Stack.Listeners[_sentBy.Count];
            var host = next.AdvertisedHost.Contains(':', StringComparison.Ordinal) ? "[" + next.AdvertisedHost + "]" : next.AdvertisedHost;
            _sentBy.Add((Encoding.UTF8.GetBytes(host), next.AdvertisedPort));
        }

        return _sentBy[listener.Index];
    }
}
