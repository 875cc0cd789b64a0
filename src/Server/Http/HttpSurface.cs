using System.Collections.Immutable;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Switchhook.Server.Configuration;

namespace Switchhook.Server.Http;

/// <summary>What came of starting listeners.</summary>
internal abstract record HttpSurfaceStart
{
    public sealed record Started(HttpSurface Surface) : HttpSurfaceStart;

    public sealed record Failed(string Address, string Message, bool InUse) : HttpSurfaceStart;

    private HttpSurfaceStart() { }
}

/// <summary>One HTTP server of its own: addresses, limits and pipeline shared with no other.</summary>
internal sealed class HttpSurface : IAsyncDisposable
{
    private const int LongestRequestLine = 64 * 1024;
    private readonly WebApplication _app;

    private HttpSurface(WebApplication app) => _app = app;

    /// <summary>The addresses as bound, free ports filled in.</summary>
    public IReadOnlyList<string> Addresses =>
        [.. _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];

    public static async Task<HttpSurfaceStart> StartAsync(
        ImmutableArray<HttpListen> listen, int maxBodyBytes, ILoggerFactory logs, Action<IServiceCollection> services, Action<WebApplication> pipeline)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(HttpSurface).Assembly.GetName().Name });
        builder.WebHost.UseKestrelCore().UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true).ConfigureKestrel(kestrel =>
        {
            Limit(kestrel, maxBodyBytes);
            foreach (var address in listen)
                kestrel.Listen(address.EndPoint, o => o.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddSingleton(logs);
        builder.Services.AddSingleton<IHostLifetime, OwnersLifetime>();
        builder.Services.AddRoutingCore();
        services(builder.Services);
        var app = builder.Build();
        pipeline(app);
        try
        {
            await app.StartAsync();
            return new HttpSurfaceStart.Started(new HttpSurface(app));
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            await app.DisposeAsync();
            return new HttpSurfaceStart.Failed(AddressIn(e.Message, listen), e.Message, InUse: true);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or UnauthorizedAccessException)
        {
            await app.DisposeAsync();
            return new HttpSurfaceStart.Failed(AddressIn(e.Message, listen), e.Message, InUse: false);
        }
    }

    /// <summary>Takes no more requests and ends the ones under way within a moment.</summary>
    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
    }

    private static void Limit(KestrelServerOptions kestrel, int maxBodyBytes)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        kestrel.Limits.MaxRequestBodySize = maxBodyBytes;
        kestrel.Limits.MaxRequestLineSize = LongestRequestLine;
        kestrel.Limits.MaxRequestBufferSize = LongestRequestLine * 2;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.MaxRequestHeaderCount = 64;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(120);
        kestrel.Limits.MaxConcurrentConnections = 4096;
    }

    /// <summary>The server decides when its listeners stop; they do not listen for signals of their own.</summary>
    private sealed class OwnersLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private static string AddressIn(string message, ImmutableArray<HttpListen> listen) =>
        listen.Select(l => l.ToString()).FirstOrDefault(a => message.Contains(a, StringComparison.Ordinal)) ?? string.Join(", ", listen);
}
