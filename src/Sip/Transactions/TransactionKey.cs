using System.Runtime.CompilerServices;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Transactions;

/// <summary>
/// What identifies a transaction (RFC 3261 §17.1.3, §17.2.3), as a digest: found and kept without creating anything, and sixteen octets for each of
/// the hundreds of thousands that do nothing but absorb repeats.
/// </summary>
internal readonly record struct TransactionKey(UInt128 Digest)
{
    /// <summary>Room for what is digested; a message whose parts do not fit belongs to no transaction.</summary>
    public const int MaxLength = 1024;

    private const byte Separator = 0;
    private const byte Rfc2543Mark = 1;

    /// <summary>True for the default value, which names no transaction.</summary>
    public bool IsNone => Digest == UInt128.Zero;

    /// <summary>Spread evenly already, under a key of this process.</summary>
    public override int GetHashCode() => (int)(ulong)Digest;

    /// <summary>Branch of the top Via and method of CSeq: what a response and its request share.</summary>
    [SkipLocalsInit]
    public static TransactionKey OfClient(SipMessage message)
    {
        Span<byte> room = stackalloc byte[MaxLength];
        var writer = new Writer(room);
        writer.Add(message.Branch);
        writer.Add((byte)message.CSeq.Method);
        return message.Branch.IsEmpty ? default : writer.Key;
    }

    /// <summary>
    /// Branch, sent-by and method, an ACK counting as its INVITE. A request whose branch is not unique comes from an element older
    /// than RFC 3261 and is known by its Request-URI, From tag, Call-ID, CSeq number and top Via.
    /// </summary>
    [SkipLocalsInit]
    public static TransactionKey OfServer(SipRequest request, SipMethod method)
    {
        Span<byte> room = stackalloc byte[MaxLength];
        var writer = new Writer(room);
        var via = request.TopVia;
        if (Via.IsUnique(request.Branch))
        {
            writer.Add(request.Branch);
            writer.AddLowered(via.SentBy);
        }
        else
        {
            writer.Add(Rfc2543Mark);
            writer.Add(request.RequestUri);
            writer.Add(request.FromTag);
            writer.Add(request.CallId);
            writer.Add(request.CSeq.Number);
            writer.Add(request.TopViaValue);
        }

        writer.Add((byte)(method == SipMethod.Ack ? SipMethod.Invite : method));
        return writer.Key;
    }

    /// <summary>From tag, Call-ID and CSeq: equal in two copies of one request that came over different ways (§8.2.2.2).</summary>
    [SkipLocalsInit]
    public static TransactionKey OfMerge(SipRequest request)
    {
        Span<byte> room = stackalloc byte[MaxLength];
        var writer = new Writer(room);
        writer.Add(request.FromTag);
        writer.Add(request.CallId);
        writer.Add(request.CSeq.Number);
        writer.Add((byte)request.Method);
        return writer.Key;
    }

    private ref struct Writer(Span<byte> room)
    {
        private readonly Span<byte> _room = room;
        private int _length;

        /// <summary>The key, or nothing when it did not fit.</summary>
        public readonly TransactionKey Key => _length < 0 ? default : new(KeyedDigest.Of(_room[.._length]));

        public void Add(scoped ReadOnlySpan<byte> part)
        {
            if (_length < 0 || _room.Length - _length <= part.Length)
            {
                _length = -1;
                return;
            }

            part.CopyTo(_room[_length..]);
            _length += part.Length;
            _room[_length++] = Separator;
        }

        public void AddLowered(ReadOnlySpan<byte> part)
        {
            var start = _length;
            Add(part);
            if (_length < 0) return;
            foreach (ref var b in _room[start.._length])
            {
                if (b is >= (byte)'A' and <= (byte)'Z') b |= 0x20;
            }
        }

        public void Add(byte part) => Add([part]);

        public void Add(uint number)
        {
            Span<byte> bytes = stackalloc byte[sizeof(uint)];
            BitConverter.TryWriteBytes(bytes, number);
            Add(bytes);
        }
    }
}
