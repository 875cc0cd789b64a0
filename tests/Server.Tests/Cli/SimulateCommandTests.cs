using Switchhook.Server.Cli;

namespace Switchhook.Server.Tests.Cli;

public sealed class SimulateCommandTests : IDisposable
{
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("switchhook-simulate").FullName;

    public void Dispose() => System.IO.Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_menu_is_heard_answered_and_its_requests_are_told_with_their_times()
    {
        var menu = Write("menu.xml", """

            <?xml version="1.0"?>
            <Response>
              <Userinput timeout="5" digits="2" enteredUrl="pin?step=1"><InitialCommands><Speak>Your code.</Speak></InitialCommands></Userinput>
            </Response>
            """);
        var bye = Write("bye.xml", "<response><speak>Bye.</speak></response>");

        var run = await CommandRun.Of("simulate", menu, "--keys", "7@2s 3@3s", "--answers", $"http://localhost/pin={bye}");

        Assert.Equal(
            """
                0.000  request   POST http://localhost/script NotificationName=IncomingCall&CallId=00000001&CallerID=100&CallerDisplayName=&Dialed=900&ApiExtension=900
                0.000  answer    the call is answered
                0.000  hears     "Your code."
                2.000  presses   7
                3.000  presses   3
                3.000  request   POST http://localhost/pin?step=1 NotificationName=DtmfEntered&CallId=00000001&DtmfDigits=73&CallerID=100&Dialed=900&ApiExtension=900
                3.000  hears     "Bye."
                3.300  end       the script hangs up: end of script

            """,
            run.Out, ignoreLineEndingDifferences: true);
        Assert.Equal((ExitCode.Fine, ""), (run.Exit, run.Error));
    }

    [Fact]
    public async Task A_document_in_BXML_is_known_by_its_verbs()
    {
        var menu = Write("menu.bxml", "<Response><Gather requestUrl='/pin' maxDigits='1'><SpeakSentence>Press one.</SpeakSentence></Gather></Response>");
        var bye = Write("bye.bxml", "<Response><SpeakSentence>Bye.</SpeakSentence><Hangup/></Response>");

        var run = await CommandRun.Of("simulate", menu, "--keys", "1@2s", "--answers", $"http://localhost/pin={bye}");

        var lines = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Collection(
            lines,
            l => Assert.Contains("request   GET http://localhost/script?eventType=incomingcall&callState=active&from=100&to=900&callId=c-", l, StringComparison.Ordinal),
            l => Assert.Equal("    0.000  answer    the call is answered", l),
            l => Assert.Contains("request   GET http://localhost/script?eventType=answer&", l, StringComparison.Ordinal),
            l => Assert.Equal("    0.000  hears     \"Press one.\"", l),
            l => Assert.Equal("    2.000  presses   1", l),
            l => Assert.Contains("request   GET http://localhost/pin?eventType=gather&state=completed&reason=max-digits&digits=1&", l, StringComparison.Ordinal),
            l => Assert.Equal("    2.000  hears     \"Bye.\"", l),
            l => Assert.Equal("    2.300  end       the script hangs up: Hangup, line 1", l));
        Assert.Equal((ExitCode.Fine, ""), (run.Exit, run.Error));
    }

    [Fact]
    public async Task The_dialect_of_a_document_may_be_said()
    {
        var bare = Write("bare.xml", "<Response><Hangup/></Response>");

        var bxml = await CommandRun.Of("simulate", bare, "--dialect", "catapult");
        var ozml = await CommandRun.Of("simulate", bare);
        var wrong = await CommandRun.Of("simulate", bare, "--dialect", "hoiio");

        Assert.Contains("GET http://localhost/script?eventType=answer&", bxml.Out, StringComparison.Ordinal);
        Assert.Contains("POST http://localhost/script NotificationName=IncomingCall", ozml.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.WrongArguments, wrong.Exit);
    }

    [Fact]
    public async Task A_caller_that_hangs_up_ends_it_and_that_is_fine()
    {
        var script = Write("long.xml", "<Response><Delay>600</Delay></Response>");

        var run = await CommandRun.Of("simulate", script, "--hangup", "9s", "--outgoing");

        Assert.Equal(ExitCode.Fine, run.Exit);
        Assert.Contains("    9.000  end       the caller hangs up", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("answered", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--hangup", "9s", "the caller hangs up")]
    [InlineData("--keys", "#@9s", "#")]
    public async Task A_recording_is_told_with_its_format_however_it_ends(string option, string value, string how)
    {
        var script = Write("voicemail.xml", "<Response><Beep/><Record Format='wav' FinishDigits='#' FinishedUrl='/done'/><Speak>Thanks.</Speak></Response>");
        var nothing = Write("nothing.xml", "<Response/>");

        var run = await CommandRun.Of("simulate", script, option, value, "--answers", $"http://localhost/done={nothing}");

        var lines = run.Out.Split('\n').SkipWhile(l => !l.Contains("records as wav", StringComparison.Ordinal)).ToArray();
        Assert.EndsWith($"  {how}", lines[1], StringComparison.Ordinal);
        Assert.Equal(
            ["    9.000  does      closes the recording",
                "    9.000  request   POST http://localhost/done NotificationName=RecordCompleted&CallId=00000001&RecordURL=http%3A%2F%2Flocalhost%2Frecordings%2Fsimulated&Format=wav&Duration=8"],
            lines[2..4]);
        Assert.Equal(option == "--keys", run.Out.Contains("Thanks.", StringComparison.Ordinal));
        Assert.Equal(ExitCode.Fine, run.Exit);
    }

    [Theory]
    [InlineData(null, "5.500", 5)]
    [InlineData("1s-4s", "9.000", 8)]
    [InlineData("7s-9s", "5.500", 5)]
    [InlineData("1s-4s 8s-9s 40s-50s", "14.000", 13)]
    [InlineData("0s-60s", "20.500", 20)]
    public async Task Silence_ends_a_recording_that_says_so(string? speaks, string at, int seconds)
    {
        var script = Write("voicemail.xml", "<Response><Beep/><Record Format='wav' Inactivity='5' Duration='20' FinishedUrl='/done'/><Speak>Thanks.</Speak></Response>");
        var nothing = Write("nothing.xml", "<Response/>");

        var run = await CommandRun.Of(["simulate", script, .. speaks is null ? (string[])[] : ["--speaks", speaks], "--answers", $"http://localhost/done={nothing}"]);

        Assert.Contains($"{at,9}  request   POST http://localhost/done", run.Out, StringComparison.Ordinal);
        Assert.Contains($"Duration={seconds}\n", run.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Fine, run.Exit);
    }

    [Fact]
    public async Task A_failed_step_is_told_and_the_code_is_1()
    {
        var script = Write("fails.xml", "<Response><Teleport/><BlindTransfer>204</BlindTransfer><Play>gone.wav</Play></Response>");

        var run = await CommandRun.Of("simulate", script, "--dials", "204=noanswer", "--prompts", _folder, "--steps");

        Assert.Equal(ExitCode.FailedWhileRunning, run.Exit);
        Assert.Contains("    0.000  error     301 Not implemented command: 'Teleport'", run.Out, StringComparison.Ordinal);
        Assert.Contains("   60.000  error     402 Call connect to '204' failed with result state 'NoAnswer'", run.Out, StringComparison.Ordinal);
        Assert.Contains("   60.000  error     302 Missing or invalid parameter 'AudioFile' for command 'Play'", run.Out, StringComparison.Ordinal);
        Assert.Contains("step      Play, line 1", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_nothing_ends_is_cut_and_the_code_is_1()
    {
        var script = Write("endless.xml", "<Response><UserInput repeat='true' timeout='60'/></Response>");

        var run = await CommandRun.Of("simulate", script);

        Assert.Equal(ExitCode.FailedWhileRunning, run.Exit);
        Assert.Contains(" 3600.000  end       the simulation's time is over", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("which SCRIPT?")]
    [InlineData("'more' is not expected here", "s.xml", "more")]
    [InlineData("nowhere.xml", "nowhere.xml")]
    [InlineData("--keys: 'x@1s' is not a key and a time", "s.xml", "--keys", "1@1s x@1s")]
    [InlineData("--keys: '1' is not a key and a time", "s.xml", "--keys", "1")]
    [InlineData("--keys: '1@-2s' is not a key and a time", "s.xml", "--keys", "1@-2s")]
    [InlineData("--hangup: '9' is not a time", "s.xml", "--hangup", "9")]
    [InlineData("--speaks: '4s-1s' is not from when to when", "s.xml", "--speaks", "1s-2s 4s-1s")]
    [InlineData("--speaks: '1s' is not from when to when", "s.xml", "--speaks", "1s")]
    [InlineData("--answers: 'a' is not URL=FILE", "s.xml", "--answers", "a")]
    [InlineData("--url: 'here' is not an http address", "s.xml", "--url", "here")]
    [InlineData("--dials: '204=maybe' is not NUMBER=answered", "s.xml", "--dials", "204=maybe")]
    public async Task Wrong_arguments_are_named_and_end_with_2(string mistake, params string[] arguments)
    {
        var script = Write("s.xml", "<Response/>");

        var run = await CommandRun.Of(["simulate", .. arguments.Select(a => a == "s.xml" ? script : a)]);

        Assert.Equal(ExitCode.WrongArguments, run.Exit);
        Assert.Contains(mistake, run.Error, StringComparison.Ordinal);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
