using System.Globalization;
using Switchhook.Calls;
using Switchhook.Calls.Causes;

namespace Switchhook.Dialects.Hoiio;

/// <summary>The vendor's words and shapes: references, dates, amounts, what became of a call.</summary>
internal static class HoiioWords
{
    public const string Dialect = "hoiio";

    public const string Ongoing = "ongoing";
    public const string Answered = "answered";
    public const string Unanswered = "unanswered";
    public const string Busy = "busy";
    public const string Failed = "failed";

    private const string SessionPrefix = "S-";
    private const string TransactionPrefix = "AA-";

    private static readonly TimeSpan Zone = TimeSpan.FromHours(8);

    public static string Session(CallId call) => SessionPrefix + call;

    public static bool TrySession(string text, out CallId call)
    {
        call = default;
        return text.StartsWith(SessionPrefix, StringComparison.Ordinal) && CallId.TryParse(text[SessionPrefix.Length..], out call);
    }

    /// <summary>The letter tells what the call is for; nobody need read it.</summary>
    public static string Transaction(Call call) => $"{TransactionPrefix}{LetterOf(call)}-{call.Id}";

    /// <summary>Any letters will do: they are not part of the reference.</summary>
    public static bool TryTransaction(string text, out CallId call)
    {
        call = default;
        var last = text.LastIndexOf('-');
        return last > TransactionPrefix.Length && text.StartsWith(TransactionPrefix, StringComparison.Ordinal) && CallId.TryParse(text[(last + 1)..], out call);
    }

    private static string LetterOf(Call call) => Sessions.HoiioNote.Of(call)?.Purpose switch
    {
        Sessions.HoiioPurpose.Voice => "S",
        Sessions.HoiioPurpose.Conference => "C",
        Sessions.HoiioPurpose.Session => "I",
        null => call.Plan is CallPlan.Offered { Dialect: Dialect } ? "I" : "S",
    };

    /// <summary>Always GMT+8, without a zone.</summary>
    public static string Date(DateTimeOffset at) => at.ToOffset(Zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static bool TryDate(string text, out DateTimeOffset at)
    {
        at = default;
        // The first day there is has no time in that zone.
        if (!DateTime.TryParseExact(text, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) || local < DateTime.UnixEpoch)
            return false;
        at = new DateTimeOffset(local, Zone);
        return true;
    }

    public static string Amount(decimal amount) => amount.ToString("0.000###", CultureInfo.InvariantCulture);

    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>E.164 with its plus; a leading blank is a plus that was not encoded. Null for anything else.</summary>
    public static string? PhoneNumber(string text)
    {
        const int fewest = 7, most = 15;
        var number = text.StartsWith(' ') ? string.Concat("+", text.AsSpan(1)) : text;
        return number.Length is > fewest and <= most + 1 && number[0] == '+' && number[1] is >= '1' and <= '9' && number.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0
            ? number : null;
    }

    /// <summary>What became of a party that was called or called; null: it never came to that.</summary>
    public static string StatusOf(Call call, Leg? leg) =>
        !call.HasEnded ? Ongoing
        : leg is null ? Unanswered
        : leg.AnsweredAt is not null ? Answered
        : StatusOf(leg.Record?.Cause ?? call.Cause ?? HangupCause.NormalUnspecified);

    /// <summary>What an attempt that was not answered ended as.</summary>
    public static string StatusOf(HangupCause cause) => cause switch
    {
        HangupCause.UserBusy => Busy,
        HangupCause.NoUserResponse or HangupCause.NoAnswer or HangupCause.OriginatorCancel or HangupCause.NormalClearing => Unanswered,
        _ => Failed,
    };
}
