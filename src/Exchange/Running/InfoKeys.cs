using System.Diagnostics.CodeAnalysis;
using System.Text;
using Switchhook.Sip.Messages;

namespace Switchhook.Exchange.Running;

/// <summary>
/// Keys in SIP INFO, as phones without RFC 4733 send them: <c>application/dtmf-relay</c> with a line <c>Signal=5</c>, and
/// <c>application/dtmf</c> with the key alone.
/// </summary>
internal static class InfoKeys
{
    private const int LongestBody = 256;

    public static ReadOnlySpan<byte> ContentType => "application/dtmf-relay"u8;

    /// <summary>The body for one key, 160 ms long.</summary>
    public static byte[] Write(char key) => Encoding.ASCII.GetBytes($"Signal={key}\r\nDuration=160\r\n");

    /// <summary>False for an INFO that is about something else, or says nothing that is a key.</summary>
    public static bool TryRead(SipRequest info, out char key)
    {
        key = default;
        if (info.Body.Length is 0 or > LongestBody || info.GetText(HeaderName.ContentType) is not { } type)
            return false;
        var body = Encoding.ASCII.GetString(info.Body.Span);
        return type.Split(';')[0].Trim().ToUpperInvariant() switch
        {
            "APPLICATION/DTMF-RELAY" => TrySignal(body, out key),
            "APPLICATION/DTMF" => TryKey(body, out key),
            _ => false,
        };
    }

    private static bool TrySignal(string body, out char key)
    {
        key = default;
        foreach (var line in body.Split('\n'))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && line.AsSpan(0, equals).Trim().Equals("Signal", StringComparison.OrdinalIgnoreCase))
                return TryKey(line[(equals + 1)..], out key);
        }
        return false;
    }

    /// <summary>The key itself, or the number of its event (RFC 4733 §3.2): 10 is the star, 11 the pound, 12 to 15 are A to D.</summary>
    private static bool TryKey(string text, out char key)
    {
        key = text.Trim().ToUpperInvariant() switch
        {
            [var one] when "0123456789*#ABCD".Contains(one, StringComparison.Ordinal) => one,
            "10" => '*',
            "11" => '#',
            "12" => 'A',
            "13" => 'B',
            "14" => 'C',
            "15" => 'D',
            _ => default,
        };
        return key != default;
    }
}

/// <summary>Tells one press of a key that came twice, by RTP and by INFO, from two presses.</summary>
internal sealed class KeyEar
{
    /// <summary>Both ways tell of a press within this; an INFO is sent when the key goes down, or when it is let go.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(1);

    private char _last;
    private bool _lastByInfo;
    private DateTimeOffset _lastAt;

    /// <summary>True once the far side has sent a key by INFO and none by RTP: it is sent keys the same way.</summary>
    public bool KnowsInfoOnly { get; private set; }

    /// <summary>True for the first news of a press.</summary>
    public bool Take(char key, bool byInfo, DateTimeOffset now)
    {
        KnowsInfoOnly = byInfo && (KnowsInfoOnly || _last == default);
        var again = key == _last && byInfo != _lastByInfo && now - _lastAt < Apart;
        if (again)
        {
            // The second half of the pair: another press may follow at once, in either way.
            (_last, _lastAt) = (' ', now);
            return false;
        }
        (_last, _lastByInfo, _lastAt) = (key, byInfo, now);
        return true;
    }

    /// <summary>A key by RTP is let go, however long it was held.</summary>
    public void LetGo(char key, DateTimeOffset now)
    {
        if (key == _last && !_lastByInfo)
            _lastAt = now;
    }
}
