using System.Net;
using System.Net.Sockets;
using System.Text;
using Switchhook.Calls.Ports;
using Switchhook.Webhooks.Transport;

namespace Switchhook.Webhooks.Tests;

/// <summary>Callers set up for tests.</summary>
internal static class Calling
{
    /// <summary>An address of the public internet, for names that are to count as public.</summary>
    public static readonly IPAddress Public = IPAddress.Parse("93.184.216.34");

    /// <summary>May reach loopback servers.</summary>
    public static GuardedHttpCaller Trusting(TimeProvider? time = null, WebhookOptions? options = null) =>
        new((options ?? new WebhookOptions()) with { AllowPrivateAddresses = true }, time ?? TimeProvider.System, NoNames);

    /// <summary>Holds to public addresses; every connection to <see cref="Public"/> ends up at the server on that port.</summary>
    public static GuardedHttpCaller Guarded(NameResolver resolve, int port = 1) =>
        new(new WebhookOptions(), TimeProvider.System, resolve, async (address, cancellation) =>
        {
            Assert.Equal(Public, address.Address);
            var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, cancellation);
            return client.GetStream();
        });

    public static HttpCall Post(string url, string body = "hello") =>
        new() { Url = url, ContentType = "text/plain", Body = Encoding.UTF8.GetBytes(body) };

    public static string Text(this HttpReply reply) => Encoding.UTF8.GetString(reply.Body.Span);

    private static Task<IPAddress[]> NoNames(string host, CancellationToken cancellation) =>
        throw new SocketException((int)SocketError.HostNotFound);
}
