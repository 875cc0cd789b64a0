using System.Globalization;
using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;

namespace Switchhook.CrashHarness;

/// <summary>Round after round on the same data: what is lost once is found by every later round too.</summary>
public sealed class CrashRun
{
    /// <summary>How many rounds.</summary>
    public const string RoundsVariable = "SWITCHHOOK_CRASH_ROUNDS";

    /// <summary>The seed of the first round; the others follow from it.</summary>
    public const string SeedVariable = "SWITCHHOOK_CRASH_SEED";

    private const int UsualRounds = 20;

    private CrashRun(IReadOnlyList<string> mistakes, string report) => (Mistakes, Report) = (mistakes, report);

    /// <summary>What was lost, told twice or left over.</summary>
    public IReadOnlyList<string> Mistakes { get; }

    /// <summary>One line a round.</summary>
    public string Report { get; }

    public static int Rounds() => Number(RoundsVariable) ?? UsualRounds;

    public static int Seed() => Number(SeedVariable) ?? (int)(TimeProvider.System.GetTimestamp() % 1_000_000);

    /// <param name="rounds">How many kills.</param>
    /// <param name="seed">Of the first.</param>
    /// <param name="write">Gets each line of the report as it comes.</param>
    /// <param name="settings">What the server is told beyond the usual, as <see cref="ServerSetup.Settings"/>.</param>
    public static async Task<CrashRun> RunAsync(int rounds, int seed, Action<string> write, params IReadOnlyList<string> settings)
    {
        List<string> lines = [];
        List<string> mistakes = [];
        using var data = new TempFolder();
        await using var app = await Application.StartAsync();
        var server = await TestServer.StartAsync(new ServerSetup { Provisioning = Load.Provision(app.Url), Data = data.At("data"), Settings = settings });
        try
        {
            await using var crowd = new Crowd(server.SipUdp, ProvisioningBuilder.SecretOf, Load.TakeAsync);
            await using var stream = new StreamReaderThatReturns(() => server);
            await Task.WhenAll(Load.Phones.Select(crowd.RegisterAsync));
            Say(RoundReport.Header);
            for (var i = 0; i < rounds; i++)
            {
                var former = server;
                var (_, report) = await new Round(i + 1, seed + i, app, crowd, stream).RunAsync(former, s => server = s);
                await former.DisposeAsync();
                Say(report.ToString());
                foreach (var mistake in report.Mistakes)
                    Say($"       {mistake}");
                mistakes.AddRange(report.Mistakes.Select(m => $"round {report.Round}, seed {report.Seed}: {m}"));
            }
            Say($"{rounds} kills; told again under the same id: {app.Webhooks.Repeats} webhooks, {stream.Ends.Repeats} events, {app.Ozeki.Repeats} Ozeki notifications; the event stream missed {stream.Missed} times");
            await server.SilentAsync();
        }
        finally
        {
            await server.DisposeAsync();
        }
        return new CrashRun(mistakes, string.Join('\n', lines));

        void Say(string line)
        {
            lines.Add(line);
            write(line);
        }
    }

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
