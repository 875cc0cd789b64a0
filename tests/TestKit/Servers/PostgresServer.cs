using System.Globalization;
using Switchhook.TestKit.Programs;

namespace Switchhook.TestKit.Servers;

/// <summary>
/// A PostgreSQL of the tests' own on a private directory, reached by a Unix socket alone. It is made at the first use and gone with its owner.
/// Data are not pushed to the disk: what is tested is not the machine's loss of power.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string SystemUser = "postgres";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _turn = new(1);
    private TempFolder? _folder;
    private ChildProgram? _program;
    private ChildProgram? _guard;
    private int _databases;

    private string Data => _folder!.At("data");

    /// <summary>Makes an empty database; gives the connection string to it.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        await ReadyAsync();
        var name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref _databases)}");
        await RunAsync("createdb", "-h", _folder!.Path, "-U", SystemUser, name);
        return $"Host={_folder.Path};Username={SystemUser};Database={name}";
    }

    /// <summary>Runs SQL in a database; gives what psql prints.</summary>
    public Task<string> SqlAsync(string connection, string sql) =>
        RunAsync("psql", "-h", _folder!.Path, "-U", SystemUser, "-At", "-v", "ON_ERROR_STOP=1", "-d", connection[(connection.LastIndexOf('=') + 1)..], "-c", sql);

    /// <summary>Ends all sessions of a database, in the middle of whatever they do.</summary>
    public Task EndSessionsAsync(string connection) => SqlAsync(
        connection, "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");

    /// <summary>Starts it unless it runs.</summary>
    public async Task ReadyAsync()
    {
        await _turn.WaitAsync();
        try
        {
            if (_program is { HasExited: false })
                return;
            if (_folder is null)
                await MakeAsync();
            var program = Start("postgres",
                "-D", Data, "-k", _folder!.Path, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "synchronous_commit=on",
                "-c", "full_page_writes=off", "-c", "shared_buffers=32MB", "-c", "max_connections=60", "-c", "autovacuum=off");
            _program = program;
            _guard = Guard(program.Id);
            await program.LineAsync(line => line.Contains("ready to accept connections", StringComparison.Ordinal), "PostgreSQL's readiness", Limit);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends it as a crash would; <see cref="ReadyAsync"/> starts it again on the same data.</summary>
    public async Task CrashAsync()
    {
        if (_program is null)
            return;
        await _guard!.DisposeAsync();
        await SignalAsync("-QUIT", [_program.Id]);
        await _program.WaitAsync(Limit);
        await _program.DisposeAsync();
        _program = null;
    }

    /// <summary>Makes it stand still with all its connections, as a machine that swaps or is cut off.</summary>
    public Task FreezeAsync() => SignalAsync("-STOP", Processes());

    /// <summary>Lets it go on.</summary>
    public Task ThawAsync() => SignalAsync("-CONT", Processes());

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_program is not null)
        {
            if (!_program.HasExited)
            {
                await ThawAsync();
                await CrashAsync();
            }
        }
        _folder?.Dispose();
        _turn.Dispose();
    }

    private static string Tool(string name)
    {
        var newest = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").MaxBy(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture))
            : null;
        return newest is null ? name : Path.Combine(newest, "bin", name);
    }

    // PostgreSQL refuses to run as root; setpriv becomes the program, so that its process id stays the program's own.
    private static (string, IEnumerable<string>) AsItself(string tool, string[] arguments) => Environment.IsPrivilegedProcess
        ? ("setpriv", [$"--reuid={SystemUser}", $"--regid={SystemUser}", "--clear-groups", Tool(tool), .. arguments])
        : (Tool(tool), arguments);

    private ChildProgram Start(string tool, params string[] arguments)
    {
        var (program, all) = AsItself(tool, arguments);
        return ChildProgram.Start(program, all, _folder!.Path, new Dictionary<string, string> { ["LC_ALL"] = "C.UTF-8" });
    }

    // However the tests end, killed too: the pipe to it closes then, and PostgreSQL goes with them.
    private static ChildProgram Guard(int process) => ChildProgram.Start(
        "sh", ["-c", $"trap '' TERM INT HUP; cat >/dev/null; kill -CONT {process}; kill -QUIT {process}"], takesInput: true);

    private async Task MakeAsync()
    {
        _folder = new TempFolder();
        if (Environment.IsPrivilegedProcess)
            await ChildProgram.RunAsync("chown", [SystemUser, _folder.Path], Limit);
        await RunAsync("initdb", "-D", Data, "-U", SystemUser, "-A", "trust", "-E", "UTF8", "--no-sync", "--no-instructions");
    }

    private async Task<string> RunAsync(string tool, params string[] arguments)
    {
        await using var child = Start(tool, arguments);
        var code = await child.WaitAsync(Limit);
        return code == 0 ? child.Output.Trim() : throw new InvalidOperationException($"{tool} ended with {code}:\n{child.Output}");
    }

    private static async Task SignalAsync(string signal, IReadOnlyList<int> processes) => await ChildProgram.RunAsync(
        "kill", [signal, .. processes.Select(id => id.ToString(CultureInfo.InvariantCulture))], Limit);

    private List<int> Processes()
    {
        var parent = _program!.Id;
        return
        [
            parent,
            .. Directory.GetDirectories("/proc")
                .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
                .Where(id => id > 0 && ParentOf(id) == parent),
        ];
    }

    private static int ParentOf(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;   // it is gone
        }
    }
}
