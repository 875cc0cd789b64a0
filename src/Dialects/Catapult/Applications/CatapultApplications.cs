using System.Collections.Immutable;
using System.Globalization;
using Switchhook.Calls.Directory;
using Switchhook.Dialects.Catapult.Wire;

namespace Switchhook.Dialects.Catapult.Applications;

/// <summary>Applications: what is told of calls to their numbers, and whether those are answered at once. They are part of what is provisioned.</summary>
internal static class CatapultApplications
{
    private const string Resource = "application";
    private const int MostOfOneAccount = 1000;
    private const int LongestName = 256;
    private const int LongestTimeout = 10_000;

    public static readonly ImmutableArray<CatapultOperation> Operations =
    [
        new("GET", "applications", ListAsync),
        new("POST", "applications", CreateAsync),
        new("GET", "applications/{applicationId}", ShowAsync),
        new("POST", "applications/{applicationId}", UpdateAsync),
        new("DELETE", "applications/{applicationId}", DeleteAsync),
    ];

    private static ValueTask<CatapultAnswer> ListAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        if (CatapultPage.Read(ask, Resource, out var page) is { } wrong)
            return new(wrong);
        var own = ask.Directory.Provisioning.CatapultApplications.Where(a => ask.IsOwn(a.Account));
        return new(page.Answer(ask, [.. own.Skip((int)Math.Min(page.Skip, int.MaxValue)).Take(page.Size + 1).Select(Show)]));
    }

    private static ValueTask<CatapultAnswer> CreateAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        var fields = new CatapultFields(Resource, ask.Body);
        var made = Read(fields, new CatapultApplication { Id = CatapultId.New(CatapultId.Application), Account = ask.Account.Name }, isNew: true);
        if (fields.Mistake is { } mistake)
            return new(mistake);
        if (ask.Directory.Provisioning.CatapultApplications.Count(a => ask.IsOwn(a.Account)) >= MostOfOneAccount)
            return new(new CatapultError(403, "limit", "application-limit", $"There cannot be more than {MostOfOneAccount} applications"));
        ports.Outside.Changes.Change(p => p with { CatapultApplications = p.CatapultApplications.Add(made) });
        return new(CatapultAnswer.Created(ask.Url($"applications/{made.Id}")));
    }

    private static ValueTask<CatapultAnswer> ShowAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation) =>
        new(Find(ask) is { } found ? CatapultAnswer.Of(Show(found)) : Unknown(ask));

    private static ValueTask<CatapultAnswer> UpdateAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        if (Find(ask) is not { } found)
            return new(Unknown(ask));
        var fields = new CatapultFields(Resource, ask.Body);
        Read(fields, found, isNew: false);
        if (fields.Mistake is { } mistake)
            return new(mistake);
        // Read again over what is there by then: what another request changed meanwhile stays.
        ports.Outside.Changes.Change(p => p with
        {
            CatapultApplications = [.. p.CatapultApplications.Select(a => a.Id == found.Id ? Read(new CatapultFields(Resource, ask.Body), a, isNew: false) : a)],
        });
        return new(CatapultAnswer.Done);
    }

    private static ValueTask<CatapultAnswer> DeleteAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        if (Find(ask) is not { } found)
            return new(Unknown(ask));
        ports.Outside.Changes.Change(p => p with { CatapultApplications = p.CatapultApplications.RemoveAll(a => a.Id == found.Id) });
        return new(CatapultAnswer.Done);
    }

    private static CatapultApplication? Find(CatapultAsk ask) =>
        ask.Directory.CatapultApplication(ask["applicationId"]) is { } found && ask.IsOwn(found.Account) ? found : null;

    private static CatapultError Unknown(CatapultAsk ask) => CatapultError.NotFound(Resource, ask["applicationId"]);

    private static CatapultMembers Show(CatapultApplication application) => new()
    {
        { "id", application.Id },
        { "name", application.Name ?? application.Id },
        { "incomingCallUrl", application.IncomingCallUrl },
        { "incomingCallUrlCallbackTimeout", application.IncomingCallUrlCallbackTimeout },
        { "incomingCallFallbackUrl", application.IncomingCallFallbackUrl },
        { "incomingMessageUrl", application.IncomingMessageUrl },
        { "incomingMessageUrlCallbackTimeout", application.IncomingMessageUrlCallbackTimeout },
        { "incomingMessageFallbackUrl", application.IncomingMessageFallbackUrl },
        { "callbackHttpMethod", application.CallbackHttpMethod },
        { "autoAnswer", application.AutoAnswer },
    };

    /// <summary>The application as the request changes it; what it does not name stays.</summary>
    private static CatapultApplication Read(CatapultFields fields, CatapultApplication before, bool isNew)
    {
        var after = before with
        {
            Name = isNew || fields.Has("name") ? Name(fields) : before.Name,
            IncomingCallUrl = Url(fields, "incomingCallUrl", before.IncomingCallUrl),
            IncomingCallUrlCallbackTimeout = Timeout(fields, "incomingCallUrlCallbackTimeout", "Incoming Call", before.IncomingCallUrlCallbackTimeout),
            IncomingCallFallbackUrl = Fallback(fields, "incomingCallFallbackUrl", "call", before.IncomingCallFallbackUrl),
            IncomingMessageUrl = Url(fields, "incomingMessageUrl", before.IncomingMessageUrl),
            IncomingMessageUrlCallbackTimeout = Timeout(fields, "incomingMessageUrlCallbackTimeout", "Incoming Message", before.IncomingMessageUrlCallbackTimeout),
            IncomingMessageFallbackUrl = Fallback(fields, "incomingMessageFallbackUrl", "message", before.IncomingMessageFallbackUrl),
            CallbackHttpMethod = fields.Word("callbackHttpMethod", "post", "get") ?? before.CallbackHttpMethod,
            AutoAnswer = fields.Truth("autoAnswer") ?? before.AutoAnswer,
        };
        if (after is { IncomingCallUrl: null, IncomingCallFallbackUrl: not null })
            fields.Refuse(CatapultError.Invalid("Your application must have a call callback URL in order to have a fallback URL."));
        if (after is { IncomingCallUrl: null, IncomingMessageUrl: null })
            fields.Refuse(CatapultError.Invalid("Your application must have a least one callback URL."));
        return after;
    }

    private static string Name(CatapultFields fields)
    {
        var name = fields.Needed("name");
        if (name.Length > LongestName)
            fields.Refuse(CatapultError.TooGreat(Resource, "name", LongestName.ToString(CultureInfo.InvariantCulture)));
        if (name.Any(char.IsControl))
            fields.Refuse(CatapultError.BadParameters);
        return name;
    }

    private static string? Url(CatapultFields fields, string name, string? before)
    {
        if (fields.Text(name) is not { } url)
            return before;
        if (url.Length == 0)
            return null;
        if (!CatapultFields.IsUrl(url))
            fields.Refuse(CatapultError.Invalid($"Invalid '{name}' URL. '{url}' is not a valid URL"));
        return url;
    }

    private static string? Fallback(CatapultFields fields, string name, string what, string? before)
    {
        if (fields.Has(name) && string.IsNullOrWhiteSpace(fields.Text(name)))
            fields.Refuse(CatapultError.Invalid($"Your application {what} fallback URL may not be blank/empty."));
        return Url(fields, name, before);
    }

    private static int? Timeout(CatapultFields fields, string name, string what, int? before)
    {
        if (fields.Number(name, int.MinValue, int.MaxValue) is not { } timeout)
            return before;
        if (timeout <= 0)
            fields.Refuse(CatapultError.Invalid($"{what} callback timeout must be greater than 0"));
        if (timeout > LongestTimeout)
            fields.Refuse(CatapultError.Invalid($"{what} callback timeout must not surpass {LongestTimeout}"));
        return timeout;
    }
}
