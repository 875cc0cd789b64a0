using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Switchhook.Calls;
using Switchhook.Calls.Events;
using Switchhook.Calls.Ports;
using Switchhook.Storage.History;
using Switchhook.Storage.Log;

namespace Switchhook.Storage.Flight;

/// <summary>What a frame is about; its first octet.</summary>
internal enum FlightKind : byte
{
    /// <summary>An event with its call whole.</summary>
    Event = 1,

    /// <summary>An event with what changed of its call since the frame before of that call in the same file.</summary>
    Change = 2,
    Dialog = 3,
    Bindings = 4,
}

/// <summary>Puts frames together, one behind the other, in one buffer that is used again and again.</summary>
internal sealed class FlightFrames : IDisposable
{
    private readonly LogBuffer _json = new();
    private byte[] _octets = new byte[64 * 1024];
    private int _length;
    private int _frame;

    /// <summary>The frames put together.</summary>
    public ReadOnlySpan<byte> Written => _octets.AsSpan(0, _length);

    public void Clear() => _length = 0;

    /// <summary>Takes the last frame back.</summary>
    public void TakeBack() => _length = _frame;

    /// <summary>The length of the frame.</summary>
    public int Add(long cursor, CallEvent happened, CallChange? change)
    {
        Begin(change is null ? FlightKind.Event : FlightKind.Change, cursor, happened.Call.Id);
        Put(happened.Sequence);
        Put(StoredTime.ToMicroseconds(happened.At));
        Put(happened.Name);
        Put(ShortDetails.Of(happened, _json));
        Put(change is { } told ? _json.Write(told, CallJson.Write) : _json.Write(happened.Call, CallJson.Write));
        return End();
    }

    public int Add(long after, LegId leg, string dialog)
    {
        Begin(FlightKind.Dialog, after, leg.Call);
        Put(leg.Number);
        Put(dialog);
        return End();
    }

    public int Add(long after, string extension, IReadOnlyList<StoredBinding> bindings)
    {
        Begin(FlightKind.Bindings, after, default);
        Put(extension);
        Put(_json.Write(bindings, static (json, all) => JsonSerializer.Serialize(json, all, FlightJson.Default.IReadOnlyListStoredBinding)));
        return End();
    }

    public void Dispose() => _json.Dispose();

    private void Begin(FlightKind kind, long cursor, CallId call)
    {
        _frame = _length;
        Need(FlightSegment.FrameHead)[0] = 0;
        Need(1)[0] = (byte)kind;
        Put(cursor);
        Put(call.Value);
    }

    private int End()
    {
        FlightSegment.Seal(_octets.AsSpan(_frame, _length - _frame));
        return _length - _frame;
    }

    private void Put(int number) => BinaryPrimitives.WriteInt32LittleEndian(Need(sizeof(int)), number);

    private void Put(long number) => BinaryPrimitives.WriteInt64LittleEndian(Need(sizeof(long)), number);

    private void Put(ReadOnlySpan<byte> octets)
    {
        Put(octets.Length);
        octets.CopyTo(Need(octets.Length));
    }

    private void Put(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Put(length);
        Encoding.UTF8.GetBytes(text, Need(length));
    }

    private Span<byte> Need(int octets)
    {
        if (_octets.Length - _length < octets)
            Array.Resize(ref _octets, Math.Max(_octets.Length * 2, _length + octets));
        var room = _octets.AsSpan(_length, octets);
        _length += octets;
        return room;
    }
}
