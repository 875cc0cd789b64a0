using Switchhook.Ivr;

namespace Switchhook.Dialects.Catapult.Bxml;

/// <summary>Record: the party alone until it is silent, presses a key or the time is over; inside a Transfer both parties until the call ends.</summary>
internal static class BxmlRecord
{
    public static Verb.Record Read(BxmlFields fields, bool inTransfer)
    {
        var format = fields.Word("fileFormat", "wav", "mp3");
        var longest = fields.Seconds("maxDuration", 60, 1, 3600);
        var silence = fields.Seconds("silenceTimeout", 3, 0.1, 60);
        var level = fields.Number("silenceThreshold", 100, 0, 32_767);
        var keys = fields.Keys("terminatingDigits") ?? "";
        var stereo = fields.Truth("multiChannel");
        if (fields.Truth("transcribe"))
        {
            if (fields.Url("transcribeCallbackUrl") is null)
                fields.Refuse("transcribe needs a transcribeCallbackUrl");
            if (format != "wav")
                fields.Refuse("transcribe needs the format wav");
        }
        var url = fields.Url("requestUrl");
        fields.Empty();
        return new Verb.Record(format, inTransfer ? null : longest, inTransfer ? null : silence, inTransfer ? "" : keys, url, Folder: null, fields.Line)
        {
            Reply = ScriptReply.None,
            // No number could be louder than silence under a threshold of 0.
            SilenceLevel = inTransfer ? null : Math.Max(1, level),
            Stereo = inTransfer && stereo,
            ReplyTime = fields.ReplyTime(),
            Tag = fields.Text("tag"),
        };
    }
}
