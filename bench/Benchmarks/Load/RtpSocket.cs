using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Switchhook.Benchmarks.Load;

/// <summary>Takes a packet that came.</summary>
internal interface IRtpReceiver
{
    /// <param name="port">Where it came from.</param>
    /// <param name="atNanoseconds">When the kernel had it, on the clock of the day.</param>
    void OnPacket(int port, ReadOnlySpan<byte> packet, long atNanoseconds);
}

/// <summary>
/// One socket for the audio of all legs. Packets come in batches (recvmmsg) with the time at which the kernel had each: a generator that looks
/// a millisecond late, or is kept from its core, measures the same. Nothing is allocated for a packet.
/// </summary>
internal sealed unsafe partial class RtpSocket : IDisposable
{
    private const int Batch = 64;
    private const int Room = 1_500;
    private const int ControlRoom = 64;
    private const int SolSocket = 1;
    private const int SoTimestampNs = 35;
    private const int SoReceiveBufferForce = 33;
    private const int DontWait = 0x40;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Message* _messages = (Message*)NativeMemory.AllocZeroed(Batch, (nuint)sizeof(Message));
    private readonly Vector* _vectors = (Vector*)NativeMemory.AllocZeroed(Batch, (nuint)sizeof(Vector));
    private readonly byte* _room = (byte*)NativeMemory.AllocZeroed(Batch, Room);
    private readonly byte* _control = (byte*)NativeMemory.AllocZeroed(Batch, ControlRoom);
    private readonly Name* _names = (Name*)NativeMemory.AllocZeroed(Batch, (nuint)sizeof(Name));

    public RtpSocket(IPAddress address)
    {
        _socket.ReceiveBufferSize = 4 << 20;
        // Beyond net.core.rmem_max for root alone; others stay with what they got.
        _ = SetOption((int)_socket.Handle, SolSocket, SoReceiveBufferForce, 32 << 20, sizeof(int));
        Check(SetOption((int)_socket.Handle, SolSocket, SoTimestampNs, 1, sizeof(int)), "SO_TIMESTAMPNS");
        _socket.Bind(new IPEndPoint(address, 0));
        for (var i = 0; i < Batch; i++)
        {
            _vectors[i] = new Vector { Base = _room + (i * Room), Length = Room };
            _messages[i] = new Message { Name = &_names[i], Vectors = &_vectors[i], VectorCount = 1, Control = _control + (i * ControlRoom), Flags = 0, Pad = 0, Length = 0 };
        }
    }

    public IPEndPoint Local => (IPEndPoint)_socket.LocalEndPoint!;

    public void Send(ReadOnlySpan<byte> packet, SocketAddress to) => _socket.SendTo(packet, SocketFlags.None, to);

    /// <summary>Gives everything that is there to the receiver.</summary>
    public void Drain(IRtpReceiver receiver)
    {
        int count;
        do
        {
            for (var i = 0; i < Batch; i++)
                (_messages[i].NameLength, _messages[i].ControlLength) = ((uint)sizeof(Name), ControlRoom);
            count = ReceiveMany((int)_socket.Handle, _messages, Batch, DontWait, 0);
            for (var i = 0; i < count; i++)
            {
                ref var name = ref _names[i];
                receiver.OnPacket((name.PortHigh << 8) | name.PortLow, new ReadOnlySpan<byte>(_room + (i * Room), (int)_messages[i].Length), Stamp(_control + (i * ControlRoom)));
            }
        }
        while (count == Batch);
    }

    /// <summary>Lets the core rest for a millisecond.</summary>
    public static void Rest() => _ = Poll(null, 0, 1);

    public void Dispose()
    {
        _socket.Dispose();
        NativeMemory.Free(_messages);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_room);
        NativeMemory.Free(_control);
        NativeMemory.Free(_names);
    }

    // A control message: its length, level and type (16 octets), then the time as seconds and nanoseconds.
    private static long Stamp(byte* control) => (*(long*)(control + 16) * 1_000_000_000) + *(long*)(control + 24);

    private static void Check(int result, string what)
    {
        if (result != 0) throw new InvalidOperationException($"{what}: error {Marshal.GetLastPInvokeError()}");
    }

    private static int SetOption(int socket, int level, int name, int value, uint length) => SetOption(socket, level, name, &value, length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetOption(int socket, int level, int name, int* value, uint length);

    [LibraryImport("libc", EntryPoint = "recvmmsg")]
    private static partial int ReceiveMany(int socket, Message* messages, uint count, int flags, nint timeout);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(void* descriptors, nuint count, int milliseconds);

    private struct Vector { public void* Base; public nuint Length; }

    private struct Name { public ushort Family; public byte PortHigh; public byte PortLow; public uint Address; public ulong Zero; }

    /// <summary>struct mmsghdr of Linux on 64 bits.</summary>
    private struct Message
    {
        public void* Name;
        public uint NameLength;
        public Vector* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
        public uint Pad;
        public uint Length;
    }
}
