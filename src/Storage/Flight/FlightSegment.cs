using System.Buffers.Binary;
using System.Numerics;

namespace Switchhook.Storage.Flight;

/// <summary>
/// One file of the flight recorder: a header, then frames of length, checksum and content, then zeroes. Of the room a file takes up all is
/// allocated when it is made, so that a disk that fills up later refuses nothing here.
/// </summary>
internal sealed class FlightSegment : IDisposable
{
    /// <summary>Octets of a file.</summary>
    public const int Size = 4 * 1024 * 1024;

    /// <summary>Length and checksum.</summary>
    public const int FrameHead = 8;

    private const ushort Version = 1;
    private const int HeaderLength = 32;

    private static ReadOnlySpan<byte> Magic => "SWFLIGHT"u8;

    private readonly FileStream _file;
    private volatile int _position = HeaderLength;

    private FlightSegment(string path, FileStream file) => (Path, _file) = (path, file);

    public string Path { get; }

    /// <summary>Octets that still fit.</summary>
    public int Room => Size - _position;

    /// <summary>The ticket of the last thing in it; set when it is left.</summary>
    public long LastTicket { get; set; }

    /// <summary>Makes the file, empty.</summary>
    /// <param name="path">Must not be there.</param>
    /// <param name="number">Files are read in the order of their numbers.</param>
    /// <param name="database">Says which database the content is for.</param>
    /// <exception cref="IOException">No room, or no permission.</exception>
    public static FlightSegment Create(string path, long number, ulong database)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, PreallocationSize = Size, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);
        try
        {
            // Its length is what it will be: a write within changes no more of the file than its content.
            RandomAccess.SetLength(file.SafeFileHandle, Size);
            Span<byte> header = stackalloc byte[HeaderLength];
            Magic.CopyTo(header);
            BinaryPrimitives.WriteUInt16LittleEndian(header[8..], Version);
            BinaryPrimitives.WriteInt64LittleEndian(header[12..], number);
            BinaryPrimitives.WriteUInt64LittleEndian(header[20..], database);
            BinaryPrimitives.WriteUInt32LittleEndian(header[28..], Checksum(header[..28]));
            RandomAccess.Write(file.SafeFileHandle, header, 0);
            return new FlightSegment(path, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Writes whole frames; they must fit.</summary>
    /// <exception cref="IOException">Nothing of it counts; the same place is written next.</exception>
    public void Write(ReadOnlySpan<byte> frames)
    {
        RandomAccess.Write(_file.SafeFileHandle, frames, _position);
        _position += frames.Length;
    }

    /// <summary>Writes what is there: nothing, behind the last frame.</summary>
    /// <exception cref="IOException">Nothing can be written.</exception>
    public void Touch()
    {
        if (Room >= FrameHead)
            RandomAccess.Write(_file.SafeFileHandle, new byte[FrameHead], _position);
    }

    /// <summary>Writes the head of a frame before its content.</summary>
    public static void Seal(Span<byte> frame)
    {
        BinaryPrimitives.WriteInt32LittleEndian(frame, frame.Length - FrameHead);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], Checksum(frame[FrameHead..]));
    }

    /// <summary>What is in a file: null when it is none of this release's, or another database's.</summary>
    /// <param name="octets">The file.</param>
    /// <param name="database">The database that is used now.</param>
    /// <param name="number">The number it was made with.</param>
    /// <param name="torn">True when it ends in something that is no frame.</param>
    public static List<Range>? Frames(ReadOnlySpan<byte> octets, ulong database, out long number, out bool torn)
    {
        (number, torn) = (0, false);
        if (octets.Length < HeaderLength || !octets.StartsWith(Magic) || BinaryPrimitives.ReadUInt16LittleEndian(octets[8..]) != Version
            || BinaryPrimitives.ReadUInt32LittleEndian(octets[28..]) != Checksum(octets[..28]) || BinaryPrimitives.ReadUInt64LittleEndian(octets[20..]) != database)
            return null;
        number = BinaryPrimitives.ReadInt64LittleEndian(octets[12..]);
        List<Range> frames = [];
        var at = HeaderLength;
        while (octets.Length - at > FrameHead)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(octets[at..]);
            if (length == 0)
                break;
            var content = at + FrameHead;
            if (length < 0 || length > octets.Length - content || BinaryPrimitives.ReadUInt32LittleEndian(octets[(at + 4)..]) != Checksum(octets.Slice(content, length)))
            {
                torn = true;
                break;
            }
            frames.Add(new Range(content, content + length));
            at = content + length;
        }
        return frames;
    }

    public void Dispose() => _file.Dispose();

    private static uint Checksum(ReadOnlySpan<byte> octets)
    {
        var crc = uint.MaxValue;
        for (; octets.Length >= 8; octets = octets[8..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(octets));
        foreach (var octet in octets)
            crc = BitOperations.Crc32C(crc, octet);
        return ~crc;
    }
}
