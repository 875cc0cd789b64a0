using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Switchhook.Calls.Ports;
using Switchhook.Server.Configuration;

namespace Switchhook.Server.Cli;

/// <summary><c>switchhook calls</c>: looks at the calls of a running server, and ends them.</summary>
internal static class CallsCommand
{
    private const int PageSize = 200;

    /// <summary>Options that one word alone has: with another they would be passed over.</summary>
    private static readonly (string Option, string Word)[] Foreign =
        [("--ended", "list"), ("--json", "list"), ("--cause", "hangup"), ("--format", "export"), ("--since", "export"), ("--until", "export")];

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Command { get; } = new(
        "calls",
        "calls [list | show ID | hangup ID | hangup --where EXPR | export] [OPTIONS]",
        "Looks at the calls of a running server, ends and exports them.",
        $"""
        list shows the live calls, with --ended those that are over; show prints one with its legs and hangup records; hangup ends one, or
        every live call that --where picks; export prints all ended calls, oldest first, one a line. The server is asked through its native API at --url, else $SWITCHHOOK_URL, else the address the
        configuration names; with the key of --key, else $SWITCHHOOK_KEY, else the first native key in the database of the data directory.

        {CallFilter.Explanation}
        """,
        [
            new CommandOption("--where", "EXPR", "only the calls that fit (list and hangup)"),
            new CommandOption("--ended", null, "calls that are over (list)"),
            new CommandOption("--cause", "N", "the Q.850 cause to end with, by number or name (hangup)"),
            new CommandOption("--json", null, "prints JSON (list)"),
            new CommandOption("--format", "FORMAT", "jsonl or csv; jsonl when left out (export)"),
            new CommandOption("--since", "TIME", "calls that began then or later, such as 2026-01-31T08:00:00Z (export)"),
            new CommandOption("--until", "TIME", "calls that began before (export)"),
            new CommandOption("--account", "NAME", "asks with that account's native key from the database"),
            new CommandOption("--url", "URL", "the server, such as http://127.0.0.1:8088"),
            new CommandOption("--key", "KEY", "an account's native key"),
            SharedOptions.Config, SharedOptions.Data, SharedOptions.Set,
        ],
        RunAsync);

    private static async Task<ExitCode> RunAsync(Arguments arguments, CommandShell shell)
    {
        CallFilter? filter = null;
        if (arguments["--where"] is { } expression)
        {
            filter = CallFilter.Read(expression, out var mistake);
            if (filter is null)
                return shell.Wrong("calls", $"--where: {mistake}");
        }
        Func<NativeClient, Task<ExitCode>>? work = arguments.Words switch
        {
            [] or ["list"] => client => ListAsync(client, filter, arguments, shell),
            ["show", var id] => client => ShowAsync(client, id, shell),
            ["hangup", var id] when filter is null => client => HangUpAsync(client, [id], arguments, shell),
            ["export"] when filter is null => client => ExportAsync(client, arguments, shell),
            ["hangup"] when filter is not null => client => HangUpFittingAsync(client, filter, arguments, shell),
            _ => null,
        };
        if (work is null)
            return shell.Wrong("calls", "say list, show ID, hangup ID, hangup --where EXPR or export");
        var word = arguments.Words is [var first, ..] ? first : "list";
        if (Foreign.FirstOrDefault(o => arguments.Has(o.Option) && o.Word != word) is { Option: { } option, Word: { } its })
            return shell.Wrong("calls", $"{option} goes with {its}, not with {word}");
        var (server, key, exit) = FindServer("calls", arguments, shell);
        if (server is null || key is null)
            return exit;
        using var client = new NativeClient(server, key);
        return await work(client);
    }

    /// <summary>Where a running server is, and a key for it; else how the command ends.</summary>
    public static (Uri? Server, string? Key, ExitCode Exit) FindServer(string command, Arguments arguments, CommandShell shell)
    {
        var url = arguments["--url"] ?? shell.Variable("SWITCHHOOK_URL");
        var key = arguments["--key"] ?? (arguments["--account"] is null ? shell.Variable("SWITCHHOOK_KEY") : null);
        if (url is null || key is null)
        {
            if (Preparation.ReadSettings(arguments, shell) is not { } settings)
                return (null, null, ExitCode.WrongArguments);
            url ??= settings.HttpListen is [var first, ..] ? Reachable(first) : null;
            key ??= FindKey(settings, arguments["--account"], shell);
        }
        if (!Uri.TryCreate(url, UriKind.Absolute, out var server))
            return (null, null, shell.Wrong(command, "no server is known; name it with --url"));
        return key is null ? (null, null, shell.Wrong(command, NoKey(arguments["--account"]))) : (server, key, ExitCode.Fine);
    }

    private static string NoKey(string? account) =>
        account is null ? "no native key is known; give one with --key" : $"no native key of an account '{account}' is known; give one with --key";

    private static string Reachable(HttpListen listen) =>
        listen.EndPoint.Address.Equals(System.Net.IPAddress.Any) ? $"http://127.0.0.1:{listen.EndPoint.Port}" : listen.ToString();

    private static string? FindKey(ServerSettings settings, string? account, CommandShell shell)
    {
        if (!settings.Storage.MayBeThere || Preparation.OpenStorage(settings, shell.Time, serves: false, out _) is not { } storage)
            return null;
        using (storage)
        {
            try
            {
                return storage.Provisioning.Load()?.Accounts.FirstOrDefault(a =>
                    a.Native is not null && a.MayUse("native") && (account is null || a.Name.Equals(account, StringComparison.OrdinalIgnoreCase)))?.Native!.Key;
            }
            catch (StorageUnavailableException)
            {
                return null;
            }
        }
    }

    private static async Task<ExitCode> ListAsync(NativeClient client, CallFilter? filter, Arguments arguments, CommandShell shell)
    {
        var (calls, complaint) = await ReadAsync(client, arguments.Has("--ended") ? "ended" : "live", filter, shell);
        if (complaint is not null)
            return shell.Failed(complaint);
        if (arguments.Has("--json"))
        {
            shell.Out.WriteLine(JsonSerializer.Serialize(calls, Indented));
            return ExitCode.Fine;
        }
        shell.Out.WriteLine($"{"ID",-10}{"STATE",-10}{"FROM",-18}{"TO",-18}{"AGE",8}  {"BY",-10}CAUSE");
        foreach (var call in calls)
            shell.Out.WriteLine(Line(call, shell.Time.GetUtcNow()));
        return ExitCode.Fine;
    }

    private static string Line(JsonElement call, DateTimeOffset now)
    {
        var end = call.GetProperty("endedAt") is { ValueKind: JsonValueKind.String } ended ? ended.GetDateTimeOffset() : now;
        var age = (end - call.GetProperty("startedAt").GetDateTimeOffset()).TotalSeconds;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{call.GetProperty("id"),-10}{call.GetProperty("state"),-10}{call.GetProperty("caller").GetProperty("number"),-18}{call.GetProperty("dialed"),-18}{age,7:F0}s  {call.GetProperty("by"),-10}{call.GetProperty("causeName")}");
    }

    private static async Task<ExitCode> ShowAsync(NativeClient client, string id, CommandShell shell)
    {
        var answer = await client.GetAsync($"/calls/{Uri.EscapeDataString(id)}");
        if (!answer.Succeeded)
            return shell.Failed(answer.Complaint);
        shell.Out.WriteLine(JsonSerializer.Serialize(answer.Json, Indented));
        return ExitCode.Fine;
    }

    private static async Task<ExitCode> HangUpFittingAsync(NativeClient client, CallFilter filter, Arguments arguments, CommandShell shell)
    {
        var (calls, complaint) = await ReadAsync(client, "live", filter, shell);
        return complaint is not null ? shell.Failed(complaint)
            : await HangUpAsync(client, [.. calls.Select(c => c.GetProperty("id").GetString()!)], arguments, shell);
    }

    private static async Task<ExitCode> HangUpAsync(NativeClient client, IReadOnlyList<string> ids, Arguments arguments, CommandShell shell)
    {
        var body = arguments["--cause"] is { } cause ? $$"""{"cause":{{JsonSerializer.Serialize(cause)}}}""" : null;
        var exit = ExitCode.Fine;
        foreach (var id in ids)
        {
            var answer = await client.PostAsync($"/calls/{Uri.EscapeDataString(id)}/hangup", body);
            if (answer.Succeeded)
                shell.Out.WriteLine(Line(answer.Json, shell.Time.GetUtcNow()));
            else
                exit = shell.Failed($"{id}: {answer.Complaint}");
        }
        return exit;
    }

    private static async Task<ExitCode> ExportAsync(NativeClient client, Arguments arguments, CommandShell shell)
    {
        var query = string.Join('&', ((string[])["format", "since", "until"])
            .Where(name => arguments["--" + name] is not null).Select(name => $"{name}={Uri.EscapeDataString(arguments["--" + name]!)}"));
        var complaint = await client.CopyAsync($"/calls/export?{query}", shell.Out);
        return complaint is null ? ExitCode.Fine : shell.Failed(complaint);
    }

    /// <summary>All pages, because a filter is applied here.</summary>
    private static async Task<(List<JsonElement> Calls, string? Complaint)> ReadAsync(NativeClient client, string state, CallFilter? filter, CommandShell shell)
    {
        var calls = new List<JsonElement>();
        var seen = new HashSet<string>();
        var next = $"/calls?state={state}&pageSize={PageSize}";
        while (next is not null)
        {
            var answer = await client.GetAsync(next);
            if (!answer.Succeeded)
                return (calls, answer.Complaint);
            // Pages shift while calls come and go; none is taken twice.
            calls.AddRange(answer.Json.GetProperty("calls").EnumerateArray()
                .Where(c => (filter is null || filter.Fits(c, shell.Time.GetUtcNow())) && seen.Add(c.GetProperty("id").GetString()!)));
            next = answer.Json.GetProperty("next").GetString();
        }
        return (calls, null);
    }
}
