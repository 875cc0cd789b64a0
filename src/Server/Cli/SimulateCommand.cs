using System.Globalization;
using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Scripts;
using Switchhook.Dialects.Catapult;
using Switchhook.Dialects.Catapult.Bxml;
using Switchhook.Dialects.Ozeki.Scripts;
using Switchhook.Ivr;
using Switchhook.Ivr.Simulation;
using Switchhook.Media.Prompts;

namespace Switchhook.Server.Cli;

/// <summary><c>switchhook simulate</c>.</summary>
internal static class SimulateCommand
{
    private const string Address = "http://localhost/script";
    private const string Ozeki = "ozeki", Catapult = "catapult";

    public static Command Command { get; } = new(
        "simulate",
        "simulate SCRIPT [--keys \"1@2s 4@5s\"] [--speaks \"1s-4s\"] [--hangup 9s] [--answers URL=FILE]... [--url URL] [--outgoing] [--prompts DIR] [--dials NUMBER=OUTCOME]... [--steps]",
        "Runs an OzML or BXML script on virtual time, without SIP, and prints what the caller hears and every request, with times.",
        """
        SCRIPT is a file, - for standard input. It is the answer to the first request; --answers gives what other addresses reply, in turn when
        one is given more than once. An address is found with its query or else without it; any other is a 404. Speech lasts about as long as
        it would, a file three seconds unless --prompts says where it is. Which of the two languages SCRIPT is in is seen by its verbs, unless
        --dialect says it.

        Exit code 0 when the call came to its end without a failed step, 1 when a step failed or nothing ended the call, 2 for wrong arguments.
        """,
        [
            new CommandOption("--keys", "KEYS", "what the caller presses and when: \"1@2s 42#@4.5s\""),
            new CommandOption("--speaks", "TIMES", "when the caller talks, for recordings that silence ends: \"1s-4s 6s-7.5s\""),
            new CommandOption("--hangup", "TIME", "when the caller hangs up: 9s, 300ms, 2m"),
            new CommandOption("--answers", "URL=FILE", "what an address replies; may be repeated", Repeats: true),
            new CommandOption("--url", "URL", $"the script's own address, which relative ones go by; {Address} when left out"),
            new CommandOption("--dialect", "NAME", "ozeki for OzML, catapult for BXML"),
            new CommandOption("--outgoing", null, "the call was placed by the application and is answered already"),
            new CommandOption("--prompts", "DIR", "where the audio files are"),
            new CommandOption("--dials", "NUMBER=OUTCOME", "what comes of ringing a number: answered, busy, noanswer; may be repeated", Repeats: true),
            new CommandOption("--steps", null, "prints every step of the script too"),
        ],
        RunAsync);

    private static async Task<ExitCode> RunAsync(Arguments arguments, CommandShell shell)
    {
        if (arguments.Words is not [var file])
            return shell.Wrong("simulate", arguments.Words.Count == 0 ? "which SCRIPT?" : $"'{arguments.Words[1]}' is not expected here");
        if (!SimulatedKeys.TryParse(arguments["--keys"] ?? "", out var keys, out var wrong))
            return shell.Wrong("simulate", $"--keys: '{wrong}' is not a key and a time, as in 1@2s");
        if (!SimulatedSpeech.TryParse(arguments["--speaks"] ?? "", out var speech, out wrong))
            return shell.Wrong("simulate", $"--speaks: '{wrong}' is not from when to when, as in 1s-4s");
        TimeSpan? hangup = null;
        if (arguments["--hangup"] is { } when)
        {
            if (!SimulatedKeys.TryTime(when, out var time))
                return shell.Wrong("simulate", $"--hangup: '{when}' is not a time, as in 9s");
            hangup = time;
        }
        var url = arguments["--url"] ?? Address;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            return shell.Wrong("simulate", $"--url: '{url}' is not an http address");
        if (ReadOutcomes(arguments, out var outcomes) is { } mistake)
            return shell.Wrong("simulate", mistake);
        if (arguments["--dialect"] is { } named and not (Ozeki or Catapult))
            return shell.Wrong("simulate", $"--dialect: '{named}' is neither {Ozeki} nor {Catapult}");
        var web = new SimulatedWeb();
        var (script, problem) = await FillAsync(web, url, file, arguments.All("--answers"), shell);
        if (problem is not null)
            return shell.Wrong("simulate", problem);
        var dialect = arguments["--dialect"] ?? (BxmlScripts.Knows(script) ? Catapult : Ozeki);

        var prompts = arguments["--prompts"];
        var options = new SimulationOptions
        {
            Keys = keys,
            Speech = speech,
            HangUpAt = hangup,
            Incoming = !arguments.Has("--outgoing"),
            FileLength = prompts is null ? null : name => LengthOf(prompts, name),
            Dial = number => outcomes.GetValueOrDefault(number),
        };
        var call = Call(options.Incoming, dialect);
        var directory = new Directory(call);
        IScriptSource source = dialect == Catapult ? new BxmlScripts(web, directory, TimeProvider.System, new CatapultOptions()) : new OzekiScripts(web, directory);
        var story = await new ScriptSimulation(source, call, web, options).RunAsync(new ScriptRef(dialect, url));
        foreach (var line in story.Lines.Where(l => l.Kind != SimulationKind.Step || arguments.Has("--steps")))
            shell.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{line.At.TotalSeconds,9:0.000}  {Word(line.Kind),-8}  {line.Text}"));
        return story is { Errors: 0, End: not SimulationEnd.StillRunning } ? ExitCode.Fine : ExitCode.FailedWhileRunning;
    }

    /// <summary>The script and the other answers; a sentence about the first that cannot be read.</summary>
    private static async Task<(ReadOnlyMemory<byte> Script, string? Problem)> FillAsync(SimulatedWeb web, string url, string script, IReadOnlyList<string> answers, CommandShell shell)
    {
        try
        {
            var document = script == "-" ? System.Text.Encoding.UTF8.GetBytes(await shell.In.ReadToEndAsync()) : await File.ReadAllBytesAsync(script);
            web.Answer(url, document);
            foreach (var answer in answers)
            {
                // The last one: addresses may have the sign in their query.
                var equals = answer.LastIndexOf('=');
                if (equals < 1 || equals == answer.Length - 1)
                    return (default, $"--answers: '{answer}' is not URL=FILE");
                web.Answer(answer[..equals], await File.ReadAllBytesAsync(answer[(equals + 1)..]));
            }
            return (document, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return (default, e.Message);
        }
    }

    private static string? ReadOutcomes(Arguments arguments, out Dictionary<string, HangupCause?> outcomes)
    {
        outcomes = new(StringComparer.Ordinal);
        foreach (var text in arguments.All("--dials"))
        {
            if (text.Split('=') is not [{ Length: > 0 } number, ("answered" or "busy" or "noanswer") and var outcome])
                return $"--dials: '{text}' is not NUMBER=answered, NUMBER=busy or NUMBER=noanswer";
            outcomes[number] = outcome switch { "busy" => HangupCause.UserBusy, "noanswer" => HangupCause.NoAnswer, _ => null };
        }
        return null;
    }

    private static TimeSpan? LengthOf(string folder, string name)
    {
        if (name.Contains("://", StringComparison.Ordinal))
            return TimeSpan.FromSeconds(3);
        return Prompt.TryLoad(Path.Combine(folder, name), PromptLimits.Default, out var prompt) == PromptError.None ? prompt!.Length : null;
    }

    private static string Word(SimulationKind kind) => kind switch
    {
        SimulationKind.Answered => "answer",
        SimulationKind.Hears => "hears",
        SimulationKind.Stopped => "stop",
        SimulationKind.Key => "presses",
        SimulationKind.Request => "request",
        SimulationKind.Asked => "does",
        SimulationKind.Error => "error",
        SimulationKind.Step => "step",
        SimulationKind.Ended => "end",
    };

    private static Call Call(bool incoming, string dialect)
    {
        var script = new ScriptRef(dialect, Address);
        return new Call
        {
            Id = new CallId(1),
            Origin = new CallOrigin
            {
                Kind = incoming ? CallOriginKind.Trunk : CallOriginKind.Api,
                Dialect = dialect,
                Account = Directory.AccountName,
                ApiExtension = Directory.ApiExtension,
            },
            Plan = new CallPlan.Scripted(script, TimeSpan.FromSeconds(10)),
            Caller = new Party(incoming ? "100" : Directory.ApiExtension),
            Dialed = incoming ? Directory.ApiExtension : "100",
            CalleeDialed = incoming ? Directory.ApiExtension : "100",
            State = new CallState.Ringing(),
            StartedAt = DateTimeOffset.UnixEpoch,
            Accounts = [Directory.AccountName],
        };
    }

    /// <summary>What is provisioned where the simulation happens: one account with one API extension.</summary>
    private sealed class Directory(Call call) : IDirectory
    {
        public const string AccountName = "simulation";
        public const string ApiExtension = "900";

        public CallDirectory Current { get; } = new(new Provisioning
        {
            Accounts = [new Account { Name = call.Accounts[0], Dialects = [Ozeki, Catapult], Catapult = new CatapultCredentials("u-simulation", "t-simulation", "") }],
            Extensions = [new Extension { Number = ApiExtension, Kind = ExtensionKind.Api, Account = call.Accounts[0] }],
        });
    }
}
