namespace Switchhook.Server.Running;

/// <summary>A recording's file by its name alone, <c>CALL-N.mp3</c>: below a directory of its call's.</summary>
internal static class RecordingFile
{
    /// <summary>Opens it for reading; null when it is not there.</summary>
    public static FileStream? Open(string directory, string file)
    {
        try
        {
            return new FileStream(Path.Combine(directory, file.Split('-')[0], file), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
