using System.Runtime.CompilerServices;

namespace Switchhook.Media.Dtmf;

/// <summary>What goes out in one 20 ms tick of a digit.</summary>
internal enum DigitStep
{
    /// <summary>All digits are sent.</summary>
    Idle,

    /// <summary>First packet of a digit: a new timestamp, marker set (RFC 4733 §2.5.1.1).</summary>
    First,

    /// <summary>A later packet of the same digit: the same timestamp.</summary>
    Again,

    /// <summary>The pause between digits.</summary>
    Pause,
}

/// <summary>Turns waiting digits into packets: five ticks of 20 ms pressed, the end said three times, a pause of 60 ms.</summary>
internal struct DigitSender
{
    /// <summary>Digits that can wait.</summary>
    public const int MostWaiting = 128;

    private const int ShortPause = 254, LongPause = 255;    // in place of a digit's code
    private const int ShortPauseTicks = 25;                 // half a second, and one

    private const int EndAt = 4;                            // 100 ms
    private const int LastEnd = 6;                          // the end twice more (RFC 4733 §2.5.1.4)
    private const int Steps = 8;

    private Ring _waiting;
    private int _first;
    private int _count;
    private int _step;

    public readonly bool IsIdle => _count == 0;

    /// <summary>Adds a digit, or a pause: half a second for <c>,</c> and <c>w</c>, one for <c>W</c>. False for what is neither, and when too many wait.</summary>
    public bool TryAdd(char digit)
    {
        var code = digit switch
        {
            ',' or 'w' => ShortPause,
            'W' => LongPause,
            _ => TelephoneEvent.CodeOf(digit),
        };
        if (code < 0 || _count == MostWaiting) return false;
        _waiting[(_first + _count++) % MostWaiting] = (byte)code;
        return true;
    }

    /// <summary>The next 20 ms.</summary>
    public DigitStep Next(out TelephoneEvent packet)
    {
        packet = default;
        if (_count == 0) return DigitStep.Idle;

        var step = _step;
        var code = _waiting[_first];
        if (++_step == StepsOf(code))
        {
            _step = 0;
            _count--;
            _first = (_first + 1) % MostWaiting;
        }

        if (step > LastEnd || code >= ShortPause) return DigitStep.Pause;
        packet = new TelephoneEvent(code, step >= EndAt, (ushort)(160 * (Math.Min(step, EndAt) + 1)));
        return step == 0 ? DigitStep.First : DigitStep.Again;
    }

    private static int StepsOf(byte code) => code switch
    {
        ShortPause => ShortPauseTicks,
        LongPause => 2 * ShortPauseTicks,
        _ => Steps,
    };

    [InlineArray(MostWaiting)]
    private struct Ring
    {
        private byte _code;
    }
}
