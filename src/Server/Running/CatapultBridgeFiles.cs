using Switchhook.Dialects.Catapult.Bridges;

namespace Switchhook.Server.Running;

/// <summary>Bridges of the Catapult dialect, a file each.</summary>
internal sealed partial class CatapultBridgeFiles(string directory, ILogger log) : ICatapultBridgeStore
{
    private const long MostBytes = 64 * 1024;

    /// <inheritdoc/>
    public IReadOnlyList<byte[]> Load()
    {
        List<byte[]> documents = [];
        try
        {
            foreach (var file in new DirectoryInfo(directory) is { Exists: true } folder ? folder.EnumerateFiles("*.json") : [])
            {
                if (file.Length <= MostBytes)
                    documents.Add(File.ReadAllBytes(file.FullName));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotRead(directory, e.Message);
        }
        return documents;
    }

    /// <inheritdoc/>
    public void Save(string id, byte[] document)
    {
        // Beside it first, then in its place: a crash leaves the one or the other whole.
        var path = PathOf(id);
        try
        {
            Directory.CreateDirectory(directory);
            using (var file = new FileStream(path + ".new", FileMode.Create, FileAccess.Write))
            {
                file.Write(document);
                file.Flush(flushToDisk: true);
            }
            File.Move(path + ".new", path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotSaved(path, e.Message);
        }
    }

    /// <inheritdoc/>
    public void Delete(string id)
    {
        try
        {
            File.Delete(PathOf(id));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotSaved(PathOf(id), e.Message);
        }
    }

    private string PathOf(string id) => Path.Combine(directory, $"{id}.json");

    [LoggerMessage(EventName = "CatapultBridgesNotRead", Level = LogLevel.Warning, Message = "the bridges of before cannot be read from {Path}: {Reason}")]
    private partial void LogNotRead(string path, string reason);

    [LoggerMessage(EventName = "CatapultBridgeNotSaved", Level = LogLevel.Warning, Message = "a bridge cannot be saved to {Path}; it is lost at the next start: {Reason}")]
    private partial void LogNotSaved(string path, string reason);
}
