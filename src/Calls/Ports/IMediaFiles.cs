namespace Switchhook.Calls.Ports;

/// <summary>The files of the recordings and prompts directories, and no others. Safe from any thread; may wait for the disk.</summary>
public interface IMediaFiles
{
    /// <summary>Deletes a file.</summary>
    MediaFileOutcome Delete(string file);

    /// <summary>Moves a file into a directory that is there; one of the same name in it is replaced.</summary>
    MediaFileOutcome Move(string file, string directory);
}

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
