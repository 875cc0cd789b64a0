using Switchhook.Calls;
using Switchhook.Dialects.Catapult.Wire;

namespace Switchhook.Dialects.Catapult.Accounts;

/// <summary>
/// GET errors and one of them: callbacks that reached neither their address nor the fallback, documents that could not be fetched or used, calls
/// to numbers nobody takes calls for. The newest thousand.
/// </summary>
internal static class CatapultErrors
{
    private const string Resource = "user-error";
    private const int Most = 1_000;

    public static async ValueTask<CatapultAnswer> ListAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        if (CatapultPage.Read(ask, "error", out var page) is { } wrong)
            return wrong;
        // Each source has its own newest first: no more of any than the page reaches to, and one that says there is a next.
        var reach = (int)Math.Min(page.Skip + page.Size + 1, Most);
        var found = await NewestAsync(ask, ports, null, reach, cancellation);
        return page.Answer(ask, [.. found.Take(reach).Skip((int)Math.Min(page.Skip, Most)).Select(static e => e.Show())]);
    }

    public static async ValueTask<CatapultAnswer> ShowAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        var id = ask["errorId"];
        if (CatapultId.TryParse(CatapultId.Error, id, out var at)
            && (await NewestAsync(ask, ports, at.Call, Most, cancellation)).FirstOrDefault(e => e.Id == id) is { } found)
            return CatapultAnswer.Of(found.Show());
        return CatapultError.NotFound(Resource, id);
    }

    /// <summary>At least the newest so many, in order; of one call, or of all.</summary>
    private static async ValueTask<IEnumerable<CatapultUserError>> NewestAsync(
        CatapultAsk ask, CatapultPorts ports, CallId? call, int most, CancellationToken cancellation)
    {
        List<CatapultUserError> all =
        [
            .. await CatapultErrorSources.CallbacksAsync(ask, ports, call, most, cancellation),
            .. await CatapultErrorSources.DocumentsAsync(ask, ports, call, most, cancellation),
            .. await CatapultErrorSources.RefusalsAsync(ask, ports, call, most, cancellation),
        ];
        return all.OrderByDescending(static e => e.At).ThenByDescending(static e => e.Call).ThenByDescending(static e => e.Number).ThenBy(static e => e.Kind);
    }
}
