using Switchhook.Calls.Ports;

namespace Switchhook.Exchange.Prompts;

/// <summary>Files below certain directories, and none that a name or a link leads to outside of them.</summary>
public sealed class MediaFiles(params IReadOnlyList<string> directories) : IMediaFiles
{
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
