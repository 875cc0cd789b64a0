using System.Net;
using System.Net.Sockets;
using Switchhook.Calls.Ports;

namespace Switchhook.Webhooks.Transport;

/// <summary>Finds the addresses of a host name.</summary>
/// <exception cref="SocketException">The name has none, or nobody could be asked.</exception>
public delegate Task<IPAddress[]> NameResolver(string host, CancellationToken cancellation);

/// <summary>Opens a connection to an address that was already checked.</summary>
internal delegate ValueTask<Stream> Dial(IPEndPoint address, CancellationToken cancellation);

/// <summary>
/// Opens connections for the HTTP handler. The name is resolved once, every address it has is checked, and the connection goes to one of
/// exactly those addresses, so that a name cannot change its meaning between the check and the use.
/// </summary>
internal sealed class GuardedDialer(bool allowPrivateAddresses, NameResolver resolve, Dial? dial = null)
{
    private readonly Dial _dial = dial ?? ConnectAsync;

    /// <summary>The handler's connect callback, which can refuse only by throwing.</summary>
    public ValueTask<Stream> OpenAsync(SocketsHttpConnectionContext context, CancellationToken cancellation) =>
        OpenAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellation);

    /// <summary>A connection to a host; refuses by throwing, as above.</summary>
    public async ValueTask<Stream> OpenAsync(string host, int port, CancellationToken cancellation)
    {
        var addresses = await FindAsync(host, cancellation).ConfigureAwait(false);
        SocketException? last = null;
        foreach (var address in addresses)
        {
            try
            {
                return await _dial(new IPEndPoint(address, port), cancellation).ConfigureAwait(false);
            }
            catch (SocketException e)
            {
                last = e;
            }
        }
        throw new DialException(HttpFailure.CannotConnect, $"{host}:{port}: {last!.Message}");
    }

    /// <summary>The addresses of a host, all of them allowed; refuses by throwing, as above.</summary>
    public async ValueTask<IPAddress[]> FindAsync(string host, CancellationToken cancellation)
    {
        var addresses = await ResolveAsync(host, cancellation).ConfigureAwait(false);
        // One forbidden address condemns the name: a mix of public and private ones is how rebinding looks.
        foreach (var address in addresses)
        {
            if (!AddressPolicy.IsEverAllowed(address))
                throw new DialException(HttpFailure.AddressNotAllowed, $"{host} is {address}, which is never called");
            if (!allowPrivateAddresses && !AddressPolicy.IsPublic(address))
                throw new DialException(HttpFailure.AddressNotAllowed, $"{host} is {address}, which is not a public address");
        }
        return addresses;
    }

    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation)
    {
        if (IPAddress.TryParse(host, out var literal))
            return [literal];
        IPAddress[] found;
        try
        {
            found = await resolve(host, cancellation).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            throw new DialException(HttpFailure.NameNotFound, $"{host}: {e.Message}");
        }
        return found.Length > 0 ? found : throw new DialException(HttpFailure.NameNotFound, $"{host} has no address");
    }

    private static async ValueTask<Stream> ConnectAsync(IPEndPoint address, CancellationToken cancellation)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>Carries a named failure out of the connect callback.</summary>
internal sealed class DialException(HttpFailure failure, string message) : IOException(message)
{
    public HttpFailure Failure { get; } = failure;
}
