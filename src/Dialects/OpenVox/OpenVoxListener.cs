using Microsoft.AspNetCore.Builder;

namespace Switchhook.Dialects.OpenVox;

/// <summary>Wiring for the server.</summary>
public static class OpenVoxListener
{
    /// <summary>The longest body of a request.</summary>
    public const int MaxBodyBytes = Wire.OpenVoxBody.MaxBytes;

    /// <summary>Ends the pipeline of this dialect's own listener.</summary>
    public static void RunOpenVox(this IApplicationBuilder app, OpenVoxApi api) => app.Run(api.HandleAsync);
}
