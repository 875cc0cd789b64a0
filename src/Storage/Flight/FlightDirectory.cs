using Switchhook.Calls.Ports;

namespace Switchhook.Storage.Flight;

/// <summary>
/// The files of the flight recorder. One is written, one stands ready when that is half full, and while the log is behind there are more, up to a bound; those that
/// the log has all of are removed. Files of the process before this one stay until they are dealt with.
/// </summary>
internal sealed class FlightDirectory : IDisposable
{
    /// <summary>64 MiB: some 150,000 changes of calls.</summary>
    public const int MaxSegments = 16;

    private const string Ending = ".flight";
    private const string SetAside = ".unread";

    private readonly string _path;
    private readonly ulong _database;
    private readonly FileStream _lock;
    private readonly Lock _turn = new();
    private readonly Queue<FlightSegment> _full = new();
    private readonly List<string> _left = [];
    private FlightSegment? _ready;
    private long _number;

    /// <exception cref="StorageUnavailableException">The directory cannot be used, or is used by another process.</exception>
    public FlightDirectory(string path, ulong database)
    {
        (_path, _database) = (path, database);
        try
        {
            Directory.CreateDirectory(path);
            _lock = new FileStream(Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageUnavailableException($"The directory {path} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>What the process before this one left, file by file in order, and the names of files that cannot be read, which are set aside.</summary>
    /// <exception cref="StorageUnavailableException">A file cannot be read.</exception>
    public List<LeftSegment> TakeLeft(List<string> setAside)
    {
        List<LeftSegment> left = [];
        try
        {
            foreach (var file in Directory.EnumerateFiles(_path, "*" + Ending).Order(StringComparer.Ordinal))
            {
                var octets = File.ReadAllBytes(file);
                if (FlightSegment.Frames(octets, _database, out var number, out var torn) is { } frames)
                {
                    left.Add(new LeftSegment(number, octets, frames, torn));
                    _left.Add(file);
                    _number = Math.Max(_number, number);
                }
                else if (octets.AsSpan().IndexOfAnyExcept((byte)0) < 0)
                {
                    _left.Add(file);   // made, and never written
                }
                else
                {
                    File.Move(file, file + SetAside, overwrite: true);
                    setAside.Add(file + SetAside);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageUnavailableException($"The directory {_path} cannot be used: {e.Message}", e);
        }
        left.Sort(static (one, other) => one.Number.CompareTo(other.Number));
        return left;
    }

    /// <summary>Removes what <see cref="TakeLeft"/> gave.</summary>
    public void RemoveLeft()
    {
        foreach (var file in _left)
            Remove(file);
        _left.Clear();
    }

    /// <summary>True when no file can follow the one that is written.</summary>
    public bool IsFull
    {
        get
        {
            lock (_turn)
                return _ready is null && _full.Count + 1 >= MaxSegments;
        }
    }

    /// <summary>A file to write to after this one, which is full; null when there are as many as there may be.</summary>
    /// <exception cref="IOException">None can be made.</exception>
    public FlightSegment? Next(FlightSegment? full)
    {
        lock (_turn)
        {
            if (_ready is null && _full.Count + 1 >= MaxSegments)
                return null;
            var next = _ready ?? Make();
            _ready = null;
            if (full is not null)
                _full.Enqueue(full);
            return next;
        }
    }

    /// <summary>Removes full files the log has all of, and makes the next one ready, so that its user need not.</summary>
    /// <param name="storedTicket">The log has everything up to here.</param>
    /// <param name="needsNext">The file that is written will soon be full.</param>
    public void Tidy(long storedTicket, bool needsNext)
    {
        lock (_turn)
        {
            while (_full.TryPeek(out var oldest) && oldest.LastTicket <= storedTicket)
            {
                _full.Dequeue().Dispose();
                Remove(oldest.Path);
            }
            try
            {
                if (needsNext && _ready is null && _full.Count + 1 < MaxSegments)
                    _ready = Make();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Whoever needs it tries again and says so.
            }
        }
    }

    /// <summary>Removes all files of this process: the log has everything.</summary>
    public void Clear(FlightSegment? last)
    {
        Tidy(long.MaxValue, needsNext: false);
        foreach (var file in (string?[])[last?.Path, _ready?.Path])
        {
            if (file is not null)
                Remove(file);
        }
    }

    public void Dispose()
    {
        foreach (var segment in _full)
            segment.Dispose();
        _ready?.Dispose();
        _lock.Dispose();
    }

    private FlightSegment Make()
    {
        var number = ++_number;
        return FlightSegment.Create(Path.Combine(_path, $"{number:d12}{Ending}"), number, _database);
    }

    private static void Remove(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next start finds in it nothing that the log has not.
        }
    }
}

/// <summary>A file of the process before this one.</summary>
internal sealed record LeftSegment(long Number, byte[] Octets, List<Range> Frames, bool IsTorn);
