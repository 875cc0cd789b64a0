using System.Numerics;
using System.Runtime.InteropServices;

namespace Switchhook.Media.Mixing;

/// <summary>
/// One tick of a conference: sums who speaks, and takes out of the sum for each listener what he is not to hear, himself first
/// (mix-minus). Pure arithmetic; owned by a media thread, allocates nothing.
/// </summary>
internal sealed class Mixer
{
    /// <summary>20 ms at 16 kHz.</summary>
    public const int MostSamples = 320;

    private readonly int[] _sum = new int[MostSamples];
    private readonly int[] _own = new int[MostSamples];
    private int _samples;

    /// <summary>Begins a tick of so many samples, 160 or 320.</summary>
    public void Begin(int samples)
    {
        _samples = samples;
        Array.Clear(_sum);
        Voices = 0;
    }

    /// <summary>Voices summed in this tick that everybody hears.</summary>
    public int Voices { get; private set; }

    /// <summary>Adds a voice that everybody hears unless it is taken out again.</summary>
    public void Add(ReadOnlySpan<short> frame)
    {
        Voices++;
        Accumulate(_sum, frame[.._samples], add: true);
    }

    /// <summary>What everybody hears who does not speak himself.</summary>
    public void Shared(Span<short> output) => Saturate(_sum, output[.._samples]);

    /// <summary>Begins a listener's own mix with what everybody hears.</summary>
    public void BeginOwn() => _sum.CopyTo(_own.AsSpan());

    /// <summary>Takes a voice out of the listener's mix.</summary>
    public void Without(ReadOnlySpan<short> frame) => Accumulate(_own, frame[.._samples], add: false);

    /// <summary>Adds a voice for this listener alone.</summary>
    public void With(ReadOnlySpan<short> frame) => Accumulate(_own, frame[.._samples], add: true);

    /// <summary>The listener's mix.</summary>
    public void Own(Span<short> output) => Saturate(_own, output[.._samples]);

    private static void Accumulate(int[] sums, ReadOnlySpan<short> frame, bool add)
    {
        var wide = MemoryMarshal.Cast<int, Vector<int>>(sums.AsSpan());
        var narrow = MemoryMarshal.Cast<short, Vector<short>>(frame);
        for (var i = 0; i < narrow.Length; i++)
        {
            Vector.Widen(narrow[i], out var low, out var high);
            wide[2 * i] = add ? wide[2 * i] + low : wide[2 * i] - low;
            wide[2 * i + 1] = add ? wide[2 * i + 1] + high : wide[2 * i + 1] - high;
        }

        for (var i = narrow.Length * Vector<short>.Count; i < frame.Length; i++) sums[i] += add ? frame[i] : -frame[i];
    }

    private static void Saturate(int[] sums, Span<short> output)
    {
        var wide = MemoryMarshal.Cast<int, Vector<int>>(sums.AsSpan());
        var narrow = MemoryMarshal.Cast<short, Vector<short>>(output);
        var (least, most) = (new Vector<int>(short.MinValue), new Vector<int>(short.MaxValue));
        for (var i = 0; i < narrow.Length; i++)
        {
            narrow[i] = Vector.Narrow(Vector.Min(Vector.Max(wide[2 * i], least), most), Vector.Min(Vector.Max(wide[2 * i + 1], least), most));
        }

        for (var i = narrow.Length * Vector<short>.Count; i < output.Length; i++) output[i] = (short)Math.Clamp(sums[i], short.MinValue, short.MaxValue);
    }
}
