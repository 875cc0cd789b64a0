using Microsoft.AspNetCore.Builder;

namespace Switchhook.Dialects.Catapult;

/// <summary>Wiring for the server.</summary>
public static class CatapultListener
{
    /// <summary>Takes what is asked for below <c>/v1</c>; everything else goes on.</summary>
    public static void UseCatapult(this IApplicationBuilder app, CatapultApi api) =>
        app.Use((context, next) => context.Request.Path.StartsWithSegments(CatapultApi.Root, StringComparison.Ordinal) ? api.HandleAsync(context) : next(context));
}
