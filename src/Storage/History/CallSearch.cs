using System.Data.Common;
using Switchhook.Calls;
using Switchhook.Calls.Ports;
using Switchhook.Storage.Log;

namespace Switchhook.Storage.History;

/// <summary>
/// How ended calls are searched for. An account's are walked by its own index, in the order of ids, which is that of time, and most of what is
/// asked for stands in it; what does not is looked up call by call.
/// </summary>
internal static class CallSearch
{
    /// <summary>Adds the parameters to the command.</summary>
    /// <returns>What to select from, the column to order by, and the conditions.</returns>
    public static (string From, string Order, string Where) Of(CallQuery query, DbCommand command)
    {
        var needsCalls = query is { CallerNumber: not null } or { Dialed: not null } or { CalleeDialed: not null } or { Direction: not null };
        var (from, table, id) = query.Account is null ? ("calls", "calls", "calls.id")
            : needsCalls ? ("call_accounts JOIN calls ON calls.id = call_accounts.call", "call_accounts", "call_accounts.call")
            : ("call_accounts", "call_accounts", "call_accounts.call");
        List<string> conditions = [];
        Add(query.Account is null ? null : AccountKey.Of(query.Account), "account = @account", "@account");
        Add(query.Call?.Value, $"{id} = @id", "@id");
        Add(query.After?.Value, $"{id} > @after", "@after");
        // An id is never behind the time its call began at, and may be ahead where a clock was set back.
        Add(query.Since is { } since ? FirstIdAt(since) : null, $"{id} >= @first", "@first");
        Add(query.Since, $"{table}.started_at >= @since", "@since");
        Add(query.Until, $"{table}.started_at < @until", "@until");
        Add((int?)query.Cause, $"{table}.cause = @cause", "@cause");
        Add(query.By, $"{table}.by = @by", "@by");
        Add(query.CallerNumber, "caller = @caller", "@caller");
        Add(query.Dialed, "dialed = @dialed", "@dialed");
        Add(query.CalleeDialed, "callee_dialed = @callee", "@callee");
        Add(query.Direction?.ToString(), "direction = @direction", "@direction");
        return (from, id, conditions.Count == 0 ? "" : $" WHERE {string.Join(" AND ", conditions)}");

        void Add(object? value, string condition, string parameter)
        {
            if (value is null)
                return;
            conditions.Add(condition);
            command.Add(parameter, value is DateTimeOffset time ? StoredTime.ToMicroseconds(time) : value);
        }
    }

    /// <summary>Less a minute: the two are not read from the clock in the same instant.</summary>
    private static long FirstIdAt(DateTimeOffset time) =>
        Math.Max(0, (time - CallId.Epoch).Ticks / (TimeSpan.TicksPerSecond / CallId.StepsPerSecond) - (60L * CallId.StepsPerSecond));
}
