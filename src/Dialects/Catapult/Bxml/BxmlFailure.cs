using System.Globalization;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Ports;
using Switchhook.Ivr;

namespace Switchhook.Dialects.Catapult.Bxml;

/// <summary>What goes wrong with documents, by number, so that it can be told from the log later: a status from 100 on, or one of these.</summary>
internal static class BxmlFailure
{
    public const int Document = 0;
    public const int TimedOut = 1;
    public const int NotReached = 2;
    public const int Audio = 3;

    /// <summary>Nobody took a transfer, or it leads nowhere: no failure of anybody's.</summary>
    public const int Nobody = 4;
    public const int FirstStatus = 100;

    private const string Mark = ": ";
    private const string Late = "no answer within ";

    /// <summary>The number of a reply that is no success.</summary>
    public static int Of(HttpReply reply) => reply.Failure switch
    {
        HttpFailure.None => reply.Status,
        HttpFailure.TimedOut => TimedOut,
        _ => NotReached,
    };

    /// <summary>The same in words.</summary>
    /// <param name="reply">No success.</param>
    /// <param name="patience">How long it had.</param>
    public static string Words(HttpReply reply, TimeSpan patience) => reply.Failure switch
    {
        HttpFailure.None => string.Create(CultureInfo.InvariantCulture, $"HTTP {reply.Status}"),
        HttpFailure.TimedOut => string.Create(CultureInfo.InvariantCulture, $"{Late}{(long)patience.TotalMilliseconds} ms"),
        var failure => failure.ToString(),
    };

    /// <summary>The time of a failure that was a matter of time, in milliseconds; null for any other.</summary>
    public static string? TimeIn(string message)
    {
        var at = message.IndexOf(Mark + Late, StringComparison.Ordinal);
        var rest = at < 0 ? "" : message[(at + Mark.Length + Late.Length)..];
        return at < 0 ? null : rest[..rest.IndexOf(' ', StringComparison.Ordinal)];
    }

    /// <summary>A failure at that address, as <see cref="UrlIn"/> reads it.</summary>
    public static ScriptFetch.Failed At(string url, int failure, string why) => new(failure, url + Mark + why);

    /// <summary>The address and its fallback both failed; what became of the fallback counts.</summary>
    public static ScriptFetch.Failed Both(ScriptFetch.Failed first, ScriptFetch.Failed second) => new(second.Code, $"{second.Message}; before: {first.Message}");

    /// <summary>The address a failure names first; null for one that names none.</summary>
    public static string? UrlIn(string message) =>
        message.StartsWith("http", StringComparison.OrdinalIgnoreCase) && message.IndexOf(Mark, StringComparison.Ordinal) is > 0 and var end ? message[..end] : null;
}

/// <summary>Plain words, and the number that says whether it is anybody's failure.</summary>
internal sealed class BxmlErrors : IScriptErrors
{
    public static readonly BxmlErrors Instance = new();

    private static readonly PlainScriptErrors Plain = PlainScriptErrors.Instance;

    private BxmlErrors() { }

    public ScriptError OutOfPlace(Verb verb) => Plain.OutOfPlace(verb);

    public ScriptError AudioFailed(Verb verb, string detail) => Plain.AudioFailed(verb, detail) with { Code = BxmlFailure.Audio };

    public ScriptError NoSuchCall(string call) => Plain.NoSuchCall(call);

    public ScriptError TransferFailed(Verb.Transfer verb, HangupCause cause) => Plain.TransferFailed(verb, cause) with { Code = BxmlFailure.Nobody };

    public ScriptError Refused(Verb.Order verb, CallRefusal refusal) => Plain.Refused(verb, refusal);

    public ScriptError NotAvailable(Verb verb) => Plain.NotAvailable(verb);

    public ScriptError NoRoom(Verb verb) => Plain.NoRoom(verb);

    public ScriptError LimitReached(Verb verb, ScriptLimit limit) => Plain.LimitReached(verb, limit);
}
