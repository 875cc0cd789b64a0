using System.Buffers;

namespace Switchhook.Sip.Transport.Layers;

/// <summary>What lies between the bytes of a stream connection and SIP. Belongs to the thread that polls, and never waits.</summary>
internal interface IStreamLayer : IDisposable
{
    /// <summary>True when the layer itself says where messages end; else their Content-Length does.</summary>
    bool IsFramed { get; }

    /// <summary>Takes bytes that have come. False when the stream cannot go on, once what was written is used.</summary>
    /// <param name="received">What has come.</param>
    /// <param name="plain">Gets what they hold for SIP.</param>
    /// <param name="ends">Gets where each message in <paramref name="plain"/> ends, where the layer knows.</param>
    /// <param name="answer">Gets what is to be sent in answer.</param>
    bool Take(ReadOnlySpan<byte> received, ArrayBufferWriter<byte> plain, List<int> ends, ArrayBufferWriter<byte> answer);

    /// <summary>Writes a message as it is to be sent. False when nothing can be sent, because the stream has not been set up or has ended.</summary>
    bool Wrap(ReadOnlySpan<byte> message, ArrayBufferWriter<byte> wire);
}
