using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.CrashHarness;

/// <summary>What one kill came to.</summary>
internal sealed record RoundReport(int Round, int Seed, TimeSpan KilledAfter, TimeSpan ReadyAfter)
{
    public int Begun { get; init; }
    public int SetUp { get; init; }
    public int UpAtKill { get; init; }
    public int Records { get; init; }
    public int Recovered { get; init; }
    public int Promised { get; init; }
    public IReadOnlyList<string> Mistakes { get; init; } = [];

    public const string Header = "round        seed  killed  ready  calls  set up  up at kill  records  by recovery  promises  mistakes";

    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{Round,5}  {Seed,10}  {KilledAfter.TotalSeconds,5:0.00}s  {ReadyAfter.TotalSeconds,4:0.0}s  {Begun,5}  {SetUp,6}  {UpAtKill,10}  {Records,7}  {Recovered,11}  {Promised,8}  {Mistakes.Count,8}");
}

/// <summary>Load, kill, start again, look.</summary>
internal sealed class Round(int number, int seed, Application app, Crowd crowd, StreamReaderThatReturns stream)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestLoad = TimeSpan.FromSeconds(1.8);
    private static readonly TimeSpan ShortestLoad = TimeSpan.FromSeconds(0.3);

    private readonly List<string> _mistakes = [];
    private readonly Promises _promises = new();

    /// <summary>Kills the server and gives the one started after it.</summary>
    public async Task<(TestServer Server, RoundReport Report)> RunAsync(TestServer server, Action<TestServer> started)
    {
        crowd.Forget();
        crowd.GivesUp = false;
        var random = new Random(seed);
        var killAfter = ShortestLoad + ((LongestLoad - ShortestLoad) * random.NextDouble());
        using var stop = new CancellationTokenSource();
        var load = new Load(server, crowd, app, stream, random, _promises);
        var loading = load.RunAsync(stop.Token);
        // A server that has just begun on a busy machine takes its time; a kill before it has done anything shows nothing.
        await SoonAsync(() => crowd.Calls.Any(c => c.WasSetUp));
        await Pace.WaitAsync(killAfter, CancellationToken.None);

        // First the kill, then the load: whatever is under way is caught in the middle.
        await server.KillAsync();
        await stop.CancelAsync();
        crowd.GivesUp = true;
        await loading;
        // What is completed after this is nobody's call: the phone repeats its 2xx, gets its ACK, and a BYE with it.
        var setUp = crowd.Calls.Where(c => c.WasSetUp).ToList();
        var upAtKill = crowd.Calls.Count(c => c.IsUp);
        var since = TimeProvider.System.GetTimestamp();
        var again = await server.StartAgainAsync();
        var ready = TimeProvider.System.GetElapsedTime(since);
        started(again);

        await EndedAsync(again);
        var records = await RecordsAsync(again);
        await CheckAsync(setUp, records);
        await CheckRegisteredAsync(again);
        return (again, new RoundReport(number, seed, killAfter, ready)
        {
            Begun = load.Begun,
            SetUp = setUp.Count,
            UpAtKill = upAtKill,
            Records = records.Count,
            Recovered = records.Values.Count(r => r.By == "recovery"),
            Promised = _promises.HungUp.Count + _promises.Placed.Count + _promises.PlacedByOzeki.Count + _promises.Registered.Count,
            Mistakes = _mistakes,
        });
    }

    /// <summary>No phone is left in a call, and the server has nothing left of them.</summary>
    private async Task EndedAsync(TestServer server)
    {
        if (!await SoonAsync(() => crowd.Calls.All(c => !c.IsUp)))
        {
            foreach (var call in crowd.Calls.Where(c => c.IsUp))
                _mistakes.Add($"phone {call.User} is still in call {call.CallId} ({(call.IsOffered ? "called" : "calling")} {call.Number}): {string.Join(", ", call.Seen)}");
        }
        try
        {
            // Dialogs are looked at after the last round: a phone that knows its INVITE no more acknowledges no refusal, which is repeated for 32 s
            // (RFC 3261 §17.2.1).
            await server.QuietAsync("call", "leg", "rtp_port", "script");
            await Eventually.GetAsync(server.MetricsAsync, m => m.Sum("switchhook_log_waiting") == 0, "everything is stored", Patience);
        }
        catch (TimeoutException e)
        {
            _mistakes.Add($"gauges: {e.Message}");
        }
        foreach (var mishap in crowd.Mishaps)
            _mistakes.Add($"phone: {mishap}");
        crowd.Mishaps.Clear();
    }

    /// <summary>Every ended call by its id; one that is there twice is a mistake.</summary>
    private async Task<Dictionary<string, CallView>> RecordsAsync(TestServer server)
    {
        Dictionary<string, CallView> records = new(StringComparer.Ordinal);
        for (var page = 0; ; page++)
        {
            var (total, calls) = await server.Native.EndedAsync($"&pageSize=500&page={page}");
            foreach (var call in calls)
            {
                if (!records.TryAdd(call.Id, call))
                    _mistakes.Add($"call {call.Id} has two rows");
            }
            if (calls.Count == 0 || records.Count >= total)
                return records;
        }
    }

    private async Task CheckAsync(List<CrowdCall> setUp, Dictionary<string, CallView> records)
    {
        var bySip = records.Values.SelectMany(c => c.Legs.Select(l => (l.SipCallId, Call: c, Leg: l))).ToLookup(l => l.SipCallId, StringComparer.Ordinal);
        foreach (var call in setUp)
        {
            var found = bySip[call.CallId].ToList();
            if (found.Count != 1 || found[0].Leg.Hangup is null)
                _mistakes.Add($"phone {call.User} was in call {call.CallId} ({(call.IsOffered ? "called" : "calling")} {call.Number}), which has {found.Count} records: {string.Join(", ", call.Seen)}");
        }
        foreach (var leg in records.Values.SelectMany(c => c.Legs).Where(l => l.Hangup is null))
            _mistakes.Add($"leg {leg.Id} of an ended call has no record");
        foreach (var id in _promises.HungUp.Where(id => !records.TryGetValue(id, out var call) || call.By != "api"))
            _mistakes.Add($"call {id} was hung up as asked, and its record says {(records.TryGetValue(id, out var call) ? call.By : "nothing")}");
        foreach (var id in _promises.Placed.Where(id => !records.ContainsKey(id)))
            _mistakes.Add($"call {id} was placed as asked, and has no record");
        var byOzeki = records.Values.Where(c => c.Json.GetProperty("origin") is var o && o.GetProperty("kind").GetString() == "api" && o.GetProperty("dialect").GetString() == "ozeki").ToList();
        var callers = byOzeki.Select(c => c.Json.GetProperty("caller").GetProperty("number").GetString()!).ToHashSet(StringComparer.Ordinal);
        foreach (var caller in _promises.PlacedByOzeki.Where(caller => !callers.Contains(caller)))
            _mistakes.Add($"the call of {caller} was placed as asked over Ozeki, and has no record");

        await ToldAsync("webhook subscriber", app.Webhooks, records.Keys);
        await ToldAsync("event stream", stream.Ends, records.Keys);
        await ToldAsync("Ozeki application", app.Ozeki, [.. byOzeki.Select(c => c.Id)]);
        foreach (var id in app.Webhooks.Calls.Union(stream.Ends.Calls).Union(app.Ozeki.Calls).Where(id => !records.ContainsKey(id)))
            _mistakes.Add($"the end of call {id} was told, and it has no record");
    }

    private async Task CheckRegisteredAsync(TestServer server)
    {
        var connected = (await server.Ozeki.AskAsync("ListExtensions")).Rows("ExtensionSummary")
            .Where(e => e.Element("State")!.Value == "Connected").Select(e => e.Element("PhoneNumber")!.Value).ToHashSet(StringComparer.Ordinal);
        foreach (var number in _promises.Registered.Where(number => !connected.Contains(number)))
            _mistakes.Add($"phone {number} was told that it is registered, and is not");
    }

    private async Task ToldAsync(string who, Told told, IReadOnlyCollection<string> calls)
    {
        await SoonAsync(() => calls.All(id => told.Of(id) > 0));
        foreach (var id in calls.Where(id => told.Of(id) != 1))
            _mistakes.Add($"{who}: told {told.Of(id)} ends of call {id}");
    }

    private static async Task<bool> SoonAsync(Func<bool> condition)
    {
        try
        {
            await Eventually.TrueAsync(condition, "", Patience);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
