using Switchhook.Calls.Audio;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Catapult.Wire;

namespace Switchhook.Dialects.Catapult.Calls;

/// <summary>What a request wants heard: the same members for calls, bridges, prompts of a gather and whispers.</summary>
/// <param name="Source">What; null to stop what is heard.</param>
/// <param name="Url">The address, where it is a file.</param>
internal sealed record CatapultSound(AudioSource? Source, bool Loop, string? Tag, string? Url = null)
{
    private const int LongestSentence = 1000;
    private const int LargestFile = 16 << 20;

    /// <summary>Reads the members; null after a mistake, and where none of them says what to play.</summary>
    public static CatapultSound? Read(CatapultAsk ask, CatapultFields fields)
    {
        var (file, sentence) = (fields.Text("fileUrl"), fields.Text("sentence", LongestSentence));
        var gender = fields.Word("gender", CatapultVoices.Female, CatapultVoices.Male);
        var locale = fields.Word("locale", CatapultVoices.Locales);
        var (loop, tag, voice) = (fields.Truth("loopEnabled") ?? false, fields.Text("tag"), fields.Text("voice"));
        var gain = CatapultVoices.Gain(fields.Number("volume", CatapultVoices.Quietest, CatapultVoices.Loudest));
        if (fields.Mistake is not null)
            return null;
        switch (file, sentence)
        {
            case ({ Length: > 0 } url, _) when !CatapultFields.IsUrl(url):
                fields.Refuse(CatapultError.ForbiddenOf("media-invalid-url", $"The media URL '{url}' is invalid."));
                return null;
            case ({ Length: > 0 } url, _): return new(ask.MediaAt(url) with { GainDb = gain }, loop, tag, url);
            case (_, { Length: > 0 } text):
                var (language, name) = CatapultVoices.Find(locale, gender, voice);
                return new(new AudioSource.Speech(text, language, name) { GainDb = gain }, loop, tag);
            case (null, null): return null;
            default: return new(null, false, tag);
        }
    }

    /// <summary>Fetches the file, or has the sentence spoken; the failure when that cannot be.</summary>
    public async ValueTask<CatapultError?> PrepareAsync(CatapultPorts ports, CancellationToken cancellation) =>
        Source is null ? null : await ports.Outside.Prompts.PrepareAsync(Source, LargestFile, cancellation) switch
        {
            PromptFault.None => null,
            PromptFault.NotSpoken => CatapultError.UnavailableOf("speak-error", "The sentence could not be spoken"),
            PromptFault.NotFound => CatapultError.UnavailableOf("media-unavailable", $"The media '{Url}' could not be fetched"),
            _ => CatapultError.ForbiddenOf("media-not-supported", $"Media type not supported '{Url}'"),
        };
}
