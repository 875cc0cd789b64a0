using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using Switchhook.Server.Configuration;
using Switchhook.Server.Http;

namespace Switchhook.Server.Cli;

/// <summary>Where a demo application is told of its calls: the bodies of the requests it got, in order.</summary>
internal sealed class DemoInbox : IAsyncDisposable
{
    private readonly Channel<string> _bodies = Channel.CreateBounded<string>(1000);
    private HttpSurface? _listener;

    private DemoInbox() { }

    /// <summary>Its address, without a path.</summary>
    public Uri Address => new(_listener!.Addresses[0]);

    /// <summary>Null when there is no port to listen on.</summary>
    public static async Task<DemoInbox?> OpenAsync()
    {
        var inbox = new DemoInbox();
        var listen = new HttpListen(new IPEndPoint(IPAddress.Loopback, 0));
        if (await HttpSurface.StartAsync([listen], 64 * 1024, LoggerFactory.Create(static _ => { }), static _ => { }, app => app.Run(inbox.TakeAsync))
            is not HttpSurfaceStart.Started started)
            return null;
        inbox._listener = started.Surface;
        return inbox;
    }

    /// <summary>What comes, up to and with the first that <paramref name="isLast"/> says is enough.</summary>
    public async IAsyncEnumerable<string> UntilAsync(Func<string, bool> isLast, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var body in _bodies.Reader.ReadAllAsync(cancellation))
        {
            yield return body;
            if (isLast(body))
                yield break;
        }
    }

    public ValueTask DisposeAsync() => _listener?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        await _bodies.Writer.WriteAsync(await reader.ReadToEndAsync(context.RequestAborted), context.RequestAborted);
    }
}
