using System.Globalization;
using System.Text;
using Switchhook.Calls.Causes;
using Switchhook.Sip.Messages;

namespace Switchhook.Exchange.Tests.Documents;

/// <summary>The cause tables written out as those of docs/causes.md, each row beside what RFC 3398 says.</summary>
internal static class CauseDocument
{
    /// <summary>Every status with a row of its own in either place.</summary>
    private static readonly int[] Statuses =
    [
        400, 401, 402, 403, 404, 405, 406, 407, 408, 410, 413, 414, 415, 416, 420, 421, 423, 480, 481, 482, 483, 484, 485, 486, 487, 488,
        500, 501, 502, 503, 504, 505, 513, 600, 603, 604, 606,
    ];

    /// <summary>RFC 3398 §8.2.6.1; 487, 488 and 606 have no cause there.</summary>
    private static readonly Dictionary<int, int> RfcCauses = Pairs(
        (400, 41), (401, 21), (402, 21), (403, 21), (404, 1), (405, 63), (406, 79), (407, 21), (408, 102), (410, 22), (413, 127),
        (414, 127), (415, 79), (416, 127), (420, 127), (421, 127), (423, 127), (480, 18), (481, 41), (482, 25), (483, 25), (484, 28),
        (485, 1), (486, 17), (500, 41), (501, 79), (502, 38), (503, 41), (504, 102), (505, 127), (513, 127), (600, 17), (603, 21), (604, 1));

    /// <summary>RFC 3398 §7.2.4.1.</summary>
    private static readonly Dictionary<int, int> RfcStatuses = Pairs(
        (1, 404), (2, 404), (3, 404), (17, 486), (18, 408), (19, 480), (20, 480), (21, 403), (22, 410), (23, 410), (27, 502), (28, 484),
        (29, 501), (31, 480), (34, 503), (38, 503), (41, 503), (42, 503), (47, 503), (57, 403), (58, 503), (65, 488), (79, 501),
        (88, 503), (102, 504), (111, 500), (127, 500));

    private static Dictionary<int, int> Pairs(params (int Key, int Value)[] pairs) => pairs.ToDictionary(p => p.Key, p => p.Value);

    public static string FromSip()
    {
        var text = new StringBuilder("| SIP status | Cause | Q.850 | Source |\n| --- | --- | --- | --- |\n");
        foreach (var status in Statuses)
        {
            var cause = CauseTable.Standard.FromSip(status);
            var source = Source("§8.2.6.1", RfcCauses.TryGetValue(status, out var rfc) ? rfc : null, (int)cause);
            text.Append(CultureInfo.InvariantCulture, $"| {status} {Phrase(status)} | `{HangupCauses.NameOf(cause)}` | {Number(cause)} | {source} |\n");
        }
        var other = CauseTable.Standard.FromSip(499);
        return text.Append(CultureInfo.InvariantCulture, $"| any other, 300 to 699 | `{HangupCauses.NameOf(other)}` | {Number(other)} | practice |\n").ToString();
    }

    public static string ToSip()
    {
        var text = new StringBuilder("| Cause | Q.850 | SIP status | Source |\n| --- | --- | --- | --- |\n");
        foreach (var cause in Enum.GetValues<HangupCause>())
        {
            var status = CauseTable.Standard.ToSip(cause);
            var source = Source("§7.2.4.1", RfcStatuses.TryGetValue((int)cause, out var rfc) ? rfc : null, status);
            text.Append(CultureInfo.InvariantCulture, $"| `{HangupCauses.NameOf(cause)}` | {Number(cause)} | {status} {Phrase(status)} | {source} |\n");
        }
        return text.ToString();
    }

    private static string Source(string section, int? rfc, int ours) => rfc switch
    {
        null => "practice",
        var same when same == ours => $"RFC 3398 {section}",
        var other => $"practice; RFC 3398 {section} has {other}",
    };

    private static string Number(HangupCause cause) => cause == HangupCause.OriginatorCancel ? "–" : ((int)cause).ToString(CultureInfo.InvariantCulture);

    private static string Phrase(int status) => Encoding.UTF8.GetString(SipStatus.ReasonPhrase(status));
}
