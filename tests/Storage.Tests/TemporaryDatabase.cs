namespace Switchhook.Storage.Tests;

/// <summary>A directory of its own for one test, gone with it.</summary>
internal sealed class TemporaryDatabase : IDisposable
{
    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("storage-").FullName;

    public string Path => System.IO.Path.Combine(Directory, "test.db");

    public SqliteStorage Open(string settings = "Synchronous=Normal") => SqliteStorage.Open($"Data Source={Path};{settings}", TimeProvider.System);

    /// <summary>Copies the files as they are on the disk now, which is what the end of the process would leave.</summary>
    public TemporaryDatabase CopyAsLeftByAKill()
    {
        var copy = new TemporaryDatabase();
        foreach (var file in System.IO.Directory.GetFiles(Directory))
        {
            if (!file.EndsWith("-shm", StringComparison.Ordinal))
                File.Copy(file, System.IO.Path.Combine(copy.Directory, System.IO.Path.GetFileName(file)));
        }
        return copy;
    }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
