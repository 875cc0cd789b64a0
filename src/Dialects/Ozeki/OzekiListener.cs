using Microsoft.AspNetCore.Builder;

namespace Switchhook.Dialects.Ozeki;

/// <summary>Wiring for the server.</summary>
public static class OzekiListener
{
    /// <summary>Ends the pipeline of this dialect's own listener.</summary>
    public static void RunOzeki(this IApplicationBuilder app, OzekiApi api) => app.Run(api.HandleAsync);
}
