namespace Switchhook.Calls.Ports;

/// <summary>The files of the recordings and prompts directories, and no others. Safe from any thread; may wait for the disk.</summary>
public interface IMediaFiles
{
    /// <summary>Deletes a file.</summary>
    MediaFileOutcome Delete(string file);

    /// <summary>
    /// The audio files of a folder below the recordings, oldest first, and of none of the folders in it. The folder that is there is given the one
    /// beside them that <paramref name="old"/> names, so that files can be moved into it; one that is not there has none.
    /// </summary>
    IReadOnlyList<MediaFileEntry> List(string folder, string old) => [];

    /// <summary>Moves a file into a directory that is there; one of the same name in it is replaced.</summary>
    MediaFileOutcome Move(string file, string directory);
}

/// <summary>A file: its name within its folder, and when it was written last.</summary>
public readonly record struct MediaFileEntry(string Name, DateTimeOffset WrittenAt);

/// <summary>What became of it.</summary>
public enum MediaFileOutcome
{
    Done,
    /// <summary>There is no such file in these directories; one elsewhere is as good as none.</summary>
    NoSuchFile,
    /// <summary>There is no such directory in these directories.</summary>
    NoSuchDirectory,
    /// <summary>The disk did not do it.</summary>
    Failed,
}
