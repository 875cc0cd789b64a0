using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace Switchhook.Sip.Transactions;

/// <summary>
/// SipHash-2-4 with 128 bits of output. Under a key nobody else knows, two texts that give the same digest cannot be looked for, and by chance they
/// do not happen; so the digest can stand for the text.
/// </summary>
internal static class KeyedDigest
{
    private static readonly UInt128 ProcessKey = NewKey();

    /// <summary>The digest under the key of this process.</summary>
    public static UInt128 Of(ReadOnlySpan<byte> text) => Of(ProcessKey, text);

    /// <summary>The digest under a key whose first eight octets are its lower half.</summary>
    public static UInt128 Of(UInt128 key, ReadOnlySpan<byte> text)
    {
        var state = new State((ulong)key, (ulong)(key >> 64));
        var rest = text;
        for (; rest.Length >= sizeof(ulong); rest = rest[sizeof(ulong)..]) state.Take(BinaryPrimitives.ReadUInt64LittleEndian(rest));
        var last = (ulong)text.Length << 56;
        for (var i = 0; i < rest.Length; i++) last |= (ulong)rest[i] << (8 * i);
        state.Take(last);
        return state.Finish();
    }

    private static UInt128 NewKey()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt128LittleEndian(bytes);
    }

    private ref struct State
    {
        private ulong _v0, _v1, _v2, _v3;

        public State(ulong low, ulong high)
        {
            _v0 = low ^ 0x736f6d6570736575;
            _v1 = high ^ 0x646f72616e646f6d ^ 0xee;
            _v2 = low ^ 0x6c7967656e657261;
            _v3 = high ^ 0x7465646279746573;
        }

        public void Take(ulong word)
        {
            _v3 ^= word;
            Rounds(2);
            _v0 ^= word;
        }

        public UInt128 Finish()
        {
            _v2 ^= 0xee;
            Rounds(4);
            var low = _v0 ^ _v1 ^ _v2 ^ _v3;
            _v1 ^= 0xdd;
            Rounds(4);
            return new(_v0 ^ _v1 ^ _v2 ^ _v3, low);
        }

        private void Rounds(int count)
        {
            var (v0, v1, v2, v3) = (_v0, _v1, _v2, _v3);
            for (; count > 0; count--)
            {
                v0 += v1;
                v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
                v0 = BitOperations.RotateLeft(v0, 32);
                v2 += v3;
                v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
                v0 += v3;
                v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
                v2 += v1;
                v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
                v2 = BitOperations.RotateLeft(v2, 32);
            }

            (_v0, _v1, _v2, _v3) = (v0, v1, v2, v3);
        }
    }
}
