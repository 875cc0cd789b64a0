using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Switchhook.Calls;
using Switchhook.Calls.Events;
using Switchhook.Calls.Ports;
using Switchhook.Storage.History;

namespace Switchhook.Storage.Flight;

/// <summary>
/// Keeps in files what the log is still to store. What is added is put together in memory and written, without waiting for the disk, before the
/// next message leaves: from then on the kernel has it, whatever becomes of the process.
/// </summary>
/// <param name="path">A directory of its own.</param>
/// <param name="database">Says which database the log is in, the same at every start: what is for another is not mixed into it.</param>
public sealed class FlightRecorder(string path, string database) : IFlightRecorder
{
    private readonly FlightFrames _frames = new();
    private readonly Dictionary<CallId, Call> _calls = [];
    private readonly List<string> _remarks = [];
    private FlightDirectory? _directory;
    private volatile FlightSegment? _segment;
    private long _ticket;
    private long _stored;
    private volatile string? _problem;

    /// <inheritdoc/>
    public string? Problem => _problem;

    /// <inheritdoc/>
    public IReadOnlyList<string> Remarks => _remarks;

    /// <inheritdoc/>
    public IReadOnlyList<LogWrite> Open(long lastCursor)
    {
        _directory = new FlightDirectory(path, BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(database))));
        List<string> setAside = [];
        var reading = new FlightReading(lastCursor);
        foreach (var segment in _directory.TakeLeft(setAside))
        {
            reading.Read(segment);
            if (segment.IsTorn)
                _remarks.Add($"flight file {segment.Number} ends in something that was not written whole; what stands before it is read");
        }
        foreach (var file in setAside)
            _remarks.Add($"{file} is of another release or for another database, or damaged, and is not read");
        if (reading.Unreadable > 0)
            _remarks.Add($"{reading.Unreadable} changes of calls in the flight files cannot be read");
        try
        {
            _segment = _directory.Next(null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageUnavailableException($"No file can be made in {path}: {e.Message}", e);
        }
        return reading.Writes;
    }

    /// <inheritdoc/>
    public void LeftIsStored() => _directory?.RemoveLeft();

    /// <inheritdoc/>
    public long Add(long cursor, CallEvent happened)
    {
        _ticket++;
        var change = _calls.TryGetValue(happened.Call.Id, out var before) ? CallChange.Between(before, happened.Call, since: 0) : null;
        // The call whole where the file begins with it.
        if (Fits(_frames.Add(cursor, happened, change)) || (Turn() && Fits(_frames.Add(cursor, happened, null))))
            Remember(happened.Call);
        return _ticket;
    }

    /// <inheritdoc/>
    public long Add(long after, LegId leg, string dialog)
    {
        _ticket++;
        _ = Fits(_frames.Add(after, leg, dialog)) || (Turn() && Fits(_frames.Add(after, leg, dialog)));
        return _ticket;
    }

    /// <inheritdoc/>
    public long Add(long after, string extension, IReadOnlyList<StoredBinding> bindings)
    {
        _ticket++;
        _ = Fits(_frames.Add(after, extension, bindings)) || (Turn() && Fits(_frames.Add(after, extension, bindings)));
        return _ticket;
    }

    /// <inheritdoc/>
    public void Flush()
    {
        if (_frames.Written.IsEmpty)
            return;
        try
        {
            _segment!.Write(_frames.Written);
            _problem = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail(e.Message);
        }
        _frames.Clear();
    }

    /// <inheritdoc/>
    public bool TryAgain()
    {
        if (_problem is null || (_segment is null && !Turn()))
            return _problem is null;
        try
        {
            // As the place is already, at the end of what is written.
            _segment!.Touch();
            _problem = _directory!.IsFull ? _problem : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail(e.Message);
        }
        return _problem is null;
    }

    /// <inheritdoc/>
    public void Stored(long ticket)
    {
        Interlocked.Exchange(ref _stored, ticket);
        _directory?.Tidy(ticket, needsNext: _segment is { Room: < FlightSegment.Size / 2 });
    }

    /// <summary>Leaves what the log does not have to the next start, and nothing else.</summary>
    public void Dispose()
    {
        if (_directory is null)
            return;
        Flush();
        if (Interlocked.Read(ref _stored) >= _ticket)
            _directory.Clear(_segment);
        _segment?.Dispose();
        _directory.Dispose();
        _directory = null;
        _frames.Dispose();
    }

    /// <summary>Whether the last frame, of that length, has its place behind the others; it is taken back when it has not.</summary>
    private bool Fits(int length)
    {
        if (_segment is not null && _frames.Written.Length <= _segment.Room)
            return true;
        _frames.TakeBack();
        if (length > FlightSegment.Size / 2)
            Fail("a change of a call is too large for a flight file");
        return false;
    }

    /// <summary>The file is full: the next one begins.</summary>
    private bool Turn()
    {
        Flush();
        // What follows begins anew in the next file, or is not kept.
        _calls.Clear();
        try
        {
            if (_segment is not null)
                _segment.LastTicket = _ticket - 1;
            if (_directory?.Next(_segment) is { } next)
            {
                _segment = next;
                return true;
            }
            Fail("the flight files are full: the log has been behind for too long");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail(e.Message);
        }
        return false;
    }

    /// <summary>What follows is told from nothing that is not there.</summary>
    private void Fail(string problem)
    {
        _problem = problem;
        _calls.Clear();
    }

    private void Remember(Call call)
    {
        if (call.HasEnded && !IsAwaited(call))
            _calls.Remove(call.Id);
        else
            _calls[call.Id] = call;
    }

    /// <summary>The last message of a leg has no answer yet, which will be an event.</summary>
    private static bool IsAwaited(Call call)
    {
        foreach (var leg in call.Legs)
        {
            if (leg.Record is { Sent: not null, Confirmed: null })
                return true;
        }
        return false;
    }
}
