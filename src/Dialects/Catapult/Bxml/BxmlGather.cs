using Switchhook.Ivr;

namespace Switchhook.Dialects.Catapult.Bxml;

/// <summary>
/// Gather: its prompts, then keys. Where it is the last verb, the application's answer to what was entered takes the document's place, and
/// nothing entered is told too; elsewhere it is told of entries, and the next verb runs without waiting for it.
/// </summary>
internal static class BxmlGather
{
    private const int MostDigits = 128;

    public static Verb.Gather Read(BxmlFields fields, bool isLast, BxmlContext context)
    {
        var time = fields.Seconds("interDigitTimeout", 5, 0.1, 60);
        var url = fields.Url("requestUrl");
        return new Verb.Gather(fields.Element.Name, BxmlVerbs.Prompts(fields, context), fields.Line)
        {
            MaxDigits = fields.Number("maxDigits", MostDigits, 1, MostDigits),
            Terminators = fields.Keys("terminatingDigits") ?? "#",
            FirstDigit = time,
            InterDigit = time,
            Url = url,
            // Without an address there is nobody to tell, and the next verb runs.
            Into = url is null ? "digits" : null,
            Reply = isLast ? ScriptReply.Instead : ScriptReply.None,
            AsksAnyway = isLast && url is not null,
            ReplyTime = fields.ReplyTime(),
            Tag = fields.Text("tag"),
        };
    }
}
