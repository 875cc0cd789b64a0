using System.Security.Cryptography;

namespace Switchhook.Media.Transport;

/// <summary>Unguessable octets, fetched in blocks: asking for a few at a time costs as much as for a thousand. Safe from any thread.</summary>
internal sealed class Chance
{
    private readonly Lock _gate = new();
    private readonly byte[] _block = new byte[1_000];
    private int _used = 1_000;

    /// <param name="room">At most a block long.</param>
    public void Fill(Span<byte> room)
    {
        lock (_gate)
        {
            if (_block.Length - _used < room.Length)
            {
                RandomNumberGenerator.Fill(_block);
                _used = 0;
            }

            var piece = _block.AsSpan(_used, room.Length);
            piece.CopyTo(room);
            piece.Clear();
            _used += room.Length;
        }
    }
}
