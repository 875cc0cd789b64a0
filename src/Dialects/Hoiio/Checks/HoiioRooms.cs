using System.Buffers;
using System.Globalization;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Hoiio.Sessions;

namespace Switchhook.Dialects.Hoiio.Checks;

/// <summary>Conference rooms: their names, and how many are in one.</summary>
internal sealed class HoiioRooms(ICallControl calls, TimeProvider time)
{
    /// <summary>A room has so many legs at most.</summary>
    public const int MostLegs = 8;

    private const int LongestName = 32;
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._");

    private long _last;

    public static bool IsName(string name) => name.Length is > 0 and <= LongestName && !name.AsSpan().ContainsAnyExcept(NameCharacters);

    /// <summary>A name nobody has: it counts up from the time.</summary>
    public string NewName()
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        long last, next;
        do
        {
            last = Volatile.Read(ref _last);
            next = Math.Max(now, last + 1);
        }
        while (Interlocked.CompareExchange(ref _last, next, last) != last);
        return string.Create(CultureInfo.InvariantCulture, $"R{next}");
    }

    /// <summary>Live legs that are in the room, or on the way to it.</summary>
    public int Legs(string account, string room) => calls.Live().Count(c => HoiioNote.Of(c) is { } note
        && note.Block.Room == room && string.Equals(note.Account, account, StringComparison.OrdinalIgnoreCase));
}
