using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Switchhook.Sip.Auth;

/// <summary>What a nonce turned out to be.</summary>
internal enum NonceState : byte
{
    Fresh,

    /// <summary>Not ours, changed, or made for another algorithm.</summary>
    Foreign,
    Expired,

    /// <summary>This count was used with this nonce before (RFC 7616 §3.4.1).</summary>
    Replayed,
}

/// <summary>
/// Makes nonces that prove their own age by a keyed hash, and remembers the counts used with each. A nonce costs memory
/// only once a correct digest came with it; of these the newest <paramref name="capacity"/> are kept, each until its time is over.
/// </summary>
internal sealed class NonceLedger(byte[] key, TimeProvider clock, TimeSpan lifetime, int capacity)
{
    private const int PlainBytes = 16;
    private const int MacBytes = 16;

    /// <summary>Characters of a nonce.</summary>
    public const int TextLength = (PlainBytes + MacBytes) * 2;

    private readonly Dictionary<long, Use> _uses = [];
    private readonly Queue<(long Serial, long UsedAt)> _order = [];
    private long _made;
    private long _forgottenUpTo;

    /// <summary>How many nonces are remembered.</summary>
    public int Remembered => _uses.Count;

    public void Make(DigestAlgorithm algorithm, Span<byte> text)
    {
        Span<byte> nonce = stackalloc byte[PlainBytes + MacBytes];
        BinaryPrimitives.WriteInt64BigEndian(nonce, clock.GetTimestamp());
        BinaryPrimitives.WriteInt64BigEndian(nonce[8..], ++_made);
        Sign(algorithm, nonce[..PlainBytes], nonce[PlainBytes..]);
        _ = Convert.TryToHexStringLower(nonce, text, out _);
    }

    /// <summary>Judges a nonce without remembering anything; <paramref name="serial"/> names it for <see cref="Use"/>.</summary>
    public NonceState Judge(DigestAlgorithm algorithm, ReadOnlySpan<byte> text, uint count, out long serial)
    {
        serial = 0;
        Span<byte> nonce = stackalloc byte[PlainBytes + MacBytes];
        if (text.Length != TextLength || Convert.FromHexString(text, nonce, out _, out _) != System.Buffers.OperationStatus.Done)
            return NonceState.Foreign;
        Span<byte> mac = stackalloc byte[MacBytes];
        Sign(algorithm, nonce[..PlainBytes], mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, nonce[PlainBytes..])) return NonceState.Foreign;
        var made = BinaryPrimitives.ReadInt64BigEndian(nonce);
        if (clock.GetElapsedTime(made) > lifetime) return NonceState.Expired;
        serial = BinaryPrimitives.ReadInt64BigEndian(nonce[8..]);
        if (_uses.TryGetValue(serial, out var use)) return use.Allows(count) ? NonceState.Fresh : NonceState.Replayed;
        // Its counts are forgotten, so a replay could not be told from a first use.
        return serial <= _forgottenUpTo ? NonceState.Expired : NonceState.Fresh;
    }

    /// <summary>Remembers that this count was used.</summary>
    public void MarkUsed(long serial, uint count)
    {
        if (_uses.TryGetValue(serial, out var use))
        {
            _uses[serial] = use.With(count);
            return;
        }

        Forget();
        _order.Enqueue((serial, clock.GetTimestamp()));
        _uses[serial] = new Use(count, 1);
    }

    /// <summary>Makes room for one more; what is too old to be taken again needs no remembering.</summary>
    private void Forget()
    {
        while (_order.TryPeek(out var oldest) && (_order.Count >= capacity || clock.GetElapsedTime(oldest.UsedAt) > lifetime))
        {
            _ = _order.Dequeue();
            _ = _uses.Remove(oldest.Serial);
            _forgottenUpTo = Math.Max(_forgottenUpTo, oldest.Serial);
        }
    }

    private void Sign(DigestAlgorithm algorithm, ReadOnlySpan<byte> plain, Span<byte> mac)
    {
        Span<byte> signed = stackalloc byte[PlainBytes + 1];
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        plain.CopyTo(signed);
        signed[PlainBytes] = (byte)algorithm;
        _ = HMACSHA256.HashData(key, signed, whole);
        whole[..MacBytes].CopyTo(mac);
    }

    /// <summary>The highest count seen and, one bit each, the 64 counts up to it: datagrams may overtake each other.</summary>
    private readonly record struct Use(uint Highest, ulong Seen)
    {
        public bool Allows(uint count) =>
            count > Highest || (Highest - count < 64 && (Seen & (1UL << (int)(Highest - count))) == 0);

        public Use With(uint count)
        {
            if (count <= Highest) return this with { Seen = Seen | (1UL << (int)(Highest - count)) };
            var shift = count - Highest;
            return new(count, (shift >= 64 ? 0 : Seen << (int)shift) | 1);
        }
    }
}
