using System.Diagnostics;
using System.Text;
using Switchhook.TestKit.Networks;
using Switchhook.TestKit.Timing;

namespace Switchhook.TestKit.Programs;

/// <summary>A program of the system run by a test: its output is kept, and it never outlives its owner.</summary>
public sealed class ChildProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly StringBuilder _output = new();

    private ChildProgram(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Keep(e.Data);
        _process.ErrorDataReceived += (_, e) => Keep(e.Data);
    }

    /// <summary>Process id.</summary>
    public int Id => _process.Id;
    public bool HasExited => _process.HasExited;

    /// <summary>Both outputs together, as they came.</summary>
    public string Output
    {
        get
        {
            lock (_lock)
                return _output.ToString();
        }
    }

    /// <summary>The lines of both outputs, as they came.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
                return [.. _lines];
        }
    }

    /// <summary>Starts a program.</summary>
    public static ChildProgram Start(
        string program, IEnumerable<string> arguments, string? directory = null, IReadOnlyDictionary<string, string>? environment = null,
        NetworkNamespace? network = null, bool takesInput = false)
    {
        // ip replaces itself by the program: the process id stays the program's own.
        if (network is not null)
            (program, arguments) = ("ip", ["netns", "exec", network.Name, program, .. arguments]);
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = directory ?? Path.GetTempPath(),
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        var child = new ChildProgram(start);
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        if (!takesInput)
            child._process.StandardInput.Close();
        return child;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="TimeoutException">It did not end; it is killed and its output shown.</exception>
    public static async Task<(int ExitCode, string Output)> RunAsync(string program, IEnumerable<string> arguments, TimeSpan deadline, string? directory = null)
    {
        await using var child = Start(program, arguments, directory);
        var exitCode = await child.WaitAsync(deadline);
        return (exitCode, child.Output);
    }

    /// <summary>Types a line; for a program that was started to take input.</summary>
    public async Task TypeAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits for its end and gives the exit code.</summary>
    /// <exception cref="TimeoutException">It did not end; the message shows its output.</exception>
    public async Task<int> WaitAsync(TimeSpan? deadline = null)
    {
        var limit = deadline ?? Eventually.Deadline;
        using var expiry = new CancellationTokenSource(limit, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(expiry.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{_process.StartInfo.FileName} did not end within {limit.TotalSeconds:0.#} s. Its output:\n{Output}");
        }
        return _process.ExitCode;
    }

    /// <summary>Waits for a line of its output that fits.</summary>
    /// <exception cref="TimeoutException">None came; the message shows its output.</exception>
    public async Task<string> LineAsync(Func<string, bool> wanted, string what, TimeSpan? deadline = null)
    {
        string? line = null;
        await Eventually.TrueAsync(
            () =>
            {
                line = Lines.FirstOrDefault(wanted);
                return line is not null || HasExited;
            },
            $"{what} from {_process.StartInfo.FileName}; its output:\n{Output}", deadline);
        line ??= Lines.FirstOrDefault(wanted);
        return line ?? throw new InvalidOperationException(
            $"{_process.StartInfo.FileName} ended with {_process.ExitCode} before {what}. Its output:\n{Output}");
    }

    /// <summary>Sends SIGTERM.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Sends SIGKILL and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_lock)
        {
            _lines.Add(line);
            _output.Append(line).Append('\n');
        }
    }
}
