using System.Globalization;
using System.Text.Json;

namespace Switchhook.Media.Recording;

/// <summary>What the file beside a recording says of it.</summary>
internal static class RecordingDescription
{
    public const string Recording = "recording";
    public const string Finished = "finished";
    public const string Recovered = "recovered";

    /// <summary>The description's path.</summary>
    public static string PathOf(string wav) => Path.ChangeExtension(wav, ".json");

    public static byte[] Write(RecordingSettings settings, DateTimeOffset startedAt, int sampleRateHz, int channels, string state, RecordingEnd end,
        TimeSpan length, long droppedFrames)
    {
        using var room = new MemoryStream();
        using (var json = new Utf8JsonWriter(room, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("file", Path.GetFileName(settings.Path));
            json.WriteString("state", state);
            if (settings.Call is { } call) json.WriteString("call", call);
            if (settings.Leg > 0) json.WriteNumber("leg", settings.Leg);
            if (settings.Accounts.Count > 0)
            {
                json.WriteStartArray("accounts");
                foreach (var account in settings.Accounts) json.WriteStringValue(account);
                json.WriteEndArray();
            }
            json.WriteString("startedAt", startedAt.ToString("O", CultureInfo.InvariantCulture));
            json.WriteNumber("lengthMs", (long)length.TotalMilliseconds);
            json.WriteString("sides", settings.Sides.ToString());
            json.WriteNumber("channels", channels);
            json.WriteNumber("sampleRateHz", sampleRateHz);
            if (end != RecordingEnd.None) json.WriteString("end", end.ToString());
            if (droppedFrames > 0) json.WriteNumber("framesLeftOut", droppedFrames);
            if (settings.Note is { } note) json.WriteString("note", note);
            if (settings.Mp3) json.WriteBoolean("mp3", true);
            json.WriteEndObject();
        }

        return room.ToArray();
    }

    /// <summary>True for the description of a recording that nobody finished.</summary>
    public static bool IsOpen(ReadOnlySpan<byte> description) => description.IndexOf("\"state\": \"recording\""u8) >= 0;

    /// <summary>True also for one that a start put right, and for one whose MP3 was not made.</summary>
    public static bool IsIncomplete(ReadOnlySpan<byte> description, bool hasMp3) => IsOpen(description)
        || description.IndexOf("\"state\": \"recovered\""u8) >= 0 || (!hasMp3 && description.IndexOf("\"mp3\": true"u8) >= 0);
}
