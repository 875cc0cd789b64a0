using Switchhook.Calls.Ports;

namespace Switchhook.Exchange.Prompts;

/// <summary>Files below certain directories, the first of which has the recordings, and none that a name or a link leads to outside of them.</summary>
public sealed class MediaFiles(params IReadOnlyList<string> directories) : IMediaFiles
{
    private const int MostListed = 1000;

    private readonly string[] _roots = [.. directories.Select(ConfinedPath.Root)];

    /// <inheritdoc/>
    public MediaFileOutcome Delete(string file)
    {
        if (Find(file, File.Exists) is not { } path)
            return MediaFileOutcome.NoSuchFile;
        return Try(() => File.Delete(path));
    }

    /// <inheritdoc/>
    public MediaFileOutcome Move(string file, string directory)
    {
        if (Find(file, File.Exists) is not { } path)
            return MediaFileOutcome.NoSuchFile;
        if (Find(directory, Directory.Exists) is not { } into)
            return MediaFileOutcome.NoSuchDirectory;
        return Try(() => File.Move(path, Path.Combine(into, Path.GetFileName(path)), overwrite: true));
    }

    /// <inheritdoc/>
    public IReadOnlyList<MediaFileEntry> List(string folder, string old)
    {
        if (ConfinedPath.Below(_roots[0], folder) is not { } path || !Directory.Exists(path) || !ConfinedPath.IsReallyBelow(_roots[0], path))
            return [];
        try
        {
            Directory.CreateDirectory(Path.Combine(path, old));
            return
            [
                .. new DirectoryInfo(path).EnumerateFiles().Where(static f => f.Extension is ".wav" or ".mp3").Take(MostListed)
                    .OrderBy(static f => f.LastWriteTimeUtc).ThenBy(static f => f.Name, StringComparer.Ordinal)
                    .Select(static f => new MediaFileEntry(f.Name, new DateTimeOffset(f.LastWriteTimeUtc, TimeSpan.Zero))),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private string? Find(string name, Func<string, bool> exists)
    {
        foreach (var root in _roots)
        {
            if (ConfinedPath.Below(root, name) is { } path && exists(path) && ConfinedPath.IsReallyBelow(root, path))
                return path;
        }
        return null;
    }

    private static MediaFileOutcome Try(Action work)
    {
        try
        {
            work();
            return MediaFileOutcome.Done;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return MediaFileOutcome.Failed;
        }
    }
}
