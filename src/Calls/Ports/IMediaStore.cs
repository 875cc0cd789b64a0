namespace Switchhook.Calls.Ports;

/// <summary>Files that accounts have uploaded, each account its own. Safe from any thread; may wait for the disk.</summary>
public interface IMediaStore
{
    /// <summary>The largest file, in octets.</summary>
    long MostOctets { get; }

    /// <summary>Stores a file, in place of one of the same name; whoever reads that one goes on with it.</summary>
    /// <param name="owner">The account's name.</param>
    /// <param name="name">The file's.</param>
    /// <param name="octets">What is in it.</param>
    /// <param name="length">How much that is.</param>
    /// <param name="label">What is kept with it.</param>
    /// <param name="cancellation">Ends it; the file of before is still there then.</param>
    ValueTask<MediaStoring> StoreAsync(string owner, string name, Stream octets, long length, MediaLabel label, CancellationToken cancellation);

    /// <summary>The account's files by name.</summary>
    IReadOnlyList<StoredMedia> List(string owner);

    /// <summary>One of them, or null.</summary>
    StoredMedia? Find(string owner, string name);

    /// <summary>What is in it; null when it is not there.</summary>
    Stream? Open(string owner, string name);

    /// <summary>Deletes it; false when it is not there.</summary>
    bool Delete(string owner, string name);

    /// <summary>The name to play it by; null when it is not there.</summary>
    string? Playable(string owner, string name);
}

/// <summary>What an uploader said of a file.</summary>
public sealed record MediaLabel(string? ContentType = null, string? CacheControl = null);

/// <summary>A file that is there.</summary>
public sealed record StoredMedia(string Name, long Length, DateTimeOffset StoredAt, MediaLabel Label);

/// <summary>What became of an upload.</summary>
public enum MediaStoring
{
    Stored,
    /// <summary>The name is none a file can have, or leads elsewhere.</summary>
    BadName,
    /// <summary>It is larger than a file may be, or the account has no room for it.</summary>
    TooLarge,
    /// <summary>There was less of it, or more, than was said.</summary>
    WrongLength,
    /// <summary>The disk did not take it.</summary>
    Failed,
}
