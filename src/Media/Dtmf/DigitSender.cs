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
    public const int MostWaiting = 64;

    private const int EndAt = 4;                            // 100 ms
    private const int LastEnd = 6;                          // the end twice more (RFC 4733 §2.5.1.4)
    private const int Steps = 8;

    private Ring _waiting;
    private int _first;
    private int _count;
    private int _step;

    public readonly bool IsIdle => _count == 0;

    /// <summary>Adds a digit; false for what is none, and when too many wait.</summary>
    public bool TryAdd(char digit)
    {
        var code = TelephoneEvent.CodeOf(digit);
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
        if (++_step == Steps)
        {
            _step = 0;
            _count--;
            _first = (_first + 1) % MostWaiting;
        }

        if (step > LastEnd) return DigitStep.Pause;
        packet = new TelephoneEvent(code, step >= EndAt, (ushort)(160 * (Math.Min(step, EndAt) + 1)));
        return step == 0 ? DigitStep.First : DigitStep.Again;
    }

    [InlineArray(MostWaiting)]
    private struct Ring
    {
        private byte _code;
    }
}
