using System.Buffers;

namespace Switchhook.Sip.Transport.Layers;

/// <summary>A layer over another: a WebSocket over TLS.</summary>
internal sealed class LayerPair(IStreamLayer below, IStreamLayer above) : IStreamLayer
{
    private readonly ArrayBufferWriter<byte> _between = new();
    private readonly ArrayBufferWriter<byte> _back = new();

    public bool IsFramed => above.IsFramed;

    public bool Take(ReadOnlySpan<byte> received, ArrayBufferWriter<byte> plain, List<int> ends, ArrayBufferWriter<byte> answer)
    {
        _between.ResetWrittenCount();
        _back.ResetWrittenCount();
        var goesOn = below.Take(received, _between, ends, answer);
        if (_between.WrittenCount > 0) goesOn &= above.Take(_between.WrittenSpan, plain, ends, _back);
        return (_back.WrittenCount == 0 || below.Wrap(_back.WrittenSpan, answer)) && goesOn;
    }

    public bool Wrap(ReadOnlySpan<byte> message, ArrayBufferWriter<byte> wire)
    {
        _back.ResetWrittenCount();
        return above.Wrap(message, _back) && below.Wrap(_back.WrittenSpan, wire);
    }

    public void Dispose()
    {
        above.Dispose();
        below.Dispose();
    }
}
