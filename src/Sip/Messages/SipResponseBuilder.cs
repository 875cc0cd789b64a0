using System.Net;
using System.Text;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Messages;

/// <summary>Builds one response (RFC 3261 §8.2.6).</summary>
public sealed class SipResponseBuilder : SipMessageBuilder<SipResponseBuilder>
{
    /// <summary>Starts a response with its status line only.</summary>
    /// <param name="status">100 to 699.</param>
    /// <param name="reason">The reason phrase; the usual one when empty.</param>
    /// <exception cref="ArgumentOutOfRangeException">The status is no SIP status.</exception>
    public SipResponseBuilder(int status, ReadOnlySpan<byte> reason = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 100);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 699);
        Begin(status, reason);
    }

    internal SipResponseBuilder(SipScratch scratch)
        : base(scratch)
    {
    }

    private void Begin(int status, ReadOnlySpan<byte> reason)
    {
        Writer.Raw("SIP/2.0 "u8);
        Writer.Number(status);
        Writer.Raw(" "u8);
        Writer.Text(reason.IsEmpty ? SipStatus.ReasonPhrase(status) : reason);
        Writer.Raw("\r\n"u8);
    }

    /// <summary>
    /// Starts the response to a request: every Via, From, To, Call-ID and CSeq are copied, To gets a tag unless it has
    /// one or the response is 100, a dialog-forming response gets the Record-Route (RFC 3261 §8.2.6.2, §12.1.1).
    /// </summary>
    /// <param name="request">The request; a malformed one must be <see cref="SipMessage.IsReplyable"/>.</param>
    /// <param name="status">100 to 699.</param>
    /// <param name="toTag">Our tag; empty for none.</param>
    /// <param name="source">
    /// Where the request came from: the top Via then gets <c>received</c> and a wanted <c>rport</c> filled in
    /// (RFC 3261 §18.2.1, RFC 3581 §4).
    /// </param>
    /// <param name="reason">The reason phrase; the usual one when empty.</param>
    public static SipResponseBuilder ReplyTo(
        SipRequest request, int status, ReadOnlySpan<byte> toTag, IPEndPoint? source = null, ReadOnlySpan<byte> reason = default) =>
        ReplyTo(new SipResponseBuilder(status, reason), request, status, toTag, source is null ? default : SipEndpoint.From(source));

    /// <summary>The same, in a scratch that is not the request's own: it lives there until the next one.</summary>
    public static SipResponseBuilder ReplyTo(
        SipScratch scratch, SipRequest request, int status, ReadOnlySpan<byte> toTag, SipEndpoint source, ReadOnlySpan<byte> reason = default)
    {
        var builder = scratch.Builder;
        builder.Restart();
        builder.Begin(status, reason);
        return ReplyTo(builder, request, status, toTag, source);
    }

    private static SipResponseBuilder ReplyTo(
        SipResponseBuilder builder, SipRequest request, int status, ReadOnlySpan<byte> toTag, SipEndpoint source)
    {
        builder.CopyVias(request, source);
        builder.CopyFrom(request, HeaderName.From);
        builder.CopyTo(request, status == SipStatus.Trying ? default : toTag);
        builder.CopyFrom(request, HeaderName.CallId);
        builder.CopyFrom(request, HeaderName.CSeq);
        if (request.Method is SipMethod.Invite or SipMethod.Subscribe or SipMethod.Refer or SipMethod.Notify
            && status is > SipStatus.Trying and < 300)
        {
            builder.CopyFrom(request, HeaderName.RecordRoute);
        }

        // RFC 3261 §8.2.6.1: a 100 carries the Timestamp of the request.
        return status == SipStatus.Trying ? builder.CopyFrom(request, HeaderName.Timestamp) : builder;
    }

    /// <inheritdoc cref="ReplyTo(SipRequest, int, ReadOnlySpan{byte}, IPEndPoint?, ReadOnlySpan{byte})"/>
    public static SipResponseBuilder ReplyTo(SipRequest request, int status, string toTag, IPEndPoint? source = null) =>
        ReplyTo(request, status, Encoding.UTF8.GetBytes(toTag), source);

    /// <summary>The response; the builder is spent.</summary>
    public SipResponse Build() => (SipResponse)Finish();

    private void CopyTo(SipRequest request, ReadOnlySpan<byte> tag)
    {
        if (!request.TryGet(HeaderName.To, out var to)) return;
        Begin(HeaderName.To);
        Writer.Text(to);
        if (!tag.IsEmpty && request.ToTag.IsEmpty)
        {
            Writer.Raw(";tag="u8);
            Writer.Text(tag);
        }

        End();
    }

    private void CopyVias(SipRequest request, SipEndpoint source)
    {
        var isTop = true;
        foreach (var row in request.Rows(HeaderName.Via))
        {
            Begin(HeaderName.Via);
            if (isTop && !source.IsNone && Messages.Via.TryParse(request.TopViaValue, out var via))
            {
                WriteSeen(via, source);
                Writer.Text(row[request.TopViaValue.Length..]);
            }
            else
            {
                Writer.Text(row);
            }

            End();
            isTop = false;
        }
    }

    /// <summary>
    /// The top Via with what we saw of its sender. received is always written with rport (RFC 3581 §4), and whenever
    /// sent-by is not the source address. A received or rport value the sender made up is dropped.
    /// </summary>
    private void WriteSeen(in Via via, SipEndpoint source)
    {
        Writer.Raw("SIP/2.0/"u8);
        Writer.Text(via.Transport);
        Writer.Raw(" "u8);
        Writer.Text(via.SentBy);
        foreach (var param in via.Params)
        {
            if (SipText.EqualsIgnoreCase(param.Name, "received"u8) || SipText.EqualsIgnoreCase(param.Name, "rport"u8)) continue;
            Writer.Raw(";"u8);
            Writer.Text(param.Name);
            if (param.IsQuoted || !param.Value.IsEmpty) Writer.Raw(param.IsQuoted ? "=\""u8 : "="u8);
            Writer.Text(param.Value);
            if (param.IsQuoted) Writer.Raw("\""u8);
        }

        Span<byte> room = stackalloc byte[64];
        _ = source.TryFormatAddress(room, out var length);
        if (via.WantsRport || !IsSentBy(via.Host, source, room[..length]))
        {
            Writer.Raw(";received="u8);
            Writer.Text(room[..length]);
        }

        if (!via.WantsRport) return;
        Writer.Raw(";rport="u8);
        Writer.Number(source.Port);
    }

    private static bool IsSentBy(ReadOnlySpan<byte> host, SipEndpoint source, ReadOnlySpan<byte> written)
    {
        if (host is [(byte)'[', .., (byte)']']) host = host[1..^1];
        if (host.SequenceEqual(written)) return true;
        return IPAddress.TryParse(Encoding.ASCII.GetString(host), out var sentBy) && sentBy.Equals(source.ToIPAddress());
    }
}
