using System.Net.Security;
using System.Security.Authentication;
using Switchhook.Calls.Ports;
using Switchhook.Webhooks.Transport;

namespace Switchhook.Webhooks;

/// <content>Whether a server could be asked, without asking it anything.</content>
public sealed partial class GuardedHttpCaller
{
    private static readonly TimeSpan ProbeTime = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public async ValueTask<HttpFailure> ProbeAsync(string url, CancellationToken cancellation)
    {
        if (ReadUrl(url, out var read) is { } refused)
            return refused.Failure;
        using var deadline = new CancellationTokenSource(ProbeTime, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            if (read.Scheme == Uri.UriSchemeHttp)
                await _dialer.FindAsync(read.IdnHost, either.Token).ConfigureAwait(false);
            else
                await ShakeHandsAsync(read, either.Token).ConfigureAwait(false);
            return HttpFailure.None;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return HttpFailure.TimedOut;
        }
        catch (DialException e)
        {
            return e.Failure;
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            return HttpFailure.Broken;
        }
    }

    private async ValueTask ShakeHandsAsync(Uri url, CancellationToken cancellation)
    {
        var stream = await _dialer.OpenAsync(url.IdnHost, url.Port, cancellation).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var tls = new SslStream(stream);
            await using (tls.ConfigureAwait(false))
                await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = url.IdnHost }, cancellation).ConfigureAwait(false);
        }
    }
}
