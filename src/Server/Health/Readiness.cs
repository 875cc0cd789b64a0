using Switchhook.Server.Native;

namespace Switchhook.Server.Health;

/// <summary>One thing that must work for the server to be ready; answers what is wrong, or null.</summary>
internal sealed record ReadinessCheck(string Name, Func<string?> Problem);

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: it can take calls.</summary>
internal sealed class Readiness(IReadOnlyList<ReadinessCheck> checks)
{
    public static Task WriteLiveAsync(HttpContext context) => WriteAsync(context, new HealthDocument("ok", new Dictionary<string, string>()));

    public Task WriteReadyAsync(HttpContext context)
    {
        var results = checks.ToDictionary(c => c.Name, c => c.Problem() ?? "ok");
        var ready = results.Values.All(r => r == "ok");
        context.Response.StatusCode = ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return WriteAsync(context, new HealthDocument(ready ? "ok" : "not ready", results));
    }

    private static Task WriteAsync(HttpContext context, HealthDocument document) =>
        context.Response.WriteAsJsonAsync(document, NativeJson.Shown.HealthDocument, cancellationToken: context.RequestAborted);
}
