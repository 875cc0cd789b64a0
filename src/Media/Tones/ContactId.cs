namespace Switchhook.Media.Tones;

/// <summary>A Contact ID message of an alarm panel (SIA DC-05 §3): sixteen keys.</summary>
/// <param name="Account">Four digits, 0–9 and B–F.</param>
/// <param name="Qualifier">1 = new event or opening, 3 = restored or closing, 6 = status.</param>
/// <param name="Code">Event code, three digits.</param>
/// <param name="Partition">Group or partition, two digits.</param>
/// <param name="Zone">Zone or user, three digits.</param>
public sealed record ContactId(string Account, char Qualifier, string Code, string Partition, string Zone)
{
    private const int Length = 16;
    private const string Values = "0123456789BCDEF";        // as written; 0 counts 10, and there is no A (§3.2)
    private const string Keys = "0123456789*#ABC";          // as pressed

    /// <summary>What the receiver plays when it is ready: 1,400 Hz, a pause, 2,300 Hz, 100 ms each (§2.1).</summary>
    public static Tone Handshake { get; } = new(1400, 0, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(100))
    {
        Then = new Tone(2300, 0, TimeSpan.FromMilliseconds(100), TimeSpan.Zero),
    };

    /// <summary>What the receiver plays when it has understood: 1,400 Hz for 800 ms (§2.4: 750 to 1,000).</summary>
    public static Tone Acknowledgement { get; } = new(1400, 0, TimeSpan.FromMilliseconds(800), TimeSpan.Zero);

    /// <summary>Reads sixteen keys as they were heard; false when they are fewer or more, of another message type, or their sum is wrong.</summary>
    public static bool TryParse(ReadOnlySpan<char> keys, out ContactId? message)
    {
        message = null;
        if (keys.Length != Length) return false;
        Span<char> digits = stackalloc char[Length];
        var sum = 0;
        for (var i = 0; i < Length; i++)
        {
            var value = Keys.IndexOf(char.ToUpperInvariant(keys[i]), StringComparison.Ordinal);
            if (value < 0) return false;
            digits[i] = Values[value];
            sum += Worth(value);
        }

        if (sum % 15 != 0 || digits[4..6] is not ("18" or "98") || digits[6] is not ('1' or '3' or '6')) return false;
        message = new ContactId(digits[..4].ToString(), digits[6], digits[7..10].ToString(), digits[10..12].ToString(), digits[12..15].ToString());
        return true;
    }

    /// <summary>The sixteen keys to press, the last being the check digit; null when a part has the wrong length or letters.</summary>
    public string? ToKeys()
    {
        var digits = $"{Account}18{Qualifier}{Code}{Partition}{Zone}".ToUpperInvariant();
        if (Account.Length != 4 || Code.Length != 3 || Partition.Length != 2 || Zone.Length != 3) return null;
        Span<char> keys = stackalloc char[Length];
        var sum = 0;
        for (var i = 0; i < Length - 1; i++)
        {
            var value = Values.IndexOf(digits[i], StringComparison.Ordinal);
            if (value < 0) return null;
            keys[i] = Keys[value];
            sum += Worth(value);
        }

        var check = 15 - sum % 15;                          // 1 to 15, and 10 is written 0
        keys[^1] = check == 10 ? '0' : Keys[check > 10 ? check - 1 : check];
        return keys.ToString();
    }

    /// <summary>Places in the row of keys: 0 is worth ten, 1 to 9 themselves, B to F eleven to fifteen.</summary>
    private static int Worth(int place) => place == 0 ? 10 : place < 10 ? place : place + 1;
}
