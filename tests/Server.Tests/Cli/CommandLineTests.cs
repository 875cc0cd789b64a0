using System.Net;
using System.Net.Sockets;
using Switchhook.Server.Cli;

namespace Switchhook.Server.Tests.Cli;

public sealed class CommandLineTests : IDisposable
{
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("switchhook-cli").FullName;

    public void Dispose() => System.IO.Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Help_names_every_command_and_every_command_explains_its_options()
    {
        var help = await CommandRun.Of("--help");

        Assert.Equal(ExitCode.Fine, help.Exit);
        foreach (var command in CommandLine.Commands)
        {
            Assert.Contains(command.Name, help.Out, StringComparison.Ordinal);
            var own = await CommandRun.Of(command.Name, "--help");
            Assert.Equal(ExitCode.Fine, own.Exit);
            Assert.All(command.Options, o => Assert.Contains(o.Name, own.Out, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("'sreve' is not a command; the nearest known one is serve", "sreve")]
    [InlineData("--dta is not an option of this command; the nearest one is --data", "serve", "--dta", "x")]
    [InlineData("--data needs DIR", "serve", "--data")]
    [InlineData("--data is given twice", "serve", "--data", "a", "--data", "b")]
    [InlineData("'x' is not expected here", "serve", "x")]
    [InlineData("'x' is not expected here", "check", "x")]
    [InlineData("'x' is not expected here", "demo", "x")]
    [InlineData("say list, show ID, hangup ID, hangup --where EXPR or export", "calls", "shwo")]
    [InlineData("say list, show ID, hangup ID, hangup --where EXPR or export", "calls", "hangup")]
    [InlineData("--where: 'stat' is not a field; the nearest known one is state", "calls", "--where", "stat=x")]
    [InlineData("say export FILE or import FILE", "provision", "export")]
    [InlineData("'x' is not expected here", "voices", "de", "x")]
    public async Task Wrong_arguments_are_named_and_end_with_2(string mistake, params string[] arguments)
    {
        var run = await CommandRun.Of(arguments);

        Assert.Equal(ExitCode.WrongArguments, run.Exit);
        Assert.Contains(mistake, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_languages_and_voices_of_the_speech_engine_are_listed()
    {
        var all = await CommandRun.Of("voices");
        var english = await CommandRun.Of("voices", "en");
        var none = await CommandRun.Of("voices", "klingonese");

        Assert.Equal((ExitCode.Fine, ExitCode.Fine, ExitCode.FailedWhileRunning), (all.Exit, english.Exit, none.Exit));
        Assert.StartsWith("LANGUAGE", all.Out, StringComparison.Ordinal);
        Assert.Contains("\nde ", all.Out, StringComparison.Ordinal);
        Assert.Contains("\nen-us ", english.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("\nde ", english.Out, StringComparison.Ordinal);
        Assert.Contains("no voice speaks 'klingonese'", none.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_command_the_help_goes_to_standard_error_and_the_code_is_2()
    {
        var run = await CommandRun.Of();

        Assert.Equal((ExitCode.WrongArguments, ""), (run.Exit, run.Out));
        Assert.Contains("serve", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_names_every_mistake_of_both_files()
    {
        var config = Write("c.json", "{\n  \"Sip\": { \"Domian\": \"x\" }\n}");
        var provision = Write("p.json", "{\n  \"extensions\": [\n    { \"number\": \"1\", \"secret\": \"s\", \"account\": \"nobody\" }\n  ]\n}");

        var run = await CommandRun.Of("check", "--config", config, "--provision", provision);

        Assert.Equal(ExitCode.WrongArguments, run.Exit);
        Assert.Contains($"{config}:2: Sip:Domian: is an unknown key; the nearest known one is Sip:Domain", run.Error, StringComparison.Ordinal);
        Assert.Contains($"{provision}:3: extensions[0].account: names the account 'nobody', which is not there", run.Error, StringComparison.Ordinal);
        Assert.Equal("2 mistakes.", run.Out.Trim());
    }

    [Fact]
    public async Task Check_of_what_is_right_ends_with_0_and_writes_nothing()
    {
        var config = Write("c.json", """{ "Calls": { "MaxLive": 10 } }""");

        var run = await CommandRun.Of("check", "--config", config, "--data", Path.Combine(_folder, "none"));

        Assert.Equal((ExitCode.Fine, "", "No mistakes."), (run.Exit, run.Error, run.Out.Trim()));
        Assert.False(System.IO.Directory.Exists(Path.Combine(_folder, "none")));
    }

    [Fact]
    public async Task A_configuration_that_is_not_there_is_a_mistake()
    {
        var run = await CommandRun.Of("serve", "--config", Path.Combine(_folder, "missing.json"), "--data", _folder);

        Assert.Equal(ExitCode.WrongArguments, run.Exit);
        Assert.Contains("missing.json: cannot be read", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_imported_is_exported_again_and_a_second_import_changes_nothing()
    {
        var data = Path.Combine(_folder, "data");
        var file = Write("p.json", """{ "accounts": [{ "name": "a", "native": { "key": "shk_a" } }], "extensions": [{ "number": "101", "secret": "s", "account": "a" }] }""");

        var import = await CommandRun.Of("provision", "import", file, "--data", data);
        var first = await CommandRun.Of("provision", "export", "-", "--data", data);
        await CommandRun.Of("provision", "import", file, "--data", data);
        var toFile = await CommandRun.Of("provision", "export", Path.Combine(_folder, "out.json"), "--data", data);

        Assert.Equal((ExitCode.Fine, ExitCode.Fine, ExitCode.Fine), (import.Exit, first.Exit, toFile.Exit));
        Assert.Contains("\"number\": \"101\"", first.Out, StringComparison.Ordinal);
        Assert.Equal(first.Out, await File.ReadAllTextAsync(Path.Combine(_folder, "out.json")));
    }

    [Fact]
    public async Task A_bad_import_changes_nothing_and_ends_with_2()
    {
        var data = Path.Combine(_folder, "data");
        await CommandRun.Of("provision", "import", Write("good.json", """{ "extensions": [{ "number": "101", "secret": "s" }] }"""), "--data", data);

        var bad = await CommandRun.Of("provision", "import", Write("bad.json", """{ "extensions": [{ "number": "10x", "secret": "s" }] }"""), "--data", data);
        var after = await CommandRun.Of("provision", "export", "-", "--data", data);

        Assert.Equal(ExitCode.WrongArguments, bad.Exit);
        Assert.Contains("bad.json:1: extensions[0].number", bad.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("10x", after.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_without_a_database_fails()
    {
        var run = await CommandRun.Of("provision", "export", "-", "--data", _folder);

        Assert.Equal(ExitCode.FailedWhileRunning, run.Exit);
        Assert.Contains("there is no database", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("ozeki")]
    [InlineData("sip")]
    public async Task An_address_in_use_is_named_and_ends_with_3(string which)
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        string Port(string what) => what == which ? $"{((IPEndPoint)taken.LocalEndPoint!).Port}" : "0";

        var run = await CommandRun.Of(
            "serve", "--data", Path.Combine(_folder, "data"), "--set", $"Http:Listen=http://127.0.0.1:{Port("http")}",
            "--set", $"Dialects:Ozeki:Listen=http://127.0.0.1:{Port("ozeki")}", "--set", $"Sip:Listen=tcp://127.0.0.1:{Port("sip")}");

        Assert.Equal(ExitCode.AddressInUse, run.Exit);
        Assert.Contains($"127.0.0.1:{Port(which)} is in use", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_without_a_server_fail_with_a_sentence()
    {
        var run = await CommandRun.Of("calls", "list", "--url", "http://127.0.0.1:1", "--key", "k");

        Assert.Equal(ExitCode.FailedWhileRunning, run.Exit);
        Assert.Contains("no server answers at http://127.0.0.1:1", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_demo_places_and_ends_a_real_call_through_each_API()
    {
        var run = await CommandRun.Of("demo");

        Assert.True(run.Exit == ExitCode.Fine, run.Out + run.Error);
        Assert.Contains("native: placed, answered, ended, reported, Ozeki: placed, answered, ended, reported", run.Out, StringComparison.Ordinal);
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return file;
    }
}
