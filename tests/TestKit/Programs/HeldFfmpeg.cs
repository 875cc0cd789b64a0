namespace Switchhook.TestKit.Programs;

/// <summary>A program named <c>ffmpeg</c> that does nothing until it is killed, and from then on, once it is let go, is the real one.</summary>
public sealed class HeldFfmpeg : IDisposable
{
    private readonly TempFolder _folder = new();

    public HeldFfmpeg()
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        var real = path.Split(':').Select(static d => Path.Combine(d, "ffmpeg")).First(File.Exists);
        File.WriteAllText(_folder.At("ffmpeg"), $"""
            #!/bin/sh
            [ -e '{_folder.At("free")}' ] && exec '{real}' "$@"
            touch '{_folder.At("asked")}'
            exec tail -f /dev/null

            """);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder.At("ffmpeg"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Variables = new Dictionary<string, string> { ["PATH"] = $"{_folder.Path}:{path}" };
    }

    /// <summary>For the environment of the program that is to find it.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; }

    /// <summary>True once somebody wanted a file converted.</summary>
    public bool WasAsked => File.Exists(_folder.At("asked"));

    /// <summary>Whoever asks from now on gets the real one.</summary>
    public void Free() => File.WriteAllText(_folder.At("free"), "");

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
