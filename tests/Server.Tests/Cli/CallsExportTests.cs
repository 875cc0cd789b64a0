using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Hangup;
using Switchhook.Server.Cli;
using Switchhook.Server.Tests.Native;

namespace Switchhook.Server.Tests.Cli;

public sealed class CallsExportTests : IDisposable
{
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("switchhook-export").FullName;

    public void Dispose() => System.IO.Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Everything_is_printed_one_call_a_line_and_csv_with_its_header()
    {
        await using var server = await NativeServer.StartAsync();
        var call = await EndAsync(server, "demo");

        var lines = await ExportAsync(server, "shk_demo");
        var csv = await ExportAsync(server, "shk_demo", "--format", "csv");

        Assert.Equal((ExitCode.Fine, ExitCode.Fine), (lines.Exit, csv.Exit));
        Assert.StartsWith($"{{\"id\":\"{call.Id}\"", lines.Out, StringComparison.Ordinal);
        Assert.StartsWith("id,direction,", csv.Out, StringComparison.Ordinal);
        Assert.Contains($"\r\n{call.Id},", csv.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "--since", "2026-01-31T08:00:00Z", "--until", "2026-01-31T08:00:01Z")]
    [InlineData(1, "--since", "2026-01-31T09:00:00+01:00")]
    [InlineData(0, "--since", "2026-01-31T08:00:01Z")]
    [InlineData(0, "--until", "2026-01-31T08:00:00Z")]
    public async Task Times_bound_it(int lines, params string[] options)
    {
        await using var server = await NativeServer.StartAsync();
        await EndAsync(server, "demo");

        var run = await ExportAsync(server, "shk_demo", options);

        Assert.Equal((ExitCode.Fine, lines), (run.Exit, run.Out.Count(c => c == '\n')));
    }

    [Fact]
    public async Task With_an_account_its_key_is_taken_from_the_database()
    {
        await using var server = await NativeServer.StartAsync();
        var mine = await EndAsync(server, "demo");
        var others = await EndAsync(server, "other");
        var file = Path.Combine(_folder, "p.json");
        await File.WriteAllTextAsync(file, """{ "accounts": [{ "name": "demo", "dialects": ["native"], "native": { "key": "shk_demo" } }, { "name": "other", "dialects": ["native"], "native": { "key": "shk_other" } }] }""");
        Assert.Equal(ExitCode.Fine, (await CommandRun.Of("provision", "import", file, "--data", _folder)).Exit);

        var first = await CommandRun.Of("calls", "export", "--url", server.Client.BaseAddress!.ToString(), "--data", _folder);
        var run = await CommandRun.Of("calls", "export", "--account", "Other", "--url", server.Client.BaseAddress.ToString(), "--data", _folder);
        var unknown = await CommandRun.Of("calls", "export", "--account", "nobody", "--url", server.Client.BaseAddress.ToString(), "--data", _folder);

        Assert.Equal(("", ""), (first.Error, run.Error));
        Assert.Contains(mine.Id.ToString(), first.Out, StringComparison.Ordinal);
        Assert.DoesNotContain(mine.Id.ToString(), run.Out, StringComparison.Ordinal);
        Assert.Contains(others.Id.ToString(), run.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.WrongArguments, unknown.Exit);
        Assert.Contains("'nobody'", unknown.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "must be one of jsonl, csv", "--format", "xml")]
    [InlineData(1, "since: must be a time", "--since", "yesterday")]
    [InlineData(1, "until: must be a time", "--until", "x")]
    [InlineData(2, "--json goes with list, not with export", "--json")]
    [InlineData(2, "--cause goes with hangup, not with export", "--cause", "17")]
    [InlineData(2, "say list", "--where", "state=talking")]
    public async Task A_bad_question_is_told(int exit, string says, params string[] options)
    {
        await using var server = await NativeServer.StartAsync();

        var run = await ExportAsync(server, "shk_demo", options);

        Assert.Equal((exit, ""), ((int)run.Exit, run.Out));
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_key_is_told()
    {
        await using var server = await NativeServer.StartAsync();

        var run = await ExportAsync(server, "shk_wrong");

        Assert.Equal((ExitCode.FailedWhileRunning, ""), (run.Exit, run.Out));
    }

    [Fact]
    public async Task Options_of_an_export_are_refused_elsewhere()
    {
        var run = await CommandRun.Of("calls", "list", "--format", "csv");

        Assert.Equal(ExitCode.WrongArguments, run.Exit);
        Assert.Contains("--format goes with export, not with list", run.Error, StringComparison.Ordinal);
    }

    private static Task<CommandRun> ExportAsync(NativeServer server, string key, params string[] options) =>
        CommandRun.Of(["calls", "export", "--url", server.Client.BaseAddress!.ToString(), "--key", key, .. options]);

    private static async Task<Call> EndAsync(NativeServer server, string account)
    {
        var call = server.Exchange.Place(new CallCommand.Originate
        {
            Dialect = "native",
            Account = account,
            Caller = new Party("100"),
            Dialed = "811",
            Then = new OnAnswer.Wait(),
        });
        return (await server.Exchange.AskAsync(new CallCommand.HangUp(call.Id, new HangupBy.Api("native", account)), default)).Call!;
    }
}
