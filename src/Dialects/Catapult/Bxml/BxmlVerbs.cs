using System.Collections.Immutable;
using Switchhook.Calls.Audio;
using Switchhook.Ivr;
using Switchhook.Ivr.Documents;

namespace Switchhook.Dialects.Catapult.Bxml;

/// <summary>The verbs of BXML as those of a script, each under its own name.</summary>
internal static class BxmlVerbs
{
    private const int MostKeys = 92;
    private const int MostRepeats = 30;

    /// <summary>Adds what the verb does.</summary>
    /// <param name="element">The verb.</param>
    /// <param name="isLast">True for the last of the document.</param>
    /// <returns>The first mistake in it, or null.</returns>
    public static string? Add(ScriptElement element, bool isLast, BxmlContext context, ImmutableArray<Verb>.Builder verbs)
    {
        var fields = new BxmlFields(element);
        switch (element.Name)
        {
            case "SpeakSentence":
                verbs.Add(Speak(fields));
                break;
            case "PlayAudio":
                verbs.AddRange(Play(fields, context, pausesBetween: false));
                break;
            case "Pause":
                verbs.Add(new Verb.Delay(fields.Seconds(element["length"] is null ? "duration" : "length", 1, 0, 3600), fields.Line) { Name = element.Name });
                fields.Empty();
                break;
            case "SendDtmf":
                SendKeys(fields, verbs);
                break;
            case "Hangup":
                verbs.Add(new Verb.HangUp(null, fields.Line));
                fields.Empty();
                break;
            case "Redirect":
                verbs.Add(Redirect(fields));
                break;
            case "Gather":
                verbs.Add(BxmlGather.Read(fields, isLast, context));
                break;
            case "Record":
                verbs.Add(BxmlRecord.Read(fields, inTransfer: false));
                break;
            case "Transfer":
                verbs.AddRange(BxmlTransfer.Read(fields, context));
                break;
            default:
                fields.Refuse("unknown verb");
                break;
        }
        return fields.Mistake;
    }

    /// <summary>The prompts inside a Gather: speech and files in their order.</summary>
    public static ImmutableArray<Verb> Prompts(BxmlFields around, BxmlContext context)
    {
        var prompts = ImmutableArray.CreateBuilder<Verb>();
        foreach (var child in around.Element.Children)
        {
            var fields = new BxmlFields(child);
            switch (child.Name)
            {
                case "SpeakSentence": prompts.Add(Speak(fields)); break;
                case "PlayAudio": prompts.AddRange(Play(fields, context, pausesBetween: true)); break;
                default: around.Refuse($"{child.Name} cannot stand in it"); break;
            }
            around.Take(fields);
        }
        return prompts.ToImmutable();
    }

    public static Verb.Speak Speak(BxmlFields fields)
    {
        var gender = fields.Word("gender", CatapultVoices.Female, CatapultVoices.Male);
        var locale = fields.Word("locale", CatapultVoices.Locales);
        var (language, voice) = CatapultVoices.Find(locale, gender, fields.Text("voice"));
        return new Verb.Speak(fields.Spoken(), language, voice, fields.Line) { Name = fields.Element.Name, GainDb = Volume(fields) };
    }

    public static ImmutableArray<Verb> Play(BxmlFields fields, BxmlContext context, bool pausesBetween)
    {
        var repeats = fields.Number("repeatCount", 1, 1, MostRepeats);
        var pause = fields.Seconds("delayBeforeRepeat", 0, 0, 60);
        if (Audio(fields, context) is not { } file)
            return [];
        var play = new Verb.Play(file, Repeat: false, Timeout: null, fields.Line) { Name = fields.Element.Name, GainDb = Volume(fields) };
        if (repeats == 1)
            return [play];
        ImmutableArray<Verb> once = pausesBetween && pause > TimeSpan.Zero ? [play, new Verb.Delay(pause, fields.Line) { Name = "delayBeforeRepeat" }] : [play];
        return [new Verb.Loop(repeats, once, fields.Line) { Name = "repeatCount" }];
    }

    /// <summary>What PlayAudio plays; null, and a mistake, when that is no address.</summary>
    public static string? Audio(BxmlFields fields, BxmlContext context)
    {
        var url = fields.Spoken();
        if (Wire.CatapultFields.IsUrl(url))
            return context.FileOf(url);
        fields.Refuse("the audio must be given as an http address");
        return null;
    }

    public static AudioSource? Whisper(BxmlFields fields, BxmlContext context) => fields.Element.Name == "SpeakSentence"
        ? Speak(fields) is { Text.Length: > 0 } s ? new AudioSource.Speech(s.Text, s.Language, s.Voice) { GainDb = s.GainDb } : null
        : Audio(fields, context) is { } file ? new AudioSource.File(file) { GainDb = Volume(fields) } : null;

    private static int Volume(BxmlFields fields) => CatapultVoices.Gain(fields.Number("volume", 0, CatapultVoices.Quietest, CatapultVoices.Loudest));

    private static Verb.GoTo Redirect(BxmlFields fields)
    {
        fields.Empty();
        var url = fields.Url("requestUrl");
        if (url is null)
            fields.Refuse("requestUrl is missing");
        return new Verb.GoTo(url ?? "", fields.Line) { Name = fields.Element.Name, ReplyTime = fields.ReplyTime(), Tag = fields.Text("tag") };
    }

    /// <summary>Keys and the pauses between them: a comma or w is half a second, W a whole one.</summary>
    private static void SendKeys(BxmlFields fields, ImmutableArray<Verb>.Builder verbs)
    {
        var keys = fields.Spoken().Replace(" ", "", StringComparison.Ordinal);
        if (keys.Length is 0 or > MostKeys || keys.Any(static k => !"0123456789*#ABCD,wW".Contains(k, StringComparison.Ordinal)))
        {
            fields.Refuse("it needs 1 to 92 of 0-9, *, #, A-D and the pauses , w W");
            return;
        }
        for (var at = 0; at < keys.Length;)
        {
            var isPause = keys[at] is ',' or 'w' or 'W';
            var end = at;
            while (end < keys.Length && keys[end] is ',' or 'w' or 'W' == isPause)
                end++;
            var run = keys[at..end];
            verbs.Add(isPause
                ? new Verb.Delay(TimeSpan.FromSeconds(run.Sum(static p => p == 'W' ? 1 : 0.5)), fields.Line) { Name = fields.Element.Name }
                : new Verb.SendDigits(run, fields.Line) { Name = fields.Element.Name });
            at = end;
        }
    }
}
