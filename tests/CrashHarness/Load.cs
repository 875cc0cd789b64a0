using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;

namespace Switchhook.CrashHarness;

/// <summary>What the server has said over HTTP it did; a crash must not undo it.</summary>
internal sealed class Promises
{
    /// <summary>Calls whose hangup was answered as done.</summary>
    public ConcurrentBag<string> HungUp { get; } = [];

    /// <summary>Calls that were answered as placed.</summary>
    public ConcurrentBag<string> Placed { get; } = [];

    /// <summary>The callers shown in those placed over Ozeki.</summary>
    public ConcurrentBag<string> PlacedByOzeki { get; } = [];

    /// <summary>Numbers whose REGISTER was answered 200.</summary>
    public ConcurrentBag<string> Registered { get; } = [];
}

/// <summary>
/// Mixed load at a steady rate until it is stopped: between phones, to services and scripts, placed by both APIs; busy, ringing, cancelled, held;
/// hung up by everybody, at once or later, or left up; phones that register meanwhile.
/// </summary>
internal sealed class Load(TestServer server, Crowd crowd, Application app, StreamReaderThatReturns stream, Random random, Promises promises)
{
    public const int CallsPerSecond = 50;

    /// <summary>First digits of a phone's number say what it does with calls.</summary>
    private const string Callers = "300", Answers = "310", HangsUp = "320", Busy = "330", RingsOn = "340", EndsAtOnce = "350";
    private const int OfEach = 4;
    private const string AnswerService = "800", HangupService = "801", Script = "900";

    /// <summary>Numbers that are registered during the load, one after the other; so many that most kills find new ones.</summary>
    private const int FirstToRegister = 36000, ToRegister = 300;
    private const int TicksARegister = 8;

    private static int _taken, _placed, _registered;
    private readonly List<Task> _tasks = [];

    public int Begun { get; private set; }

    public static IEnumerable<string> Phones =>
        new[] { Callers, Answers, HangsUp, Busy, RingsOn, EndsAtOnce }.SelectMany(kind => Enumerable.Range(0, OfEach).Select(n => $"{kind}{n}"));

    public static ProvisioningBuilder Provision(string url)
    {
        var provisioning = new ProvisioningBuilder().AddWebhook($"{url}/hook", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "call.ended")
            .AddService(AnswerService, "answer").AddService(HangupService, "hangup").AddApiExtension(Script, $"{url}/script");
        foreach (var phone in Phones.Concat(Enumerable.Range(FirstToRegister, ToRegister).Select(n => $"{n}")))
            provisioning.AddPhone(phone);
        return provisioning;
    }

    /// <summary>What the phones do with calls that come in.</summary>
    public static async Task TakeAsync(CrowdCall call)
    {
        var random = new Random(Interlocked.Increment(ref _taken));
        switch (call.User[..3])
        {
            case Busy:
                call.Respond(486);
                break;
            case RingsOn:
                call.Respond(180);
                break;
            case EndsAtOnce:
                call.EndsAtOnce = true;
                call.Respond(200);
                break;
            case HangsUp:
                call.Respond(180);
                await PauseAsync(random.Next(20, 200), default);
                call.Respond(200);
                await PauseAsync(random.Next(50, 800), default);
                call.Bye();
                break;
            default:
                if (random.Next(2) == 0)
                    call.Respond(180);
                call.Respond(200);
                break;
        }
    }

    /// <summary>Begins calls until stopped; their ends go on as long as the stop has not come.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / CallsPerSecond), TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                Begun++;
                var (what, after) = (random.Next(32), random.Next(30, 1200));
                var (caller, callee) = ($"{Callers}{random.Next(OfEach)}", random.Next(OfEach));
                if (Begun % TicksARegister == 0)
                    _tasks.Add(Task.Run(() => RegisterAsync($"{FirstToRegister + (Interlocked.Increment(ref _registered) % ToRegister)}", stop), CancellationToken.None));
                _tasks.Add(Task.Run(() => CallAsync(what, caller, callee, after, stop), CancellationToken.None));
            }
        }
        catch (OperationCanceledException)
        {
            // The kill.
        }
        await Task.WhenAll(_tasks);
    }

    private async Task CallAsync(int what, string caller, int callee, int after, CancellationToken stop)
    {
        try
        {
            await (what switch
            {
                < 3 => DialAsync(caller, $"{Answers}{callee}", after, stop),
                < 6 => crowd.Dial(caller, $"{HangsUp}{callee}").Over.WaitAsync(stop),
                < 7 => crowd.Dial(caller, $"{Busy}{callee}").Over.WaitAsync(stop),
                < 9 => CancelAsync(caller, $"{RingsOn}{callee}", after, stop),
                < 11 => DialAsync(caller, AnswerService, after, stop),
                < 12 => crowd.Dial(caller, HangupService).Over.WaitAsync(stop),
                < 13 => crowd.Dial(caller, Script).Over.WaitAsync(stop),
                < 15 => PlaceAsync(new JsonObject { ["to"] = $"{Answers}{callee}" }, after, stop),
                < 16 => PlaceAsync(new JsonObject { ["to"] = $"{Answers}{callee}", ["connect"] = $"{HangsUp}{callee}" }, null, stop),
                < 18 => OzekiAsync($"{Answers}{callee}", "<Hangup/>", null, stop),
                < 20 => OzekiAsync($"{Answers}{callee}", "<Delay>600</Delay>", after % 2 == 0 ? after : null, stop),
                < 22 => HeldAsync(caller, $"{Answers}{callee}", after, stop),
                < 23 => HungUpAsync(caller, $"{Answers}{callee}", after, stop),
                < 24 => crowd.Dial(caller, $"{Answers}{callee}").Decided.WaitAsync(stop),
                < 27 => crowd.Dial(caller, $"{EndsAtOnce}{callee}").Over.WaitAsync(stop),
                < 30 => crowd.Dial(caller, $"{Answers}{callee}", endsAtOnce: true).Over.WaitAsync(stop),
                _ => crowd.Dial(caller, AnswerService, endsAtOnce: true).Over.WaitAsync(stop),
            });
        }
        catch (Exception e) when (stop.IsCancellationRequested || e is OperationCanceledException)
        {
            // Killed in the middle of it.
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // The server was gone before this load knew.
        }
    }

    private async Task RegisterAsync(string number, CancellationToken stop)
    {
        try
        {
            await crowd.RegisterAsync(number).WaitAsync(stop);
            promises.Registered.Add(number);
        }
        catch (Exception e) when (stop.IsCancellationRequested || e is OperationCanceledException or TimeoutException)
        {
            // Killed before it was answered.
        }
    }

    private async Task DialAsync(string caller, string number, int after, CancellationToken stop)
    {
        var call = crowd.Dial(caller, number);
        await call.Decided.WaitAsync(stop);
        await PauseAsync(after, stop);
        call.Bye();
    }

    private async Task CancelAsync(string caller, string number, int after, CancellationToken stop)
    {
        var call = crowd.Dial(caller, number);
        await PauseAsync(after, stop);
        call.Cancel();
        await call.Over.WaitAsync(stop);
    }

    private async Task HeldAsync(string caller, string number, int after, CancellationToken stop)
    {
        var call = crowd.Dial(caller, number);
        await call.Decided.WaitAsync(stop);
        await PauseAsync(after / 3, stop);
        call.Hold();
        await PauseAsync(after, stop);
        if (after % 2 == 0)
            call.Bye();
    }

    private async Task HungUpAsync(string caller, string number, int after, CancellationToken stop)
    {
        var call = crowd.Dial(caller, number);
        await call.Decided.WaitAsync(stop);
        await PauseAsync(after, stop);
        if (stream.BySip.TryGetValue(call.CallId, out var id))
            Promise(await server.Native.HangUpAsync(id), id);
    }

    private async Task PlaceAsync(JsonObject body, int? hangUpAfter, CancellationToken stop)
    {
        var placed = await server.Native.PlaceAsync(body);
        if (placed.Status != 201)
            return;
        var id = placed.Json.GetProperty("id").GetString()!;
        promises.Placed.Add(id);
        if (hangUpAfter is not { } after)
            return;
        await PauseAsync(after, stop);
        Promise(await server.Native.HangUpAsync(id), id);
    }

    private async Task OzekiAsync(string number, string script, int? hangUpAfter, CancellationToken stop)
    {
        // Its answer names no call: the caller shown is ours to choose, and no other call has it.
        var name = $"o{Interlocked.Increment(ref _placed)}";
        var placed = await server.Ozeki.AskAsync(
            "Call", ("Dialed", number), ("CallerId", name), ("ApiExtension", Script), ("ResponseOzML", $"<Response>{script}</Response>"),
            ("FinishedUrl", $"{app.Url}/end"), ("ErrorUrl", $"{app.Url}/end"));
        if (placed.Code != 200)
            return;
        promises.PlacedByOzeki.Add(name);
        if (hangUpAfter is not { } after)
            return;
        await PauseAsync(after, stop);
        if (stream.ByCaller.TryGetValue(name, out var id) && (await server.Ozeki.HangUpAsync(id)).Code == 200 && (await server.Native.CallAsync(id)).HasEnded)
            promises.HungUp.Add(id);
    }

    private void Promise(NativeAnswer answer, string id)
    {
        if (answer.Status == 200 && answer.Json.GetProperty("by").GetString() == "api" && answer.Json.GetProperty("state").GetString() == "ended")
            promises.HungUp.Add(id);
    }

    private static Task PauseAsync(int milliseconds, CancellationToken stop) =>
        Pace.WaitAsync(TimeSpan.FromMilliseconds(Math.Max(1, milliseconds)), stop);
}
