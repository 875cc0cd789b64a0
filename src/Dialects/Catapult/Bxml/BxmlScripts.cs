using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Catapult.Applications;
using Switchhook.Dialects.Catapult.Calls;
using Switchhook.Dialects.Catapult.Media;
using Switchhook.Ivr;

namespace Switchhook.Dialects.Catapult.Bxml;

/// <summary>
/// Documents of applications. A call that came in is told first, then answered, and what answers the event of that is its document; later
/// ones answer what was gathered, and redirections. An address that fails, or sends what cannot be read, has the call's fallback asked in its place.
/// </summary>
/// <param name="http">Asks the applications.</param>
/// <param name="directory">What is provisioned.</param>
/// <param name="time">The clock.</param>
/// <param name="options">What an operator has set.</param>
/// <param name="media">Files that accounts have uploaded; null where there are none.</param>
/// <param name="recordings">Recordings; null where there are none.</param>
public sealed class BxmlScripts(
    IHttpCaller http, IDirectory directory, TimeProvider time, CatapultOptions options, IMediaStore? media = null, IRecordingShelf? recordings = null) : IScriptSource
{
    /// <summary>The step between an incoming call that was told and its document.</summary>
    internal const string AnswerStep = "answer";

    /// <summary>How long an address has that a verb names, where the verb does not say.</summary>
    internal static readonly TimeSpan VerbReplyTime = TimeSpan.FromSeconds(30);

    private readonly CatapultKept? _kept = media is not null && recordings is not null ? new(media, recordings) : null;
    private readonly BxmlEvents _events = new(options, time);

    /// <summary>True for a document with a verb that only this dialect has.</summary>
    public static bool Knows(ReadOnlyMemory<byte> document) => Bxml.IsOne(document);

    /// <summary>True for a call that documents steer.</summary>
    internal static bool Steers(Call call) => call.Plan is
        CallPlan.Scripted { Script.Dialect: CatapultWords.Dialect } or CallPlan.Originated { Then: OnAnswer.RunScript { Script.Dialect: CatapultWords.Dialect } };

    /// <inheritdoc/>
    public string Dialect => CatapultWords.Dialect;

    /// <inheritdoc/>
    // The longest a verb may ask for, twice.
    public TimeSpan Patience => TimeSpan.FromMinutes(2);

    /// <inheritdoc/>
    public async ValueTask<ScriptFetch> FetchAsync(ScriptRequest request, CancellationToken cancellation) =>
        Unheard(request, await FetchFirstAsync(request, cancellation));

    private async ValueTask<ScriptFetch> FetchFirstAsync(ScriptRequest request, CancellationToken cancellation)
    {
        if (BxmlCall.Of(request.Call, directory.Current) is not { } call)
            return new ScriptFetch.Failed(0, "the call belongs to no account of this dialect");
        if (request.Script.Document is { } document)
            return Read(System.Text.Encoding.UTF8.GetBytes(document), null, request, call);
        if (BxmlRequest.Resolve(request.Script.Url ?? "", request.Base) is not { } url)
            return new ScriptFetch.Failed(0, $"'{request.Script.Url}' is not an http address");
        var first = await AskAsync(url, request, call, cancellation);
        if (first is ScriptFetch.Loaded || call.FallbackUrl is not { } fallback)
            return first;
        var second = await AskAsync(fallback, request, call, cancellation);
        return second is ScriptFetch.Failed failed ? BxmlFailure.Both((ScriptFetch.Failed)first, failed) : second;
    }

    /// <summary>A call that is not answered yet goes to the fallback of the number that was called; without one, nobody is there.</summary>
    private ScriptFetch Unheard(ScriptRequest request, ScriptFetch fetch) => fetch is ScriptFetch.Failed failed && request.Occasion == ScriptOccasion.IncomingCall
        ? failed with { Cause = CatapultIncoming.NobodyThere, Instead = directory.Current.Number(request.Call.Dialed)?.FallbackNumber }
        : fetch;

    /// <inheritdoc/>
    public Notification? Tell(ScriptRequest request, int number)
    {
        if (BxmlCall.Of(request.Call, directory.Current) is not { } call || BxmlRequest.Resolve(request.Script.Url ?? "", request.Base) is not { } url)
            return null;
        var members = _events.Of(call, request);
        var patience = ReplyTime(request, call);
        return new Notification($"{request.Call.Id}.bxml.{number}", request.Call.Id, Dialect, BxmlRequest.Get(url, members, patience, request.Call.Id), Terminal: false)
        {
            Account = request.Call.Origin.Account ?? request.Call.Accounts.FirstOrDefault(),
            Policy = call.FallbackUrl is { } fallback
                ? new DeliveryPolicy.Fallback(BxmlRequest.Get(fallback, members, patience, request.Call.Id).Url, patience)
                : DeliveryPolicy.Once.Instance,
        };
    }

    private async ValueTask<ScriptFetch> AskAsync(string url, ScriptRequest request, BxmlCall call, CancellationToken cancellation)
    {
        var patience = ReplyTime(request, call);
        var reply = await http.SendAsync(BxmlRequest.Get(url, _events.Of(call, request), patience, request.Call.Id), cancellation);
        if (!reply.Succeeded)
            return BxmlFailure.At(url, BxmlFailure.Of(reply), BxmlFailure.Words(reply, patience));
        return Read(reply.Body, url, request, call);
    }

    private ScriptFetch Read(ReadOnlyMemory<byte> body, string? url, ScriptRequest request, BxmlCall call)
    {
        // A plain answer is all an incoming call needs: the document answers the event of its being answered.
        if (request.Occasion == ScriptOccasion.IncomingCall && url is not null)
            return new ScriptFetch.Loaded(new Script([new Verb.GoTo(url, 0) { Name = AnswerStep }], url));
        if (Bxml.IsBlank(body))
            return new ScriptFetch.Loaded(new Script([Without(request)], url));
        var account = request.Call.Origin.Account ?? request.Call.Accounts.FirstOrDefault();
        var context = new BxmlContext(directory.Current, account, call.From)
        {
            CallbackUrl = call.CallbackUrl ?? url,
            Diverted = (treatment, reason) => request.Call.FindLeg(request.Call.Near) is { } leg
                ? CatapultDiversion.For(new CatapultCall(request.Call, leg), treatment, reason, new Uri(options.Server()).Host) : [],
            FileOf = address => account is null ? address : _kept?.Playable(account, call.User, address) ?? address,
        };
        var reading = Bxml.Read(body, context);
        return reading.Error is { } mistake
            ? BxmlFailure.At(url ?? "the document", BxmlFailure.Document, mistake)
            : new ScriptFetch.Loaded(new Script(reading.Verbs, url) { Errors = BxmlErrors.Instance });
    }

    /// <summary>No document: a call that was just answered is steered otherwise; one that had a document has no more to do.</summary>
    private static Verb Without(ScriptRequest request) =>
        request.Occasion is ScriptOccasion.CallConnected || request.Verb is { Name: AnswerStep }
            ? new Verb.Leave(0)
            : new Verb.Delay(Bxml.Linger, 0) { Name = "end of the document" };

    private static TimeSpan ReplyTime(ScriptRequest request, BxmlCall call) =>
        request.Verb is null or { Name: AnswerStep } ? call.CallbackTime : request.Verb.ReplyTime ?? VerbReplyTime;
}
