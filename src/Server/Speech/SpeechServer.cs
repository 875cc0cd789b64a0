using System.Text.Json;
using Switchhook.Calls.Ports;
using Switchhook.Server.Configuration;
using static Switchhook.Server.Speech.SpeechFailures;

namespace Switchhook.Server.Speech;

/// <summary>
/// Speech by a server: the text and the voice are posted to it as JSON, and it answers with a WAV file, or with 404 or 422 when it does not know
/// the voice. Asked through the guarded client, with its rules of where requests may go.
/// </summary>
internal sealed class SpeechServer(SpeechSettings settings, IHttpCaller http) : ISpeechEngine
{
    public async ValueTask<SpeechReply> SpeakAsync(string text, string voice, CancellationToken cancellation)
    {
        List<KeyValuePair<string, string>> headers = [new("Accept", "audio/wav")];
        if (settings.Authorization is { } authorization)
            headers.Add(new("Authorization", authorization));
        var reply = await http.SendAsync(
            new HttpCall
            {
                Url = settings.Url!,
                ContentType = "application/json",
                Body = Body(text, voice),
                Headers = headers,
                Timeout = settings.Longest,
                MaxReplyBytes = MostOctets,
            },
            cancellation);
        return reply.Failure switch
        {
            HttpFailure.TimedOut => TimedOut(settings.Longest),
            HttpFailure.TooLarge => TooLarge(),
            not HttpFailure.None => Failed($"speech-unreachable: {reply.Failure}: {reply.Detail}"),
            _ when reply.Status is 404 or 422 => Failed($"{UnknownVoice}: {voice} is not known at {settings.Url}"),
            _ when !reply.Succeeded => Failed($"speech-failed: HTTP {reply.Status}"),
            _ when !IsWav(reply.Body.Span) => Failed(NotAudio),
            _ => new SpeechReply(reply.Body, null),
        };
    }

    private static byte[] Body(string text, string voice)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("text", text);
            json.WriteString("voice", voice);
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }
}
