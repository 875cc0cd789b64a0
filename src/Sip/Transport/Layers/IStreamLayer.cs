using System.Buffers;

namespace Switchhook.Sip.Transport.Layers;

/// <summary>What lies between the bytes of a stream connection and SIP. Belongs to the thread that polls, and never waits.</summary>
internal interface IStreamLayer : IDisposable
{
    /// <summary>Takes bytes that have come; writes what they hold for SIP, and what is to be sent in answer. False when the stream cannot go on.</summary>
    bool Take(ReadOnlySpan<byte> received, ArrayBufferWriter<byte> plain, ArrayBufferWriter<byte> answer);

    /// <summary>Writes a message as it is to be sent. False when nothing can be sent, because the stream has not been set up or has ended.</summary>
    bool Wrap(ReadOnlySpan<byte> message, ArrayBufferWriter<byte> wire);
}
