using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using System.Xml.Linq;
using Switchhook.Server.ProvisioningFiles;
using Switchhook.Server.Running;

namespace Switchhook.Server.Cli;

/// <summary>The demo's calls: each is placed through one API, followed on the event stream, hung up, and its records are read back.</summary>
internal sealed class DemoCalls : IDisposable
{
    private const string First = "811";
    private const string Second = "812";
    private static readonly TimeSpan TalkTime = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly RunningServer _server;
    private readonly CommandShell _shell;
    private readonly NativeClient _native;
    private readonly Calls.Directory.Account _account;

    public DemoCalls(RunningServer server, CommandShell shell)
    {
        (_server, _shell) = (server, shell);
        _account = server.Directory.Current.Account(DemoProvisioning.AccountName)!;
        _native = new NativeClient(new Uri(server.HttpAddresses[0]), _account.Native!.Key);
    }

    /// <summary>Two phones are rung one after the other and joined; the whole call is hung up.</summary>
    public Task<bool> RunNativeAsync() => FollowAsync("native", async (events, cancellation) =>
    {
        var placed = await _native.PostAsync("/calls", $$"""{"to":"{{First}}","connect":"{{Second}}"}""", cancellation);
        if (!placed.Succeeded)
            return Fail($"the call was not placed: {placed.Complaint}");
        var id = placed.Json.GetProperty("id").GetString()!;
        await UntilAsync(events, id, "call.answered", cancellation);
        await Task.Delay(TalkTime, _shell.Time, cancellation);
        var ended = await _native.PostAsync($"/calls/{id}/hangup", null, cancellation);
        return ended.Succeeded ? await ReportAsync(events, id, "native/demo", legs: 2, cancellation) : Fail($"the call was not hung up: {ended.Complaint}");
    });

    /// <summary>One phone is rung for an API extension and a script waits on it; the call is found in the list and hung up.</summary>
    public Task<bool> RunOzekiAsync() => FollowAsync("Ozeki", async (events, cancellation) =>
    {
        var placed = await AskOzekiAsync(
            $"command=Call&Dialed={First}&ResponseOzML={Uri.EscapeDataString("<Response><Delay>60</Delay></Response>")}", cancellation);
        if (CodeOf(placed) != "200")
            return Fail($"the call was not placed: {placed}");
        var list = await AskOzekiAsync("command=ListActiveCalls", cancellation);
        if (list?.Descendants("CallId").FirstOrDefault()?.Value is not { } id)
            return Fail($"no call is listed: {list}");
        await UntilAsync(events, id, "call.answered", cancellation);
        await Task.Delay(TalkTime, _shell.Time, cancellation);
        var ended = await AskOzekiAsync($"command=Hangup&CallId={id}", cancellation);
        return CodeOf(ended) == "200" ? await ReportAsync(events, id, "ozeki/demo", legs: 1, cancellation) : Fail($"the call was not hung up: {ended}");
    });

    /// <summary>Two phones are rung one after the other and joined; the call of the first is hung up, and its reports are waited for.</summary>
    public Task<bool> RunOpenVoxAsync() => FollowAsync("OpenVox", async (events, cancellation) =>
    {
        await using var openVox = new DemoOpenVox(new Uri(_server.OpenVoxAddresses[0]));
        if (await openVox.LoginAsync(_account, cancellation) is { } refused)
            return Fail($"the login was refused: {refused}");
        var placed = await openVox.AskAsync("extension/dial_extension", $$"""{"caller":"{{First}}","callee":"{{Second}}"}""", cancellation);
        if (placed != DemoOpenVox.Success)
            return Fail($"the call was not placed: {placed}");
        var id = await FirstOfAsync(events, "call.answered", cancellation);
        await Task.Delay(TalkTime, _shell.Time, cancellation);
        var ended = await openVox.AskAsync("extension/hangup", $$"""{"extid":"{{First}}"}""", cancellation);
        if (ended != DemoOpenVox.Success)
            return Fail($"the call was not hung up: {ended}");
        if (!await ReportAsync(events, id, "openvox/demo", legs: 2, cancellation))
            return false;
        await foreach (var report in openVox.ReportsAsync(until: "NewCdr", cancellation))
            _shell.Out.WriteLine($"  {report}");
        return true;
    });

    /// <summary>One phone is dialled for an application, which is told, hangs up in its turn, and is told of that.</summary>
    public Task<bool> RunHoiioAsync() => FollowAsync("Hoiio", async (events, cancellation) =>
    {
        await using var hoiio = new DemoHoiio(new Uri(_server.HttpAddresses[0]), _account);
        if (!await hoiio.ListenAsync())
            return Fail("there is no port to listen on");
        var (placed, session) = await hoiio.AskAsync("ivr/start/dial", cancellation, ("dest", DemoProvisioning.FirstNumber), ("notify_url", hoiio.NotifyUrl));
        if (placed != DemoHoiio.Success || session is null)
            return Fail($"the call was not placed: {placed}");
        var id = await FirstOfAsync(events, "call.answered", cancellation);
        await foreach (var told in hoiio.ToldAsync(until: "dial", cancellation))
            _shell.Out.WriteLine($"  {told}");
        await Task.Delay(TalkTime, _shell.Time, cancellation);
        var (ended, _) = await hoiio.AskAsync("ivr/end/hangup", cancellation, ("session", session), ("notify_url", hoiio.NotifyUrl));
        if (ended != DemoHoiio.Success)
            return Fail($"the call was not hung up: {ended}");
        if (!await ReportAsync(events, id, "hoiio/demo", legs: 1, cancellation))
            return false;
        await foreach (var told in hoiio.ToldAsync(until: "hangup", cancellation))
            _shell.Out.WriteLine($"  {told}");
        return true;
    });

    /// <summary>One phone is rung and answers; the call is hung up, and its events are waited for.</summary>
    public Task<bool> RunCatapultAsync() => FollowAsync("Catapult", async (events, cancellation) =>
    {
        await using var catapult = new DemoCatapult(new Uri(_server.HttpAddresses[0]), _account);
        if (await catapult.ListenAsync() is not { } url)
            return Fail("there is no port to listen on");
        var placed = await catapult.PostAsync("calls", $$"""{"from":"{{Second}}","to":"{{First}}","callbackUrl":"{{url}}","tag":"demo"}""", cancellation);
        if (placed.Status != 201)
            return Fail($"the call was not placed: {placed.Text}");
        var id = await FirstOfAsync(events, "call.answered", cancellation);
        await Task.Delay(TalkTime, _shell.Time, cancellation);
        var ended = await catapult.PostAsync($"calls/{placed.Id}", """{"state":"completed"}""", cancellation);
        if (ended.Status != 200)
            return Fail($"the call was not hung up: {ended.Text}");
        if (!await ReportAsync(events, id, "catapult/demo", legs: 1, cancellation))
            return false;
        await foreach (var happened in catapult.EventsAsync(until: "hangup", cancellation))
            _shell.Out.WriteLine($"  {happened}");
        return true;
    });

    public void Dispose() => _native.Dispose();

    private async Task<bool> FollowAsync(string dialect, Func<ChannelReader<(string, JsonElement)>, CancellationToken, Task<bool>> run)
    {
        _shell.Out.WriteLine($"--- {dialect}");
        using var deadline = new CancellationTokenSource(Deadline, _shell.Time);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token);
        var events = Channel.CreateBounded<(string, JsonElement)>(1000);
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var listening = ListenAsync(events.Writer, connected, enough.Token);
        try
        {
            await connected.Task.WaitAsync(deadline.Token);
            return await run(events.Reader, deadline.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException or HttpRequestException)
        {
            return Fail($"what was waited for did not happen: {e.Message}");
        }
        finally
        {
            await enough.CancelAsync();
            await listening;
            _shell.Out.WriteLine();
        }
    }

    private async Task ListenAsync(ChannelWriter<(string, JsonElement)> writer, TaskCompletionSource connected, CancellationToken cancellation)
    {
        try
        {
            await foreach (var happened in _native.EventsAsync(connected, cancellation))
                await writer.WriteAsync(happened, cancellation);
            writer.TryComplete();
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException)
        {
            connected.TrySetException(new HttpRequestException(e.Message));
            writer.TryComplete();
        }
        // Whoever waited for the connection has seen its failure; nobody else is left to.
        _ = connected.Task.Exception;
    }

    /// <summary>Prints the call's events up to and with the named one.</summary>
    private async Task<JsonElement> UntilAsync(ChannelReader<(string, JsonElement)> events, string id, string last, CancellationToken cancellation)
    {
        while (true)
        {
            var (name, data) = await events.ReadAsync(cancellation);
            if (data.GetProperty("call").GetProperty("id").GetString() != id)
                continue;
            _shell.Out.WriteLine($"{data.GetProperty("at").GetString()}  {name,-18}{data.GetProperty("leg")}");
            if (name == last)
                return data;
        }
    }

    /// <summary>Prints the events of the call that is under way, up to and with the named one; the call's id.</summary>
    private async Task<string> FirstOfAsync(ChannelReader<(string, JsonElement)> events, string last, CancellationToken cancellation)
    {
        while (true)
        {
            var (name, data) = await events.ReadAsync(cancellation);
            _shell.Out.WriteLine($"{data.GetProperty("at").GetString()}  {name,-18}{data.GetProperty("leg")}");
            if (name == last)
                return data.GetProperty("call").GetProperty("id").GetString()!;
        }
    }

    /// <summary>Follows the call to its end and shows its records; true when every leg has one that names us and was confirmed.</summary>
    private async Task<bool> ReportAsync(ChannelReader<(string, JsonElement)> events, string id, string by, int legs, CancellationToken cancellation)
    {
        await UntilAsync(events, id, "call.ended", cancellation);
        var records = await ConfirmedAsync(events, id, cancellation);
        foreach (var record in records)
            _shell.Out.WriteLine(Describe(record));
        var fine = records.Count == legs && records.TrueForAll(r =>
            r.GetProperty("byDetail").GetString() == by && r.GetProperty("cause").GetInt32() == 16 && r.GetProperty("confirmed").GetString() == "yes"
            && r.GetProperty("sent").GetProperty("message").GetString() == "BYE" && r.GetProperty("media").GetProperty("packetsReceived").GetInt64() > 0);
        return fine || Fail($"the records are not what a hangup by {by} leaves");
    }

    /// <summary>The records once each far side has acknowledged our BYE.</summary>
    private async Task<List<JsonElement>> ConfirmedAsync(ChannelReader<(string, JsonElement)> events, string id, CancellationToken cancellation)
    {
        while (true)
        {
            var call = await _native.GetAsync($"/calls/{id}", cancellation);
            var records = call.Succeeded
                ? call.Json.GetProperty("legs").EnumerateArray().Select(l => l.GetProperty("hangup")).Where(r => r.ValueKind == JsonValueKind.Object).ToList() : [];
            if (records.Count > 0 && records.TrueForAll(r => r.GetProperty("confirmed").ValueKind == JsonValueKind.String))
                return records;
            await UntilAsync(events, id, "hangup.confirmed", cancellation);
        }
    }

    private static string Describe(JsonElement record)
    {
        var media = record.GetProperty("media");
        var packets = media.ValueKind == JsonValueKind.Object ? $"{media.GetProperty("packetsReceived")} packets in, {media.GetProperty("packetsSent")} out" : "no audio";
        var seconds = (record.GetProperty("endedAt").GetDateTimeOffset() - record.GetProperty("startedAt").GetDateTimeOffset()).TotalSeconds;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"  {record.GetProperty("leg")}: {record.GetProperty("causeName")} by {record.GetProperty("by")} ({record.GetProperty("byDetail")}), sent {record.GetProperty("sent").GetProperty("message")}, confirmed {record.GetProperty("confirmed")}, {record.GetProperty("phase")}, {seconds:F3} s, {packets}");
    }

    private async Task<XElement?> AskOzekiAsync(string query, CancellationToken cancellation)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var address = $"{_server.OzekiAddresses[0]}/api?Username={_account.Name}&Password={_account.Password}&{query}";
        try
        {
            return XElement.Parse(await http.GetStringAsync(new Uri(address), cancellation));
        }
        catch (Exception e) when (e is HttpRequestException or System.Xml.XmlException)
        {
            _shell.Error.WriteLine(e.Message);
            return null;
        }
    }

    private static string? CodeOf(XElement? answer) => answer?.Element("Code")?.Value;

    private bool Fail(string message)
    {
        _shell.Error.WriteLine($"switchhook: {message}");
        return false;
    }
}
