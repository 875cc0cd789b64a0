using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Switchhook.Calls.Ports;
using Switchhook.Webhooks.Transport;

namespace Switchhook.Webhooks;

/// <summary>Gives the exceptions of the HTTP handler their names.</summary>
internal static class HttpFailures
{
    /// <summary>False for an exception that no server can cause, which is a bug of ours.</summary>
    public static bool TryName(Exception exception, [NotNullWhen(true)] out HttpReply? reply)
    {
        reply = null;
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is DialException dial)
            {
                reply = new HttpReply(0, default, dial.Failure, dial.Message);
                return true;
            }
        }
        HttpFailure? failure = exception switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => HttpFailure.NameNotFound,
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError } =>
                HttpFailure.CannotConnect,
            HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => HttpFailure.TooLarge,
            HttpRequestException or IOException or SocketException => HttpFailure.Broken,
            UriFormatException => HttpFailure.InvalidUrl,   // a Location that is no URL
            _ => null,
        };
        if (failure is { } named)
            reply = new HttpReply(0, default, named, exception.InnerException?.Message ?? exception.Message);
        return reply is not null;
    }
}
