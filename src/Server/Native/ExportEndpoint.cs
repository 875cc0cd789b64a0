using System.Globalization;
using System.Text;
using System.Text.Json;
using Switchhook.Calls;
using Switchhook.Calls.Ports;

namespace Switchhook.Server.Native;

/// <summary><c>GET /switchhook/v1/calls/export</c>: ended calls, oldest first, as long as there are any; written as it is read.</summary>
internal sealed class ExportEndpoint(NativePorts ports)
{
    private const int PageSize = 500;

    /// <param name="format">jsonl, one call a line as the other addresses show it, or csv; jsonl when left out.</param>
    /// <param name="since">Calls that began then or later.</param>
    /// <param name="until">Calls that began before.</param>
    public async Task<IResult> HandleAsync(HttpContext context, string? format, string? since, string? until)
    {
        var mistakes = new List<string>();
        if (format is not (null or "" or "jsonl" or "csv"))
            mistakes.Add($"format: must be one of jsonl, csv, not '{format}'");
        var query = new CallQuery
        {
            Account = context.Account().Name,
            Since = LookEndpoints.ReadTime("since", since, mistakes),
            Until = LookEndpoints.ReadTime("until", until, mistakes),
            After = default(CallId),
            NewestFirst = false,
            WithTotal = false,
            PageSize = PageSize,
        };
        if (mistakes.Count > 0)
            return Problem.BadRequest(mistakes).AsResult();
        // A store that is down is a status as long as nothing was sent.
        var first = await ports.History.QueryAsync(query, context.RequestAborted);
        var isCsv = format == "csv";
        context.Response.ContentType = isCsv ? "text/csv; charset=utf-8; header=present" : "application/jsonl; charset=utf-8";
        await WriteAsync(context, query, first.Calls, isCsv);
        return TypedResults.Empty;
    }

    private async Task WriteAsync(HttpContext context, CallQuery query, IReadOnlyList<Call> calls, bool isCsv)
    {
        var text = new StringBuilder(isCsv ? CallCsv.Header : "");
        while (true)
        {
            foreach (var call in calls)
            {
                if (isCsv)
                    CallCsv.Append(text, call);
                else
                    text.Append(JsonSerializer.Serialize(call.ToDocument(), NativeJson.Shown.CallDocument)).Append('\n');
            }
            await context.Response.WriteAsync(text.ToString(), context.RequestAborted);
            text.Clear();
            if (calls.Count < PageSize)
                return;
            try
            {
                calls = (await ports.History.QueryAsync(query with { After = calls[^1].Id }, context.RequestAborted)).Calls;
            }
            catch (StorageUnavailableException)
            {
                // What was sent must not pass for everything.
                context.Abort();
                return;
            }
        }
    }
}

/// <summary>Ended calls as rows of RFC 4180.</summary>
internal static class CallCsv
{
    public const string Header =
        "id,direction,caller,callerName,dialed,calleeDialed,startedAt,ringingAt,answeredAt,endedAt,talkSeconds,cause,causeName,by,byDetail,dialect,account,tag\r\n";

    public static void Append(StringBuilder text, Call call)
    {
        var document = call.ToDocument();
        var talked = call is { AnsweredAt: { } answered, EndedAt: { } ended } ? (ended - answered).TotalSeconds : 0;
        string?[] cells =
        [
            document.Id,
            CallDirections.Of(call).ToString(),
            document.Caller.Number,
            document.Caller.Name,
            document.Dialed,
            document.CalleeDialed,
            document.StartedAt,
            document.RingingAt,
            document.AnsweredAt,
            document.EndedAt,
            talked.ToString("F3", CultureInfo.InvariantCulture),
            document.Cause?.ToString(CultureInfo.InvariantCulture),
            document.CauseName,
            document.By,
            document.ByDetail,
            document.Origin.Dialect,
            document.Origin.Account,
            document.Tag,
        ];
        text.AppendJoin(',', cells.Select(Cell)).Append("\r\n");
    }

    private static string Cell(string? value)
    {
        if (string.IsNullOrEmpty(value))
            return "";
        if (IsFormula(value))
            value = $"'{value}";
        return value.AsSpan().ContainsAny(",\"\r\n") ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value;
    }

    /// <summary>
    /// What a spreadsheet would work out instead of showing it: callers choose their names. Telephone numbers, which begin with a plus, are none.
    /// </summary>
    private static bool IsFormula(string value) => value[0] switch
    {
        '+' or '-' => value.Length == 1 || value.AsSpan(1).ContainsAnyExceptInRange('0', '9'),
        '=' or '@' or '\t' or '\r' or '\n' or '\uFF1D' or '\uFF0B' or '\uFF0D' or '\uFF20' => true,
        _ => false,
    };
}
