using System.Buffers.Binary;
using System.Security.Cryptography;
using Switchhook.Sip.Dialogs;

namespace Switchhook.Exchange.Shards;

/// <summary>Unguessable bits, fetched in blocks. Belongs to one thread.</summary>
internal sealed class StrongRandom : IRandomSource
{
    private readonly byte[] _block = new byte[1024];
    private int _used = 1024;

    public ulong Next()
    {
        if (_used == _block.Length)
        {
            RandomNumberGenerator.Fill(_block);
            _used = 0;
        }
        var value = BinaryPrimitives.ReadUInt64LittleEndian(_block.AsSpan(_used));
        _used += sizeof(ulong);
        return value;
    }
}
