using System.Text.Json;
using System.Text.Json.Serialization;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Ports;

namespace Switchhook.Storage.Files;

/// <summary>
/// A directory for each account; in it each file, and what its uploader said of it beside it. Names are escaped on disk, so that none leads
/// out of its directory; a file takes its place whole, by one rename.
/// </summary>
public sealed class MediaStore(string directory, TimeProvider time) : IMediaStore
{
    private const string FilePrefix = "f-", LabelPrefix = "l-", NewPrefix = "n-";
    private const int LongestName = 200;
    private const int LongestOnDisk = 240;
    private const int MostFiles = 10_000;

    private int _uploads;

    /// <inheritdoc/>
    public long MostOctets => 65L << 20;

    /// <summary>All files of an account together.</summary>
    public long MostOctetsOfAccount { get; init; } = 4L << 30;

    /// <summary>Deletes what uploads have left that a crash cut off. Once, before the first upload; what cannot be deleted stays, and is in nobody's way.</summary>
    public void Clean()
    {
        try
        {
            foreach (var left in Directory.Exists(directory) ? Directory.EnumerateFiles(directory, NewPrefix + "*", SearchOption.AllDirectories) : [])
                DeleteIfThere(left);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // As above.
        }
    }

    /// <inheritdoc/>
    public async ValueTask<MediaStoring> StoreAsync(string owner, string name, Stream octets, long length, MediaLabel label, CancellationToken cancellation)
    {
        if (OnDisk(name) is not { } file)
            return MediaStoring.BadName;
        if (length > MostOctets || !HasRoom(owner, name, length))
            return MediaStoring.TooLarge;
        var folder = Folder(owner);
        var whole = Path.Combine(folder, $"{NewPrefix}{Environment.ProcessId}-{Interlocked.Increment(ref _uploads)}");
        try
        {
            Directory.CreateDirectory(folder);
            if (!await WriteAsync(whole, octets, length, cancellation).ConfigureAwait(false))
                return MediaStoring.WrongLength;
            var said = Path.Combine(folder, LabelPrefix + file);
            await File.WriteAllBytesAsync(whole + ".label", JsonSerializer.SerializeToUtf8Bytes(label, MediaLabels.Default.MediaLabel), cancellation).ConfigureAwait(false);
            File.Move(whole + ".label", said, overwrite: true);
            File.SetLastWriteTimeUtc(whole, time.GetUtcNow().UtcDateTime);
            File.Move(whole, Path.Combine(folder, FilePrefix + file), overwrite: true);
            return MediaStoring.Stored;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return MediaStoring.Failed;
        }
        finally
        {
            DeleteIfThere(whole);
            DeleteIfThere(whole + ".label");
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<StoredMedia> List(string owner)
    {
        var folder = new DirectoryInfo(Folder(owner));
        if (!folder.Exists)
            return [];
        return [.. folder.EnumerateFiles(FilePrefix + "*").Select(Show).OrderBy(static m => m.Name, StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public StoredMedia? Find(string owner, string name) => Existing(owner, name) is { } path ? Show(new FileInfo(path)) : null;

    /// <inheritdoc/>
    public Stream? Open(string owner, string name)
    {
        try
        {
            return Existing(owner, name) is { } path ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public bool Delete(string owner, string name)
    {
        if (Existing(owner, name) is not { } path)
            return false;
        DeleteIfThere(path);
        DeleteIfThere(LabelOf(path));
        return !File.Exists(path);
    }

    /// <inheritdoc/>
    public string? Playable(string owner, string name) =>
        Existing(owner, name) is { } path ? $"{KeptAudio.Media}{Path.GetFileName(Path.GetDirectoryName(path))}/{Path.GetFileName(path)}" : null;

    private static async ValueTask<bool> WriteAsync(string path, Stream octets, long length, CancellationToken cancellation)
    {
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None);
        var chunk = new byte[64 * 1024];
        long written = 0;
        int read;
        while ((read = await octets.ReadAsync(chunk, cancellation).ConfigureAwait(false)) > 0)
        {
            if ((written += read) > length)
                return false;
            await file.WriteAsync(chunk.AsMemory(0, read), cancellation).ConfigureAwait(false);
        }
        if (written != length)
            return false;
        file.Flush(flushToDisk: true);
        return true;
    }

    private bool HasRoom(string owner, string name, long length)
    {
        long octets = length;
        var files = 1;
        foreach (var media in List(owner))
        {
            if (media.Name == name)
                continue;
            octets += media.Length;
            files++;
        }
        return octets <= MostOctetsOfAccount && files <= MostFiles;
    }

    /// <summary>The name as a file's: escaped, so that it is one step of a path and nothing else. Null for one that no file can have.</summary>
    private static string? OnDisk(string name)
    {
        if (name.Length is 0 or > LongestName || name[0] == '.' || name.Any(static c => char.IsControl(c) || char.IsSurrogate(c) || c is '/' or '\\'))
            return null;
        var escaped = Uri.EscapeDataString(name);
        return escaped.Length <= LongestOnDisk ? escaped : null;
    }

    private string Folder(string owner) => Path.Combine(directory, "a-" + Uri.EscapeDataString(owner.ToLowerInvariant()));

    private string? Existing(string owner, string name) =>
        OnDisk(name) is { } file && Path.Combine(Folder(owner), FilePrefix + file) is var path && File.Exists(path) ? path : null;

    private static StoredMedia Show(FileInfo file) => new(
        Uri.UnescapeDataString(file.Name[FilePrefix.Length..]), file.Length, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero), ReadLabel(LabelOf(file.FullName)));

    private static string LabelOf(string path) => Path.Combine(Path.GetDirectoryName(path)!, LabelPrefix + Path.GetFileName(path)[FilePrefix.Length..]);

    private static MediaLabel ReadLabel(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), MediaLabels.Default.MediaLabel) ?? new MediaLabel();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return new MediaLabel();
        }
    }

    private static void DeleteIfThere(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It stays, and is in nobody's way.
        }
    }
}

/// <summary>Labels as JSON.</summary>
[JsonSerializable(typeof(MediaLabel))]
internal sealed partial class MediaLabels : JsonSerializerContext;
