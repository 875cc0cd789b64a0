using System.Text.Json;
using System.Text.Json.Serialization;
using Switchhook.Calls;

namespace Switchhook.Dialects.Hoiio.Sessions;

/// <summary>The blocks of a session, by the vendor's words.</summary>
internal enum HoiioBlockKind
{
    Answer,
    Dial,
    Play,
    Gather,
    Record,
    Monitor,
    Hold,
    Unhold,
    Transfer,
    Hangup,
}

/// <summary>A block as it was asked for: all that is needed to carry it out and to tell what became of it.</summary>
internal sealed record HoiioBlock(HoiioBlockKind Kind, int Number, string? Url = null, string? Tag = null)
{
    /// <summary>The raw message; it was checked.</summary>
    public string? Msg { get; init; }
    public int MaxDigits { get; init; }
    public int Timeout { get; init; }
    public int Attempts { get; init; }

    /// <summary>Seconds; of a recording.</summary>
    public int MaxDuration { get; init; }

    /// <summary>Where a recording of the whole call is announced.</summary>
    public string? MonitorUrl { get; init; }

    /// <summary>The number a transfer goes to.</summary>
    public string? Dest { get; init; }

    /// <summary>The room a transfer goes to.</summary>
    public string? Room { get; init; }

    /// <summary>What the target of a transfer is shown.</summary>
    public string? CallerId { get; init; }

    /// <summary>The target is shown no number.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>A transfer that failed leaves the call to the application.</summary>
    public bool Continues { get; init; }

    /// <summary>A hangup in the middle of whatever goes on.</summary>
    public bool IsForced { get; init; }

    /// <summary>Stands for the block in what the exchange tells of its audio.</summary>
    [JsonIgnore]
    public string Mark => $"{HoiioWords.Dialect}.{Number}";
}

/// <summary>What a call is for.</summary>
internal enum HoiioPurpose
{
    /// <summary>An IVR session.</summary>
    Session,
    /// <summary>Two phones.</summary>
    Voice,
    /// <summary>A leg of a conference.</summary>
    Conference,
}

/// <summary>What the dialect notes with a call, so that its end is told also after a restart.</summary>
internal sealed record HoiioNote(HoiioPurpose Purpose, string Account, HoiioBlock Block)
{
    /// <summary>The address used last.</summary>
    public string? LastUrl { get; init; }

    /// <summary>The tag used last.</summary>
    public string? LastTag { get; init; }

    /// <summary>The whole call is being recorded.</summary>
    public bool IsMonitored { get; init; }

    /// <summary>Where that is announced.</summary>
    public string? MonitorUrl { get; init; }

    /// <summary>The call's note, or null when it has none of this dialect.</summary>
    public static HoiioNote? Of(Call call) =>
        call.NoteOf(HoiioWords.Dialect) is { } text ? JsonSerializer.Deserialize(text, HoiioNoteJson.Default.HoiioNote) : null;

    public string Write() => JsonSerializer.Serialize(this, HoiioNoteJson.Default.HoiioNote);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, UseStringEnumConverter = true)]
[JsonSerializable(typeof(HoiioNote))]
internal sealed partial class HoiioNoteJson : JsonSerializerContext;
