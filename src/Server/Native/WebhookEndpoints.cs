using Switchhook.Calls.Ports;

namespace Switchhook.Server.Native;

/// <summary><c>/switchhook/v1/webhooks</c>: what was sent to the account's servers or is to be, of every dialect, and sending it again.</summary>
internal sealed class WebhookEndpoints(NativePorts ports)
{
    private const int StandardPageSize = 50;
    private const int LargestPageSize = 500;

    public async Task<IResult> ListAsync(HttpContext context, string? state, string? page, string? pageSize)
    {
        var mistakes = new List<string>();
        var query = new OutboxQuery
        {
            Account = context.Account().Name,
            State = QueryWords.Word("state", state, ["pending", "delivered", "failed"], mistakes) switch
            {
                "pending" => OutboxState.Pending,
                "delivered" => OutboxState.Delivered,
                "failed" => OutboxState.Failed,
                _ => null,
            },
            Page = QueryWords.Number("page", page, 0, 0, QueryWords.LastPage, mistakes),
            PageSize = QueryWords.Number("pageSize", pageSize, StandardPageSize, 1, LargestPageSize, mistakes),
        };
        if (mistakes.Count > 0)
            return Problem.BadRequest(mistakes).AsResult();

        var found = await ports.Outbox.QueryAsync(query, context.RequestAborted);
        var next = (long)(query.Page + 1) * query.PageSize < found.Total ? QueryWords.NextPage(context, query.Page + 1) : null;
        var document = new WebhookListDocument([.. found.Entries.Select(e => e.ToDocument(withBody: false))], query.Page, query.PageSize, found.Total, next);
        return TypedResults.Json(document, NativeJson.Shown.WebhookListDocument);
    }

    public async Task<IResult> ShowAsync(HttpContext context, string id) =>
        await FindAsync(context, id) is { } entry
            ? TypedResults.Json(entry.ToDocument(withBody: true), NativeJson.Shown.WebhookDocument) : Problem.NoSuchWebhook.AsResult();

    public async Task<IResult> ReplayAsync(HttpContext context, string id)
    {
        if (await FindAsync(context, id) is not { } entry)
            return Problem.NoSuchWebhook.AsResult();
        if (entry.State == OutboxState.Pending)
            return Problem.WebhookPending.AsResult();
        if (ports.Outbox.Reopen(id, ports.Time.GetUtcNow()) is not { } reopened)
            return Problem.NoSuchWebhook.AsResult();
        ports.Redeliver(reopened);
        return TypedResults.Json(reopened.ToDocument(withBody: true), NativeJson.Shown.WebhookDocument, statusCode: StatusCodes.Status202Accepted);
    }

    private async ValueTask<OutboxEntry?> FindAsync(HttpContext context, string id)
    {
        var entry = await ports.Outbox.FindAsync(id, context.RequestAborted);
        return string.Equals(entry?.Notification.Account, context.Account().Name, StringComparison.OrdinalIgnoreCase) ? entry : null;
    }
}
