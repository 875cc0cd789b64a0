using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.OpenApi;
using Switchhook.Server.Configuration;
using Switchhook.Server.Health;
using Switchhook.Server.Native;

namespace Switchhook.Server.Http;

/// <summary>What <c>Http:Listen</c> serves: native API, its documents, health and metrics. Every failure is a problem document.</summary>
internal sealed class MainSurface(NativePorts ports, Readiness readiness, Metrics metrics, SecuritySettings security)
{
    private static readonly byte[] DocsPage = ReadDocs();

    /// <summary>Dialects that are served here, each below paths of its own; everything they do not take goes on.</summary>
    public IReadOnlyList<Action<IApplicationBuilder>> Dialects { get; init; } = [];

    public static void AddServices(IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Insert(0, NativeJson.Shown));
        services.AddOpenApi("v1", o => o.AddSchemaTransformer(NativeSchemas.CorrectAsync).AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "Switchhook", Version = "v1", Description = "The native API: calls, their hangup records, events." };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes["key"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("key", document)] = [] }];
            document.Servers = [];
            return Task.CompletedTask;
        }));
    }

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "The server is not trimmed.")]
    public void Build(WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = WriteFailureAsync, AllowStatusCode404Response = true });
        app.UseStatusCodePages(c => Problem.OfStatus(c.HttpContext.Response.StatusCode).WriteAsync(c.HttpContext));
        app.Use(RefuseForeignAddressesAsync);
        foreach (var dialect in Dialects)
            dialect(app);
        app.UseWebSockets();
        app.Use(ForgetTypeOfNothing);
        app.UseRouting();
        new NativeApi(ports).Map(app);
        app.MapOpenApi("/openapi/v1.json");
        app.MapGet("/docs", static c => WriteAsync(c, "text/html; charset=utf-8", DocsPage)).ExcludeFromDescription();
        app.MapGet("/", static c =>
        {
            c.Response.Redirect("/docs");
            return Task.CompletedTask;
        }).ExcludeFromDescription();
        app.MapGet("/health/live", Readiness.WriteLiveAsync).ExcludeFromDescription();
        app.MapGet("/health/ready", readiness.WriteReadyAsync).ExcludeFromDescription();
        app.MapGet("/metrics", c => WriteAsync(c, Metrics.ContentType, metrics.Write())).ExcludeFromDescription();
    }

    private Task RefuseForeignAddressesAsync(HttpContext context, RequestDelegate next) =>
        security.Allows(context.Connection.RemoteIpAddress) ? next(context) : Problem.ForbiddenAddress.WriteAsync(context);

    /// <summary>Clients that send no body by <c>-d ''</c> name a type for it all the same.</summary>
    private static Task ForgetTypeOfNothing(HttpContext context, RequestDelegate next)
    {
        if (context.Request.ContentLength == 0)
            context.Request.ContentType = null;
        return next(context);
    }

    private static Task WriteFailureAsync(HttpContext context)
    {
        var status = context.Features.Get<IExceptionHandlerFeature>()?.Error is BadHttpRequestException bad ? bad.StatusCode : 500;
        return Problem.OfStatus(status).WriteAsync(context);
    }

    private static async Task WriteAsync(HttpContext context, string type, byte[] body)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static byte[] ReadDocs()
    {
        using var stream = typeof(MainSurface).Assembly.GetManifestResourceStream("Switchhook.Server.Native.docs.html")!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
