namespace Switchhook.TestKit.Servers;

/// <summary>Finds the server as it was built.</summary>
public static class ServerProgram
{
    /// <summary>The assembly to run with <c>dotnet</c>: the server's own build output, or the copy beside the tests.</summary>
    public static string Assembly { get; } = Find();

    private static string Find()
    {
        var beside = new DirectoryInfo(AppContext.BaseDirectory);
        var (framework, configuration) = (beside.Name, beside.Parent?.Name ?? "");
        for (var folder = beside; folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "Switchhook.slnx")))
                continue;
            var built = Path.Combine(folder.FullName, "src", "Server", "bin", configuration, framework, "switchhook.dll");
            if (File.Exists(built))
                return built;
        }
        return Path.Combine(beside.FullName, "switchhook.dll");
    }
}
