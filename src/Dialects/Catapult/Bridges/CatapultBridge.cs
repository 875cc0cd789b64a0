using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Switchhook.Calls.Audio;
using Switchhook.Dialects.Catapult.Wire;

namespace Switchhook.Dialects.Catapult.Bridges;

/// <summary>Two calls that hear each other, as it is kept: whom it was last told to hold together, and when what became of it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Account">Whose it is.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record CatapultBridge(string Id, string Account, DateTimeOffset CreatedAt)
{
    /// <summary>The most calls in one.</summary>
    public const int MostCalls = 2;

    /// <summary>False while its calls neither hear nor are heard.</summary>
    public bool Audio { get; init; } = true;

    /// <summary>Ids of the calls in it; those that ended stay until others take their place.</summary>
    public ImmutableArray<string> Calls { get; init; } = [];

    /// <summary>Ids of all calls that ever were in it.</summary>
    public ImmutableArray<string> All { get; init; } = [];

    /// <summary>When it was last told whom to hold together.</summary>
    public DateTimeOffset SetAt { get; init; } = CreatedAt;

    /// <summary>When two calls first heard each other.</summary>
    public DateTimeOffset? ActivatedAt { get; init; }

    /// <summary>When the last call left it.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    [JsonIgnore]
    public bool IsCompleted => CompletedAt is not null;

    /// <summary>One of the vendor's words.</summary>
    [JsonIgnore]
    public string State => this switch
    {
        { CompletedAt: not null } => "completed",
        { Audio: false, Calls.IsEmpty: false } => "hold",
        { ActivatedAt: not null } => "active",
        _ => "created",
    };

    /// <summary>Where its calls are mixed.</summary>
    [JsonIgnore]
    public RoomName Room => new(Account, $"catapult {Id}");

    public CatapultMembers Show(CatapultAsk ask) => new()
    {
        { "id", Id },
        { "state", State },
        { "bridgeAudio", Audio },
        { "callIds", (IReadOnlyList<string>)Calls },
        { "calls", ask.Url($"bridges/{Id}/calls") },
        { "createdTime", CatapultWords.Time(CreatedAt) },
        { "activatedTime", CatapultWords.Time(ActivatedAt) },
        { "completedTime", CatapultWords.Time(CompletedAt) },
    };
}

/// <summary>Bridges as JSON.</summary>
[JsonSerializable(typeof(CatapultBridge))]
internal sealed partial class CatapultBridgeJson : JsonSerializerContext;

/// <summary>Keeps a document for each bridge over restarts. What it cannot keep it logs.</summary>
public interface ICatapultBridgeStore
{
    /// <summary>All documents.</summary>
    IReadOnlyList<byte[]> Load();

    /// <summary>Keeps one, in place of the one before; durable on return.</summary>
    void Save(string id, byte[] document);

    /// <summary>Forgets one.</summary>
    void Delete(string id);
}
