using System.Buffers;
using System.Threading.Tasks.Sources;

namespace Switchhook.Sip.Transport.Layers;

/// <summary>A stream that is read from what was fed and writes into a buffer. A waiting read completes within <see cref="Feed"/>, on its thread.</summary>
internal sealed class MemoryDuplex : Stream, IValueTaskSource<int>
{
    private ManualResetValueTaskSourceCore<int> _reading; // mutable: runs its continuation where it is completed
    private Memory<byte> _target;
    private bool _waits;
    private bool _ended;
    private byte[] _fed = [];
    private int _start;
    private int _end;

    /// <summary>Where writes go.</summary>
    public required ArrayBufferWriter<byte> Outgoing { get; set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Bytes to be read.</summary>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        if (_fed.Length - _end < bytes.Length)
        {
            var room = new byte[Math.Max(2048, (_end - _start + bytes.Length) * 2)];
            _fed.AsSpan(_start, _end - _start).CopyTo(room);
            (_fed, _start, _end) = (room, 0, _end - _start);
        }

        bytes.CopyTo(_fed.AsSpan(_end));
        _end += bytes.Length;
        Complete();
        if (_start == _end) (_fed, _start, _end) = ([], 0, 0); // an idle connection holds no buffer
    }

    /// <summary>No more will be fed.</summary>
    public void End()
    {
        _ended = true;
        Complete();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_end > _start) return new ValueTask<int>(Take(buffer.Span));
        if (_ended) return new ValueTask<int>(0);
        _reading.Reset();
        (_target, _waits) = (buffer, true);
        return new ValueTask<int>(this, _reading.Version);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(ReadOnlySpan<byte> buffer) => Outgoing.Write(buffer);

    public override void Write(byte[] buffer, int offset, int count) => Outgoing.Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Outgoing.Write(buffer.Span);
        return default;
    }

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    int IValueTaskSource<int>.GetResult(short token) => _reading.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _reading.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _reading.OnCompleted(continuation, state, token, flags);

    private void Complete()
    {
        if (!_waits || (_start == _end && !_ended)) return;
        _waits = false;
        _reading.SetResult(Take(_target.Span));
    }

    private int Take(Span<byte> buffer)
    {
        var length = Math.Min(buffer.Length, _end - _start);
        _fed.AsSpan(_start, length).CopyTo(buffer);
        _start += length;
        return length;
    }
}
