using System.Runtime.InteropServices;

namespace Switchhook.Storage.Sqlite;

/// <summary>
/// Where the values of a statement's parameters lie while they are bound, a place each that is used again: SQLite need not copy them into
/// memory that it takes and gives back for every value of every row.
/// </summary>
/// <param name="count">Parameters of the statement.</param>
internal sealed unsafe class BoundMemory(int count) : IDisposable
{
    /// <summary>Octets of the largest value that has its place here.</summary>
    public const int Most = 16 * 1024;

    private const int Least = 64;
    private readonly nint[] _places = new nint[count];
    private readonly int[] _sizes = new int[count];

    /// <summary>Room for a value of the parameter, whose last value is gone with it.</summary>
    /// <param name="index">From 1.</param>
    /// <param name="octets">At most <see cref="Most"/>.</param>
    public byte* For(int index, int octets)
    {
        // SQLite says by itself that there is no such parameter, without a look at the value.
        if (index < 1 || index > _places.Length)
            return null;
        ref var size = ref _sizes[index - 1];
        ref var place = ref _places[index - 1];
        if (size < octets)
        {
            var needed = Math.Max(Least, octets + (octets / 2));
            place = (nint)NativeMemory.Realloc((void*)place, (nuint)needed);
            size = needed;
        }
        return (byte*)(place == 0 ? Grow(ref place, ref size) : place);
    }

    /// <summary>The value's copy.</summary>
    public byte* Keep(int index, ReadOnlySpan<byte> value)
    {
        var place = For(index, value.Length);
        if (place is not null)
            value.CopyTo(new Span<byte>(place, value.Length));
        return place;
    }

    public void Dispose()
    {
        foreach (var place in _places)
            NativeMemory.Free((void*)place);
        Array.Clear(_places);
        Array.Clear(_sizes);
    }

    // An empty text has an address too: without one it would be NULL.
    private static nint Grow(ref nint place, ref int size) => place = (nint)NativeMemory.Alloc((nuint)(size = Least));
}
