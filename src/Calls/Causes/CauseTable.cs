using System.Globalization;

namespace Switchhook.Calls.Causes;

/// <summary>
/// SIP status to Q.850 cause and back: RFC 3398 with the rows FreeSWITCH uses in practice. The one place for both directions; an operator
/// may replace rows. A <c>Reason: Q.850</c> header on the wire wins over the table.
/// </summary>
public sealed class CauseTable
{
    /// <summary>The table without changes.</summary>
    public static readonly CauseTable Standard = new([], []);

    private readonly Dictionary<int, HangupCause> _fromSip;
    private readonly Dictionary<HangupCause, int> _toSip;

    private CauseTable(Dictionary<int, HangupCause> fromSip, Dictionary<HangupCause, int> toSip)
    {
        _fromSip = fromSip;
        _toSip = toSip;
    }

    /// <summary>The standard table with rows replaced.</summary>
    /// <param name="rows">Key <c>sip:486</c> with a cause's name or number, or key <c>USER_BUSY</c> with a SIP status from 300 to 699.</param>
    /// <param name="mistakes">One sentence a row that was not understood; such rows are left out.</param>
    public static CauseTable With(IEnumerable<KeyValuePair<string, string>> rows, out IReadOnlyList<string> mistakes)
    {
        Dictionary<int, HangupCause> fromSip = [];
        Dictionary<HangupCause, int> toSip = [];
        List<string> wrong = [];
        foreach (var (key, value) in rows)
        {
            if (key.StartsWith("sip:", StringComparison.OrdinalIgnoreCase))
            {
                if (TryStatus(key[4..], out var status) && HangupCauses.TryParse(value, out var cause))
                    fromSip[status] = cause;
                else
                    wrong.Add($"'{key}' = '{value}': expected sip:STATUS (300 to 699) and the name or number of a cause");
            }
            else if (HangupCauses.TryParse(key, out var from) && TryStatus(value, out var to))
                toSip[from] = to;
            else
                wrong.Add($"'{key}' = '{value}': expected the name of a cause and a SIP status from 300 to 699");
        }
        mistakes = wrong;
        return new CauseTable(fromSip, toSip);
    }

    /// <summary>The cause of a final SIP status of an INVITE.</summary>
    /// <param name="status">300 to 699.</param>
    /// <returns>The row's cause; <see cref="HangupCause.NormalUnspecified"/> for a status without a row.</returns>
    public HangupCause FromSip(int status) => _fromSip.TryGetValue(status, out var replaced) ? replaced : status switch
    {
        400 or 481 or 500 or 503 => HangupCause.NormalTemporaryFailure,
        401 or 402 or 403 or 407 or 603 => HangupCause.CallRejected,
        404 => HangupCause.UnallocatedNumber,
        405 => HangupCause.ServiceUnavailable,
        406 or 415 or 501 => HangupCause.ServiceNotImplemented,
        408 or 504 => HangupCause.RecoveryOnTimerExpire,
        410 => HangupCause.NumberChanged,
        413 or 414 or 416 or 420 or 421 or 423 or 505 or 513 => HangupCause.Interworking,
        480 => HangupCause.NoUserResponse,
        482 or 483 => HangupCause.ExchangeRoutingError,
        484 => HangupCause.InvalidNumberFormat,
        485 or 604 => HangupCause.NoRouteDestination,
        486 or 600 => HangupCause.UserBusy,
        487 => HangupCause.OriginatorCancel,
        488 or 606 => HangupCause.IncompatibleDestination,
        502 => HangupCause.NetworkOutOfOrder,
        _ => HangupCause.NormalUnspecified,
    };

    /// <summary>The cause of a final status, unless one of its Reason headers (RFC 3326) names a Q.850 cause.</summary>
    public HangupCause FromSip(int status, IReadOnlyList<string> reasons) =>
        TryFromReasons(reasons, out var cause) ? cause : FromSip(status);

    /// <summary>The cause of a BYE: its Reason header's, else a normal clearing.</summary>
    public static HangupCause FromBye(IReadOnlyList<string> reasons) =>
        TryFromReasons(reasons, out var cause) ? cause : HangupCause.NormalClearing;

    /// <summary>The final status for an inbound leg that is refused for that cause.</summary>
    /// <returns>300 to 699; 480 for a cause without a row.</returns>
    public int ToSip(HangupCause cause) => _toSip.TryGetValue(cause, out var replaced) ? replaced : cause switch
    {
        HangupCause.UnallocatedNumber or HangupCause.NoRouteDestination => 404,
        HangupCause.UserBusy => 486,
        HangupCause.NoUserResponse => 408,
        HangupCause.CallRejected => 603,
        HangupCause.NumberChanged => 410,
        HangupCause.DestinationOutOfOrder => 502,
        HangupCause.InvalidNumberFormat => 484,
        HangupCause.FacilityRejected or HangupCause.ServiceNotImplemented => 501,
        HangupCause.IncompatibleDestination => 488,
        HangupCause.ExchangeRoutingError => 483,
        HangupCause.RecoveryOnTimerExpire => 504,
        HangupCause.NormalCircuitCongestion or HangupCause.SwitchCongestion or HangupCause.NetworkOutOfOrder
            or HangupCause.NormalTemporaryFailure => 503,
        HangupCause.IncomingCallBarred or HangupCause.OutgoingCallBarred => 403,
        HangupCause.OriginatorCancel => 487,
        _ => 480,
    };

    /// <summary>Our Reason header's value for a cause: <c>Q.850;cause=17;text="USER_BUSY"</c>.</summary>
    public static string ToReason(HangupCause cause) => Reasons.TryGetValue(cause, out var reason) ? reason : SpellReason(cause);

    private static readonly Dictionary<HangupCause, string> Reasons = Enum.GetValues<HangupCause>().ToDictionary(c => c, SpellReason);

    private static string SpellReason(HangupCause cause) =>
        string.Create(CultureInfo.InvariantCulture, $"Q.850;cause={HangupCauses.Q850Of(cause)};text=\"{HangupCauses.NameOf(cause)}\"");

    /// <summary>The first Q.850 cause that one of the Reason headers names; unnamed numbers become <see cref="HangupCause.Interworking"/>.</summary>
    public static bool TryFromReasons(IReadOnlyList<string> reasons, out HangupCause cause)
    {
        for (var i = 0; i < reasons.Count; i++)
        {
            foreach (var range in SplitOutsideQuotes(reasons[i], ','))
            {
                if (TryFromReason(reasons[i][range], out cause))
                    return true;
            }
        }
        cause = default;
        return false;
    }

    private static bool TryFromReason(string reason, out HangupCause cause)
    {
        cause = default;
        var parts = SplitOutsideQuotes(reason, ';');
        if (!reason.AsSpan()[parts[0]].Trim().Equals("Q.850", StringComparison.OrdinalIgnoreCase))
            return false;
        for (var i = 1; i < parts.Count; i++)
        {
            var parameter = reason.AsSpan()[parts[i]];
            var equals = parameter.IndexOf('=');
            if (equals < 0 || !parameter[..equals].Trim().Equals("cause", StringComparison.OrdinalIgnoreCase))
                continue;
            if (!int.TryParse(parameter[(equals + 1)..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > 127)
                return false;
            if (!HangupCauses.TryFromQ850(number, out cause))
                cause = HangupCause.Interworking;
            return true;
        }
        return false;
    }

    private static List<Range> SplitOutsideQuotes(string text, char separator)
    {
        List<Range> parts = [];
        var (start, quoted) = (0, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && quoted)
                i++;
            else if (text[i] == '"')
                quoted = !quoted;
            else if (text[i] == separator && !quoted)
            {
                parts.Add(start..i);
                start = i + 1;
            }
        }
        parts.Add(Math.Min(start, text.Length)..text.Length);
        return parts;
    }

    private static bool TryStatus(string text, out int status) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out status) && status is >= 300 and <= 699;
}
