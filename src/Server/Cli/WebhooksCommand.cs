using System.Text.Json;

namespace Switchhook.Server.Cli;

/// <summary><c>switchhook webhooks</c>: looks at what a running server sends to an account's servers, and sends it again.</summary>
internal static class WebhooksCommand
{
    private const int PageSize = 200;

    public static Command Command { get; } = new(
        "webhooks",
        "webhooks [list | replay ID... | replay --failed] [OPTIONS]",
        "Looks at the webhooks of a running server, and sends them again.",
        """
        list shows the newest webhooks of the key's account, with --state only the pending, delivered or failed ones; replay delivers those
        with these ids again, or with --failed everything that was given up. The server and the key are found as for switchhook calls.
        """,
        [
            new CommandOption("--state", "STATE", "pending, delivered or failed (list)"),
            new CommandOption("--failed", null, "all that were given up (replay)"),
            new CommandOption("--url", "URL", "the server, such as http://127.0.0.1:8088"),
            new CommandOption("--key", "KEY", "an account's native key"),
            SharedOptions.Config, SharedOptions.Data, SharedOptions.Set,
        ],
        RunAsync);

    private static async Task<ExitCode> RunAsync(Arguments arguments, CommandShell shell)
    {
        Func<NativeClient, Task<ExitCode>>? work = arguments.Words switch
        {
            [] or ["list"] => client => ListAsync(client, arguments["--state"], shell),
            ["replay"] when arguments.Has("--failed") => client => ReplayFailedAsync(client, shell),
            ["replay", _, ..] when !arguments.Has("--failed") => client => ReplayAsync(client, [.. arguments.Words.Skip(1)], shell),
            _ => null,
        };
        if (work is null)
            return shell.Wrong("webhooks", "say list, replay ID or replay --failed");
        var (server, key, exit) = CallsCommand.FindServer("webhooks", arguments, shell);
        if (server is null || key is null)
            return exit;
        using var client = new NativeClient(server, key);
        return await work(client);
    }

    private static async Task<ExitCode> ListAsync(NativeClient client, string? state, CommandShell shell)
    {
        var answer = await client.GetAsync($"/webhooks?state={Uri.EscapeDataString(state ?? "")}&pageSize={PageSize}");
        if (!answer.Succeeded)
            return shell.Failed(answer.Complaint);
        shell.Out.WriteLine($"{"ID",-26}{"STATE",-11}{"TRIES",5}  {"OUTCOME",-26}URL");
        foreach (var webhook in answer.Json.GetProperty("webhooks").EnumerateArray())
            shell.Out.WriteLine(Line(webhook));
        var total = answer.Json.GetProperty("total").GetInt64();
        if (total > PageSize)
            shell.Out.WriteLine($"The newest {PageSize} of {total}.");
        return ExitCode.Fine;
    }

    private static string Line(JsonElement webhook) =>
        $"{webhook.GetProperty("id"),-26}{webhook.GetProperty("state"),-11}{webhook.GetProperty("attempts"),5}  {webhook.GetProperty("lastOutcome"),-26}{webhook.GetProperty("url")}";

    /// <summary>Pages shift while webhooks leave the failed ones: the ids are read first.</summary>
    private static async Task<ExitCode> ReplayFailedAsync(NativeClient client, CommandShell shell)
    {
        List<string> ids = [];
        for (var next = $"/webhooks?state=failed&pageSize={PageSize}"; next is not null;)
        {
            var answer = await client.GetAsync(next);
            if (!answer.Succeeded)
                return shell.Failed(answer.Complaint);
            ids.AddRange(answer.Json.GetProperty("webhooks").EnumerateArray().Select(w => w.GetProperty("id").GetString()!));
            next = answer.Json.GetProperty("next").GetString();
        }
        ids.Reverse();   // oldest first, as they happened
        return await ReplayAsync(client, ids, shell);
    }

    private static async Task<ExitCode> ReplayAsync(NativeClient client, IReadOnlyList<string> ids, CommandShell shell)
    {
        var exit = ExitCode.Fine;
        foreach (var id in ids.Distinct(StringComparer.Ordinal))
        {
            var answer = await client.PostAsync($"/webhooks/{Uri.EscapeDataString(id)}/replay", null);
            if (answer.Succeeded)
                shell.Out.WriteLine($"{id} is delivered again");
            else
                exit = shell.Failed($"{id}: {answer.Complaint}");
        }
        return exit;
    }
}
