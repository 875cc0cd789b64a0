using Switchhook.Calls.Ports;

namespace Switchhook.Server.Tests.Speech;

/// <summary>Nobody who could be asked.</summary>
internal sealed class NoHttp : IHttpCaller
{
    public static readonly NoHttp Instance = new();

    public ValueTask<HttpReply> SendAsync(HttpCall call, CancellationToken cancellation) => throw new InvalidOperationException("Nobody is to be asked here.");
}
