using System.Globalization;
using System.Text.Json;
using Switchhook.Calls;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Catapult.Wire;

namespace Switchhook.Dialects.Catapult.Accounts;

/// <summary>GET errors and one of them: callbacks that reached neither their address nor the fallback, from the outbox.</summary>
internal static class CatapultErrors
{
    private const string Resource = "user-error";

    public static async ValueTask<CatapultAnswer> ListAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        if (CatapultPage.Read(ask, "error", out var page) is { } wrong)
            return wrong;
        var query = new OutboxQuery { Account = ask.Account.Name, State = OutboxState.Failed, Dialect = CatapultWords.Dialect, Page = page.Number, PageSize = page.Size };
        var found = await ports.Outside.Outbox.QueryAsync(query, cancellation);
        List<CatapultMembers> entries = [.. found.Entries.Select(Show)];
        return page.Answer(ask, entries, hasNext: found.Total > page.Skip + entries.Count);
    }

    public static async ValueTask<CatapultAnswer> ShowAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        var id = ask["errorId"];
        // The id carries the call and the place in the order of storing; the call's own failures are few.
        if (CatapultId.TryParse(CatapultId.Error, id, out var at))
        {
            var query = new OutboxQuery { Account = ask.Account.Name, State = OutboxState.Failed, Dialect = CatapultWords.Dialect, Call = at.Call, PageSize = 500 };
            if ((await ports.Outside.Outbox.QueryAsync(query, cancellation)).Entries.FirstOrDefault(e => IdOf(e) == id) is { } entry)
                return CatapultAnswer.Of(Show(entry));
        }
        return CatapultError.NotFound(Resource, id);
    }

    private static string IdOf(OutboxEntry entry) => CatapultId.Of(CatapultId.Error, Number(entry, 0));

    private static LegId Number(OutboxEntry entry, int detail) => new(entry.Notification.Call, (int)(((entry.Number % 8192) * 16) + detail));

    private static CatapultMembers Show(OutboxEntry entry)
    {
        var (code, message) = WordsOf(entry.LastOutcome ?? "");
        var number = 0;
        return new CatapultMembers
        {
            { "id", IdOf(entry) },
            { "time", CatapultWords.Time(entry.LastAttemptAt ?? entry.CreatedAt) },
            { "category", "unavailable" },
            { "code", code },
            { "message", message },
            { "details", [.. DetailsOf(entry, code).Select(d => Detail(entry, ++number, d))] },
        };
    }

    private static CatapultMembers Detail(OutboxEntry entry, int number, (string Name, string Value) detail) => new()
    {
        { "id", CatapultId.Of(CatapultId.ErrorDetail, Number(entry, number)) },
        { "name", detail.Name },
        { "value", detail.Value },
    };

    private static (string Code, string Message) WordsOf(string outcome)
    {
        if (int.TryParse(outcome, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            return ("callback-http-failure-status", "The callback returned an HTTP failure status");
        return outcome.StartsWith("timed-out", StringComparison.Ordinal) || outcome.StartsWith("timeout", StringComparison.Ordinal)
            ? ("callback-server-timeout", "The callback server took too long to respond")
            : ("callback-io-error", "A network error ocurred during the callback");
    }

    private static IEnumerable<(string Name, string Value)> DetailsOf(OutboxEntry entry, string code)
    {
        var request = entry.Notification.Request;
        var (callId, type) = EventOf(request);
        if (callId is not null)
            yield return ("callId", callId);
        yield return ("callbackUrl", (entry.Notification.Policy as DeliveryPolicy.Fallback)?.FallbackUrl ?? request.Url);
        yield return ("callbackMethod", request.Method);
        if (type is not null)
            yield return ("callbackEvent", type);
        if (code == "callback-http-failure-status")
            yield return ("callbackStatusCode", entry.LastOutcome!);
        if (request.Timeout is { } timeout)
            yield return ("callbackTimeout", ((long)timeout.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The call and the event a callback was about, as it told them itself.</summary>
    private static (string? Call, string? Event) EventOf(HttpCall request)
    {
        if (request.Body.IsEmpty)
        {
            var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(request.Url[(request.Url.IndexOf('?', StringComparison.Ordinal) + 1)..]);
            return (query["callId"], query["eventType"]);
        }
        using var document = JsonDocument.Parse(request.Body);
        return (Text("callId"), Text("eventType"));

        string? Text(string name) => document.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
    }
}
