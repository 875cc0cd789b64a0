using System.Text;

namespace Switchhook.Sip.Messages;

/// <summary>A response (RFC 3261 §7.2).</summary>
public sealed class SipResponse : SipMessage
{
    private TextRange _reason;

    internal SipResponse(byte[] wire, HeaderRow[] rows, in FirstRows first, int bodyOffset, int status, TextRange reason)
        : base(wire, rows, first, bodyOffset) => Begin(status, reason);

    internal SipResponse()
        : base([], [], default, 0)
    {
    }

    /// <summary>The status code, 100 to 699; 0 in a malformed response.</summary>
    public int Status { get; private set; }

    /// <summary>The reason phrase as written, possibly empty.</summary>
    public ReadOnlySpan<byte> Reason => At(_reason);

    /// <summary>The reason phrase as text.</summary>
    public string ReasonText => Encoding.UTF8.GetString(Reason);

    /// <summary>True for 1xx.</summary>
    public bool IsProvisional => Status is >= 100 and < 200;

    /// <summary>True for 2xx.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>True for 2xx to 6xx.</summary>
    public bool IsFinal => Status >= 200;

    internal void Begin(int status, TextRange reason)
    {
        Status = status;
        _reason = reason;
    }
}
