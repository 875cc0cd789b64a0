using System.Diagnostics.CodeAnalysis;

namespace Switchhook.Calls;

/// <summary>
/// One call's identity: a 47-bit number, ascending with time and never used twice, that every dialect shows in its own shape.
/// The value counts 10-microsecond steps since 2026-01-01 UTC, so that the second a call began can be read from it.
/// </summary>
public readonly record struct CallId(long Value) : IComparable<CallId>
{
    /// <summary>The greatest value: 47 bits fit in eight base-62 digits.</summary>
    public const long MaxValue = (1L << 47) - 1;

    /// <summary>Steps of <see cref="Value"/> in one second.</summary>
    public const int StepsPerSecond = 100_000;

    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int Length = 8;

    /// <summary>2026-01-01T00:00:00Z, the zero of <see cref="Value"/>.</summary>
    public static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Eight letters and digits, such as <c>0Nt3uhQ7</c>; case matters.</summary>
    public override string ToString() => string.Create(Length, Value, static (text, value) =>
    {
        for (var i = Length - 1; i >= 0; i--, value /= 62)
            text[i] = Digits[(int)(value % 62)];
    });

    /// <summary>Reads what <see cref="ToString"/> writes; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out CallId id)
    {
        id = default;
        if (text is not { Length: Length })
            return false;
        long value = 0;
        foreach (var c in text)
        {
            var digit = Digits.IndexOf(c, StringComparison.Ordinal);
            if (digit < 0)
                return false;
            value = (value * 62) + digit;
        }
        id = new CallId(value);
        return value <= MaxValue;
    }

    /// <inheritdoc/>
    public int CompareTo(CallId other) => Value.CompareTo(other.Value);

    /// <summary>Order of identity, which is order of time.</summary>
    public static bool operator <(CallId left, CallId right) => left.Value < right.Value;

    /// <summary>Order of identity, which is order of time.</summary>
    public static bool operator >(CallId left, CallId right) => left.Value > right.Value;

    /// <summary>Order of identity, which is order of time.</summary>
    public static bool operator <=(CallId left, CallId right) => left.Value <= right.Value;

    /// <summary>Order of identity, which is order of time.</summary>
    public static bool operator >=(CallId left, CallId right) => left.Value >= right.Value;
}

/// <summary>One leg of a call: the call and the leg's number in it, from 1 in order of creation.</summary>
public readonly record struct LegId(CallId Call, int Number)
{
    /// <summary>The call's text, a hyphen and the number: <c>0Nt3uhQ7-2</c>.</summary>
    public override string ToString() => $"{Call}-{Number}";
}

/// <summary>Where ids come from; injected so that deciding code stays free of clocks and chance.</summary>
public interface IIdSource
{
    /// <summary>An id greater than every one handed out before, also before a restart.</summary>
    CallId NextCall();
}
