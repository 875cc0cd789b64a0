using System.Text;

namespace Switchhook.Sip.Messages;

/// <summary>Builds one request (RFC 3261 §8.1.1).</summary>
public sealed class SipRequestBuilder : SipMessageBuilder<SipRequestBuilder>
{
    /// <summary>Starts a request of a method with a member.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The method is <see cref="SipMethod.Other"/>.</exception>
    public SipRequestBuilder(SipMethod method, ReadOnlySpan<byte> requestUri)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(method, SipMethod.Other);
        StartLine(method.Name(), requestUri);
    }

    /// <inheritdoc cref="SipRequestBuilder(SipMethod, ReadOnlySpan{byte})"/>
    public SipRequestBuilder(SipMethod method, string requestUri)
        : this(method, Encoding.UTF8.GetBytes(requestUri))
    {
    }

    /// <summary>Starts a request of any method.</summary>
    /// <exception cref="ArgumentException">The method is no token.</exception>
    public SipRequestBuilder(ReadOnlySpan<byte> method, ReadOnlySpan<byte> requestUri)
    {
        if (!SipText.IsToken(method)) throw new ArgumentException("A method is a token.", nameof(method));
        StartLine(method, requestUri);
    }

    /// <summary>
    /// Adds a Via: <c>SIP/2.0/UDP host:port;branch=…;rport</c> (RFC 3261 §20.42, RFC 3581 §3). Top Via first.
    /// </summary>
    /// <param name="transport">UDP, TCP, TLS, WS or WSS.</param>
    /// <param name="host">A host name or address; an IPv6 address in brackets.</param>
    /// <param name="port">The port, 0 for the default of the transport.</param>
    /// <param name="branch">The whole branch, magic cookie included.</param>
    /// <param name="rport">Ask for the reply at the source port.</param>
    public SipRequestBuilder Via(
        ReadOnlySpan<byte> transport, ReadOnlySpan<byte> host, int port, ReadOnlySpan<byte> branch, bool rport = true)
    {
        Begin(HeaderName.Via);
        Writer.Raw("SIP/2.0/"u8);
        Writer.Text(transport);
        Writer.Raw(" "u8);
        Writer.Text(host);
        if (port > 0)
        {
            Writer.Raw(":"u8);
            Writer.Number(port);
        }

        Writer.Raw(";branch="u8);
        Writer.Text(branch);
        if (rport) Writer.Raw(";rport"u8);
        return End();
    }

    /// <inheritdoc cref="Via(ReadOnlySpan{byte}, ReadOnlySpan{byte}, int, ReadOnlySpan{byte}, bool)"/>
    public SipRequestBuilder Via(string transport, string host, int port, string branch, bool rport = true) =>
        Via(Encoding.UTF8.GetBytes(transport), Encoding.UTF8.GetBytes(host), port, Encoding.UTF8.GetBytes(branch), rport);

    /// <summary>Adds CSeq (RFC 3261 §20.16).</summary>
    public SipRequestBuilder CSeq(uint number, SipMethod method) => CSeq(number, method.Name());

    /// <summary>Adds CSeq for any method.</summary>
    public SipRequestBuilder CSeq(uint number, ReadOnlySpan<byte> method)
    {
        Begin(HeaderName.CSeq);
        Writer.Number(number);
        Writer.Raw(" "u8);
        Writer.Text(method);
        return End();
    }

    /// <summary>The request; the builder is spent.</summary>
    public SipRequest Build() => (SipRequest)Finish();

    private void StartLine(ReadOnlySpan<byte> method, ReadOnlySpan<byte> requestUri)
    {
        Writer.Raw(method);
        Writer.Raw(" "u8);
        Writer.Uri(WithoutHeaders(requestUri));
        Writer.Raw(" SIP/2.0\r\n"u8);
    }

    /// <summary>A Contact or Refer-To may carry headers behind a question mark, a Request-URI may not (§19.1.1, table 1).</summary>
    private static ReadOnlySpan<byte> WithoutHeaders(ReadOnlySpan<byte> uri)
    {
        if (!uri.Contains((byte)'?') || !SipUri.TryParse(uri, out var read) || read.Scheme is not (SipScheme.Sip or SipScheme.Sips)) return uri;
        var question = uri[(uri.IndexOf((byte)'@') + 1)..].IndexOf((byte)'?');
        return question < 0 ? uri : uri[..(uri.IndexOf((byte)'@') + 1 + question)];
    }
}
