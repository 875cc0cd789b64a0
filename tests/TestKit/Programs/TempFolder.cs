namespace Switchhook.TestKit.Programs;

/// <summary>A directory of a test's own, gone with it.</summary>
public sealed class TempFolder : IDisposable
{
    /// <summary>Its path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("switchhook-test-").FullName;

    /// <summary>A path in it.</summary>
    public string At(string name) => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A program that was killed may still be letting go of a file; the system's own cleaning takes the rest.
        }
    }
}
