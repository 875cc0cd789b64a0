using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Switchhook.TestKit.Programs.NodeBandwidth;

/// <summary>What a function of the library gave back, or threw.</summary>
public sealed record NodeReply(JsonElement Value, string? Error, int Status);

/// <summary>
/// npm's node-bandwidth 4.0.0, unchanged, in a Node of the Debian package: the vendor's own client of the Catapult interface. It is installed
/// once, by name, below the repository's artifacts.
/// </summary>
public sealed class NodeBandwidthRun : IAsyncDisposable
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(8);
    private static readonly string[] Files = ["package.json", "package-lock.json", "driver.js"];
    private static readonly Lazy<Task<string>> Installed = new(InstallAsync);

    private readonly ChildProgram _program;
    private int _asked;

    private NodeBandwidthRun(ChildProgram program) => _program = program;

    /// <summary>Starts the library for one user of the server at that address.</summary>
    public static async Task<NodeBandwidthRun> StartAsync(Uri server, string userId, string apiToken, string apiSecret)
    {
        var folder = await Installed.Value;
        var settings = JsonSerializer.Serialize(new { userId, apiToken, apiSecret, baseUrl = server.ToString().TrimEnd('/') });
        var program = ChildProgram.Start("node", [Path.Combine(folder, "driver.js"), settings], folder, takesInput: true);
        await program.LineAsync(static l => l == "ready", "node-bandwidth is loaded");
        return new NodeBandwidthRun(program);
    }

    /// <summary>Calls a function, such as <c>Call.create</c>.</summary>
    public async Task<NodeReply> AskAsync(string name, params object?[] args)
    {
        var id = Interlocked.Increment(ref _asked);
        await _program.TypeAsync(JsonSerializer.Serialize(new { id, name, args }));
        var start = string.Create(CultureInfo.InvariantCulture, $"{{\"id\":{id},");
        var line = await _program.LineAsync(l => l.StartsWith(start, StringComparison.Ordinal), $"what {name} gives back");
        using var document = JsonDocument.Parse(line);
        var reply = document.RootElement;
        return reply.TryGetProperty("error", out var error)
            ? new NodeReply(default, error.ToString(), reply.GetProperty("status").GetInt32())
            : new NodeReply(reply.GetProperty("value").Clone(), null, 200);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _program.DisposeAsync();

    private static async Task<string> InstallAsync()
    {
        var target = Path.Combine(ArtifactsFolder(), $"node-bandwidth-{Digest()}");
        if (Directory.Exists(target))
            return target;
        // Beside it first: two test programs may install at once, and one that is cut off must leave nothing that looks whole.
        var making = $"{target}.{Environment.ProcessId}";
        Directory.CreateDirectory(making);
        foreach (var file in Files)
        {
            await using var written = File.Create(Path.Combine(making, file));
            await using var embedded = Read(file);
            await embedded.CopyToAsync(written);
        }
        var (exitCode, output) = await ChildProgram.RunAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], InstallLimit, making);
        if (exitCode != 0)
            throw new InvalidOperationException($"npm did not install node-bandwidth:\n{output}");
        try
        {
            Directory.Move(making, target);
        }
        catch (IOException) when (Directory.Exists(target))
        {
            Directory.Delete(making, recursive: true);
        }
        return target;
    }

    private static string ArtifactsFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Switchhook.slnx")))
                return Path.Combine(folder.FullName, "artifacts");
        }
        return Path.GetTempPath();
    }

    private static string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Files)
        {
            using var embedded = Read(file);
            using var bytes = new MemoryStream();
            embedded.CopyTo(bytes);
            hash.AppendData(bytes.ToArray());
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }

    private static Stream Read(string file) => typeof(NodeBandwidthRun).Assembly.GetManifestResourceStream($"node-bandwidth/{file}")!;
}
