using System.Runtime.CompilerServices;

namespace Switchhook.Sip.Messages;

/// <summary>Where one header row lies in the message; offsets count from the start line.</summary>
internal readonly record struct HeaderRow(
    int NameOffset, int ValueOffset, int ValueLength, ushort NameLength, HeaderName Name, bool IsFolded);

/// <summary>
/// The first row of each known header: 0 when absent, else its index plus one. <see cref="Far"/> marks
/// the few that do not fit a byte and are scanned for.
/// </summary>
[InlineArray(HeaderNames.Count)]
internal struct FirstRows
{
    public const byte Far = 255;
    private byte _first;
}
