namespace Switchhook.Sip.Messages;

/// <summary>
/// Room for one message at a time, which is read or written without creating anything. A message in it lives until the next one: whoever wants
/// more of it takes <see cref="SipMessage.Kept"/>. For one thread.
/// </summary>
public sealed class SipScratch
{
    private const int UsualBytes = 2_048;
    private const int UsualRows = 32;

    private byte[] _wire = new byte[UsualBytes];
    private HeaderRow[] _rows = new HeaderRow[UsualRows];
    private readonly SipRequest _request = new();
    private readonly SipResponse _response = new();
    private SipResponseBuilder? _builder;

    /// <summary>The builder of a response into this room, begun anew.</summary>
    internal SipResponseBuilder Builder => _builder ??= new(this);

    /// <summary>A copy of the octets; what was here before is gone.</summary>
    internal byte[] Copy(ReadOnlySpan<byte> wire)
    {
        if (_wire.Length < wire.Length) _wire = new byte[Math.Max(wire.Length, _wire.Length * 2)];
        wire.CopyTo(_wire);
        return _wire;
    }

    internal SipMessage Message(int length, ReadOnlySpan<HeaderRow> rows, in FirstRows first, int bodyOffset, in StartLine start)
    {
        if (_rows.Length < rows.Length) _rows = new HeaderRow[Math.Max(rows.Length, _rows.Length * 2)];
        rows.CopyTo(_rows);
        SipMessage message = start.IsResponse ? _response : _request;
        message.Refill(_wire, length, _rows, rows.Length, first, bodyOffset);
        if (start.IsResponse) _response.Begin(start.Status, start.Reason);
        else _request.Begin(start.Method, start.Uri);
        return message;
    }
}
