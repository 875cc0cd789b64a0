using System.Text;

namespace Switchhook.Sip.Messages;

/// <summary>A request (RFC 3261 §7.1).</summary>
public sealed class SipRequest : SipMessage
{
    private TextRange _method;
    private TextRange _uri;

    internal SipRequest(byte[] wire, HeaderRow[] rows, in FirstRows first, int bodyOffset, TextRange method, TextRange uri)
        : base(wire, rows, first, bodyOffset) => Begin(method, uri);

    internal SipRequest()
        : base([], [], default, 0)
    {
    }

    /// <summary>The method; <see cref="SipMethod.Other"/> when it has no member.</summary>
    public SipMethod Method { get; private set; }

    /// <summary>The method as written.</summary>
    public ReadOnlySpan<byte> MethodName => At(_method);

    /// <summary>The Request-URI as written (RFC 3261 §8.1.1.1); read its parts with <see cref="SipUri.TryParse"/>.</summary>
    public ReadOnlySpan<byte> RequestUri => At(_uri);

    /// <inheritdoc/>
    public override bool IsReplyable => Method != SipMethod.Ack && HasReadableVia;

    /// <summary>The method and target, for logs.</summary>
    public string Summary => Encoding.UTF8.GetString(MethodName) + " " + Encoding.UTF8.GetString(RequestUri);

    internal void Begin(TextRange method, TextRange uri)
    {
        _method = method;
        _uri = uri;
        Method = SipMethods.Parse(At(method));
    }

    private protected override bool AgreesWith(CSeq cseq, ReadOnlySpan<byte> method) => method.SequenceEqual(MethodName);
}
