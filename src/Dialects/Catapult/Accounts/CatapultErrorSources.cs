using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Switchhook.Calls;
using Switchhook.Calls.Events;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Catapult.Applications;
using Switchhook.Dialects.Catapult.Bxml;
using Switchhook.Dialects.Catapult.Calls;

namespace Switchhook.Dialects.Catapult.Accounts;

/// <summary>Where errors are found: each source gives its newest, of one call or of all of the account's.</summary>
internal static class CatapultErrorSources
{
    /// <summary>How far back in the log, and among calls a rule has ended, errors are looked for.</summary>
    private const int MostEventsBack = 100_000, MostCallsBack = 1_000;

    private const int EventsOfPage = 500;
    private const string ByPolicy = "policy";

    private static readonly HashSet<string> DocumentEvents = ["script.failed"];

    /// <summary>Callbacks that failed for good, from the outbox.</summary>
    public static async ValueTask<IEnumerable<CatapultUserError>> CallbacksAsync(
        CatapultAsk ask, CatapultPorts ports, CallId? call, int most, CancellationToken cancellation)
    {
        var query = new OutboxQuery { Account = ask.Account.Name, State = OutboxState.Failed, Dialect = CatapultWords.Dialect, Call = call, PageSize = most };
        return (await ports.Outside.Outbox.QueryAsync(query, cancellation)).Entries.Select(OfCallback);
    }

    /// <summary>Documents that could not be fetched or used, and verbs of theirs that failed, from the log.</summary>
    public static async ValueTask<IEnumerable<CatapultUserError>> DocumentsAsync(
        CatapultAsk ask, CatapultPorts ports, CallId? call, int most, CancellationToken cancellation)
    {
        var log = ports.Outside.Log;
        var filter = new EventFilter(ask.Account.Name, call, DocumentEvents);
        var newest = new Queue<CatapultUserError>();
        var last = log.LastCursor();
        for (var after = call is null ? Math.Max(0, last - MostEventsBack) : 0; after < last;)
        {
            var page = await log.ReadAsync(after, EventsOfPage, filter, cancellation);
            foreach (var (_, happened) in page.Events)
            {
                if (happened is not ScriptFailed failed || OfDocument(failed) is not { } error)
                    continue;
                newest.Enqueue(error);
                if (newest.Count > most)
                    newest.Dequeue();
            }
            if (page.Through <= after)
                break;
            after = page.Through;
        }
        return newest;
    }

    /// <summary>Calls to numbers nobody takes calls for, from the history.</summary>
    public static async ValueTask<IEnumerable<CatapultUserError>> RefusalsAsync(
        CatapultAsk ask, CatapultPorts ports, CallId? call, int most, CancellationToken cancellation)
    {
        var query = new CallQuery
        {
            Account = ask.Account.Name,
            By = ByPolicy,
            Cause = CatapultIncoming.NobodyThere,
            Call = call,
            PageSize = MostCallsBack,
            WithTotal = false,
        };
        var (calls, _) = await ports.History.QueryAsync(query, cancellation);
        return calls.Select(OfRefusal).OfType<CatapultUserError>().Take(most);
    }

    private static CatapultUserError OfCallback(OutboxEntry entry)
    {
        var request = entry.Notification.Request;
        var outcome = entry.LastOutcome ?? "";
        var failure = int.TryParse(outcome, NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status
            : outcome.StartsWith("timed-out", StringComparison.Ordinal) || outcome.StartsWith("timeout", StringComparison.Ordinal) ? BxmlFailure.TimedOut : BxmlFailure.NotReached;
        var (callId, type) = EventOf(request);
        var url = (entry.Notification.Policy as DeliveryPolicy.Fallback)?.FallbackUrl ?? request.Url;
        return OfRequest(
            entry.Notification.Call, entry.Number, CatapultErrorKind.Callback, entry.LastAttemptAt ?? entry.CreatedAt, failure,
            [("callId", callId), ("callbackUrl", WithoutEvent(url)), ("callbackMethod", request.Method), ("callbackEvent", type)],
            Milliseconds(request.Timeout));
    }

    private static CatapultUserError? OfDocument(ScriptFailed failed)
    {
        var call = failed.Call;
        if (!BxmlScripts.Steers(call) || failed.Code == BxmlFailure.Nobody)
            return null;
        var leg = call.FindLeg(call.Near) ?? call.Legs[0];
        var (id, at, number) = (CatapultId.Of(leg), failed.At, (long)failed.Sequence);
        if (failed.Code == BxmlFailure.TimedOut || failed.Code == BxmlFailure.NotReached || failed.Code >= BxmlFailure.FirstStatus)
        {
            return OfRequest(
                call.Id, number, CatapultErrorKind.Document, at, failed.Code,
                [("callId", id), ("callbackUrl", BxmlFailure.UrlIn(failed.Message)), ("callbackMethod", "GET")], BxmlFailure.TimeIn(failed.Message));
        }
        var (code, message) = failed.Code switch
        {
            BxmlFailure.Audio => ("media-unavailable", $"The audio could not be played: {failed.Message}"),
            _ => ("callback-invalid-bxml", $"The callback returned a document that cannot be used: {failed.Message}"),
        };
        return new CatapultUserError(call.Id, number, CatapultErrorKind.Document, at, code, message, Known([("callId", id), ("callbackUrl", BxmlFailure.UrlIn(failed.Message))]));
    }

    private static CatapultUserError? OfRefusal(Call call)
    {
        if (call is not { Plan: CallPlan.Refused { Rule: var rule }, Legs: [var leg, ..] })
            return null;
        var (id, number) = (CatapultId.Of(leg), leg.Detail(CatapultDetail.To) ?? call.Dialed);
        var application = leg.Detail(CatapultDetail.ApplicationId);
        return rule switch
        {
            CatapultIncoming.NoApplication => new CatapultUserError(
                call.Id, 0, CatapultErrorKind.Refusal, call.StartedAt, "no-application-for-number", $"No application is configured for number {number}",
                Known([("number", number), ("callId", id)])),
            CatapultIncoming.NoAddress => new CatapultUserError(
                call.Id, 0, CatapultErrorKind.Refusal, call.StartedAt, "no-callback-for-call",
                $"Application {application} (\"{leg.Detail(CatapultDetail.ApplicationName)}\") for number {number} does not specify a URL for call events",
                Known([("applicationId", application), ("number", number), ("callId", id)])),
            _ => null,
        };
    }

    /// <summary>A request that failed, in the vendor's words.</summary>
    /// <param name="failure">A status, or one of <see cref="BxmlFailure"/>.</param>
    private static CatapultUserError OfRequest(
        CallId call, long number, CatapultErrorKind kind, DateTimeOffset at, int failure, ReadOnlySpan<(string Name, string? Value)> details, string? timeout)
    {
        var (code, message) = failure switch
        {
            >= BxmlFailure.FirstStatus => ("callback-http-failure-status", "The callback returned an HTTP failure status"),
            BxmlFailure.TimedOut => ("callback-server-timeout", "The callback server took too long to respond"),
            _ => ("callback-io-error", "A network error ocurred during the callback"),
        };
        (string, string?) last = failure switch
        {
            >= BxmlFailure.FirstStatus => ("callbackStatusCode", failure.ToString(CultureInfo.InvariantCulture)),
            BxmlFailure.TimedOut => ("callbackTimeout", timeout),
            _ => ("", null),
        };
        return new CatapultUserError(call, number, kind, at, code, message, Known([.. details, last]));
    }

    private static ImmutableArray<(string Name, string Value)> Known(ReadOnlySpan<(string Name, string? Value)> details)
    {
        var known = ImmutableArray.CreateBuilder<(string, string)>();
        foreach (var (name, value) in details)
        {
            if (value is not null)
                known.Add((name, value));
        }
        return known.ToImmutable();
    }

    /// <summary>An address as the application gave it: by GET the event follows, its type first.</summary>
    private static string WithoutEvent(string url) =>
        (url.IndexOf("?eventType=", StringComparison.Ordinal), url.IndexOf("&eventType=", StringComparison.Ordinal)) switch
        {
            ( >= 0 and var first, _) => url[..first],
            (_, >= 0 and var next) => url[..next],
            _ => url,
        };

    private static string? Milliseconds(TimeSpan? time) => time is { } known ? ((long)known.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) : null;

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
