namespace Switchhook.TestKit.Programs;

/// <summary>A file system of its own in memory, so small that a test can fill it. Takes root to make, as the tests' networks do.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly TempFolder _folder = new();

    private SmallDisk() { }

    /// <summary>Its root.</summary>
    public string Path => _folder.Path;

    private string Ballast => _folder.At("ballast");

    public static async Task<SmallDisk> MountAsync(int megabytes)
    {
        var disk = new SmallDisk();
        await RunAsync("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", disk.Path);
        return disk;
    }

    /// <summary>Takes all the room there is.</summary>
    public void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            foreach (var size in (ReadOnlySpan<int>)[65_536, 4096, 1])
                WriteUntilFull(file, new byte[size]);
        }
        catch (IOException)
        {
            // Closing it has nothing to flush: what found room is there.
        }
    }

    /// <summary>Gives the room back.</summary>
    public void Free() => File.Delete(Ballast);

    /// <summary>No file can be written from now on. Nobody may have one open for writing.</summary>
    public Task TurnReadOnlyAsync() => RunAsync("mount", "-o", "remount,ro", Path);

    public async ValueTask DisposeAsync()
    {
        await RunAsync("umount", "--lazy", Path);
        _folder.Dispose();
    }

    private static void WriteUntilFull(FileStream file, byte[] piece)
    {
        try
        {
            while (true)
                file.Write(piece);
        }
        catch (IOException)
        {
            // Full, as far as pieces of this size go.
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var (code, output) = await ChildProgram.RunAsync(program, arguments, Limit);
        if (code != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {output}");
    }
}
