using System.Net;
using Switchhook.Calls.Ports;
using Switchhook.Webhooks.Transport;

namespace Switchhook.Webhooks;

/// <summary>
/// The one way to customers' servers: http and https only, no ports of other protocols, public addresses only unless allowed, and bounded in size, time, redirects and
/// requests at once. What a server does wrong comes back as a named failure; only the caller's own cancellation throws.
/// </summary>
public sealed partial class GuardedHttpCaller : IHttpCaller, IDisposable
{
    private readonly WebhookOptions _options;
    private readonly TimeProvider _time;
    private readonly SocketsHttpHandler _handler;
    private readonly HttpMessageInvoker _http;
    private readonly SemaphoreSlim _slots;
    private readonly PortPolicy _ports;
    private readonly GuardedDialer _dialer;
    private int _waiting;

    /// <param name="resolve">Finds addresses of names; the system's resolver when null.</param>
    public GuardedHttpCaller(WebhookOptions options, TimeProvider time, NameResolver? resolve = null)
        : this(options, time, resolve ?? Dns.GetHostAddressesAsync, dial: null)
    {
    }

    internal GuardedHttpCaller(WebhookOptions options, TimeProvider time, NameResolver resolve, Dial? dial)
    {
        _options = options;
        _time = time;
        _slots = new SemaphoreSlim(options.MaxConcurrent);
        _ports = new PortPolicy(options.AllowedPorts);
        _dialer = new GuardedDialer(options.AllowPrivateAddresses, resolve, dial);
        _handler = new SocketsHttpHandler
        {
            ConnectCallback = _dialer.OpenAsync,
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,   // a proxy would connect where we cannot check
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = 64,
            MaxResponseDrainSize = 64 * 1024,
            ConnectTimeout = System.Threading.Timeout.InfiniteTimeSpan,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),   // so that a changed name is seen
        };
        _http = new HttpMessageInvoker(_handler);
    }

    /// <inheritdoc/>
    public async ValueTask<HttpReply> SendAsync(HttpCall call, CancellationToken cancellation)
    {
        if (ReadUrl(call.Url, out var url) is { } refused)
            return refused;
        using var deadline = new CancellationTokenSource(call.Timeout ?? _options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        if (!await EnterAsync(either.Token, cancellation).ConfigureAwait(false))
            return Fail(HttpFailure.Busy, "too many requests are under way");
        try
        {
            return await FollowAsync(call, url, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Fail(HttpFailure.TimedOut, $"no complete answer within {(call.Timeout ?? _options.Timeout).TotalSeconds:0.###} s");
        }
        catch (Exception e) when (HttpFailures.TryName(e, out var failure))
        {
            cancellation.ThrowIfCancellationRequested();
            return failure;
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Closes every connection.</summary>
    public void Dispose()
    {
        _http.Dispose();
        _handler.Dispose();
        _slots.Dispose();
    }

    private async ValueTask<bool> EnterAsync(CancellationToken either, CancellationToken caller)
    {
        if (_slots.Wait(0, CancellationToken.None))
            return true;
        if (Interlocked.Increment(ref _waiting) > _options.MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return false;
        }
        try
        {
            await _slots.WaitAsync(either).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!caller.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async ValueTask<HttpReply> FollowAsync(HttpCall call, Uri url, CancellationToken cancellation)
    {
        var hop = new HttpHop(url, call.Method, call.Body, call.Headers);
        for (var redirects = 0; ; redirects++)
        {
            if (!hop.TryMakeRequest(call.ContentType, out var request))
                return Fail(HttpFailure.InvalidUrl, $"the method {hop.Method} or a header cannot be sent");
            using (request)
            {
                using var response = await _http.SendAsync(request, cancellation).ConfigureAwait(false);
                if (!call.FollowRedirects || !HttpHop.IsRedirect(response))
                    return await ReadAsync(response, call.MaxReplyBytes ?? _options.MaxReplyBytes, cancellation).ConfigureAwait(false);
                if (redirects == _options.MaxRedirects)
                    return Fail(HttpFailure.TooManyRedirects, $"more than {_options.MaxRedirects} redirects");

                var target = new Uri(hop.Url, response.Headers.Location!);
                if (Check(target) is { } refused)
                    return refused;
                // What was to travel encrypted does not go on in the clear.
                if (hop.Url.Scheme == Uri.UriSchemeHttps && target.Scheme != Uri.UriSchemeHttps)
                    return Fail(HttpFailure.SchemeNotAllowed, $"redirect from https to {target.Scheme}");
                hop = hop.To(target, (int)response.StatusCode);
            }
        }
    }

    private static async ValueTask<HttpReply> ReadAsync(HttpResponseMessage response, int most, CancellationToken cancellation)
    {
        var status = (int)response.StatusCode;
        if (response.Content.Headers.ContentLength > most)
            return TooLarge(most);
        var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var body = new MemoryStream();
            var buffer = new byte[16 * 1024];
            while (await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false) is > 0 and var read)
            {
                if (body.Length + read > most)
                    return TooLarge(most);
                body.Write(buffer, 0, read);
            }
            var cache = response.Headers.CacheControl;
            return new HttpReply(status, body.GetBuffer().AsMemory(0, (int)body.Length), HttpFailure.None, null)
            {
                ETag = response.Headers.NonValidated.TryGetValues("ETag", out var tags) ? tags.ToString() : null,
                LastModified = response.Content.Headers.NonValidated.TryGetValues("Last-Modified", out var dates) ? dates.ToString() : null,
                FreshFor = cache is { NoCache: false, MaxAge: { } age } ? age : null,
                MayKeep = cache?.NoStore != true,
            };
        }
    }

    private HttpReply? ReadUrl(string text, out Uri url)
    {
        // Without a base, Uri reads "/path" as a file; either way Check refuses it.
        return Uri.TryCreate(text, UriKind.Absolute, out url!) ? Check(url) : Fail(HttpFailure.InvalidUrl, "not an absolute URL");
    }

    private HttpReply? Check(Uri url)
    {
        if (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)
            return Fail(HttpFailure.SchemeNotAllowed, $"{url.Scheme} is neither http nor https");
        if (url.Host.Length == 0)
            return Fail(HttpFailure.InvalidUrl, "the URL has no host");
        return _ports.Allows(url.Port) ? null : Fail(HttpFailure.PortNotAllowed, $"port {url.Port} belongs to another protocol");
    }

    private static HttpReply TooLarge(int most) => Fail(HttpFailure.TooLarge, $"the answer is longer than {most} octets");

    private static HttpReply Fail(HttpFailure failure, string detail) => new(0, default, failure, detail);
}
