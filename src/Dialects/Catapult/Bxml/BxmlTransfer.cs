using System.Collections.Immutable;
using Switchhook.Calls.Audio;
using Switchhook.Ivr;

namespace Switchhook.Dialects.Catapult.Bxml;

/// <summary>
/// Transfer: up to seven numbers rung together, the first to answer hears what is nested and is joined. Nobody: the next verb runs. A number
/// that leads nowhere: the call is hung up.
/// </summary>
internal static class BxmlTransfer
{
    private const int MostTargets = 7;

    private static readonly string[] Treatments = ["none", "propagate", "stack"];

    private static readonly string[] Reasons =
    [
        "unknown", "user-busy", "no-answer", "unavailable", "unconditional", "time-of-day", "do-not-disturb", "deflection", "follow-me", "out-of-service", "away",
    ];

    public static ImmutableArray<Verb> Read(BxmlFields fields, BxmlContext context)
    {
        var e = fields.Element;
        List<string> numbers = fields.Text("transferTo") is { } first ? [first] : [];
        var whisper = ImmutableArray.CreateBuilder<AudioSource>();
        Verb.Record? recording = null;
        foreach (var child in e.Children)
        {
            var inner = new BxmlFields(child);
            switch (child.Name)
            {
                case "PhoneNumber":
                    if (inner.Spoken() is { Length: > 0 } number)
                        numbers.Add(number);
                    else
                        inner.Refuse("it needs a number");
                    break;
                case "SpeakSentence" or "PlayAudio":
                    if (BxmlVerbs.Whisper(inner, context) is { } audio)
                        whisper.Add(audio);
                    break;
                case "Record":
                    recording = BxmlRecord.Read(inner, inTransfer: true);
                    break;
                default:
                    fields.Refuse($"{child.Name} cannot stand in it");
                    break;
            }
            fields.Take(inner);
        }
        if (numbers.Count is 0 or > MostTargets)
            fields.Refuse("it needs 1 to 7 numbers, in transferTo and PhoneNumber");
        var diverted = context.Diverted(fields.Word("diversionTreatment", Treatments), fields.Word("diversionReason", Reasons));
        if (!context.MayShow(fields.Text("transferCallerId"), out var shown))
            fields.Refuse("transferCallerId must be private, unknown or a number of the account's");
        var transfer = new Verb.Transfer([.. numbers.Select(context.Number).OfType<string>()], TimeSpan.FromSeconds(fields.Number("callTimeout", 60, 1, 300)), null, fields.Line)
        {
            Name = e.Name,
            Shown = shown,
            Whisper = whisper.ToImmutable(),
            Enclosed = diverted,
            Recording = recording,
            NeedsTarget = true,
            EndUrl = fields.Url("requestUrl") ?? context.CallbackUrl,
            ReplyTime = fields.ReplyTime(),
            Tag = fields.Text("tag"),
        };
        return transfer.Targets.Length == numbers.Count
            ? [transfer]
            : [new Verb.Invalid(e.Name, 0, BxmlFields.At(e, "a destination is no number and no SIP address"), fields.Line), new Verb.HangUp(null, fields.Line) { Name = e.Name }];
    }
}
