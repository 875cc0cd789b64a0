using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Switchhook.Calls;

namespace Switchhook.Dialects.Ozeki.Wire;

/// <summary>
/// Addresses of recordings, as <c>RecordURL</c> tells them: fetched without credentials, since the vendor's applications have none to give
/// there, so that nobody may guess them.
/// </summary>
public static class OzekiRecordings
{
    internal const string Path = "/recordings/";

    private const int SecretLength = 32;

    /// <summary>The address of a file at a server of this dialect.</summary>
    /// <param name="server">Where the dialect is served, such as <c>http://pbx.test:9509</c>.</param>
    /// <param name="key">What addresses are made with; another key makes others of them.</param>
    /// <param name="file">The name of the file.</param>
    public static string Address(string server, ReadOnlySpan<byte> key, string file) => $"{server.TrimEnd('/')}{Path}{Secret(key, file)}/{file}";

    /// <summary>The file of a path, when the path is one that was told.</summary>
    internal static string? FileOf(string path, ReadOnlySpan<byte> key)
    {
        if (!path.StartsWith(Path, StringComparison.Ordinal) || path[Path.Length..].Split('/') is not [{ Length: SecretLength } secret, var file])
            return null;
        return !key.IsEmpty && IsName(file) && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Secret(key, file)), Encoding.UTF8.GetBytes(secret)) ? file : null;
    }

    /// <summary>Sends what was asked for; anything wrong is a bare 404, another method 405.</summary>
    internal static async Task SendAsync(HttpContext context, OzekiOptions options)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "GET, HEAD";
            return;
        }
        if (!options.Admits(context.Connection.RemoteIpAddress) || FileOf(context.Request.Path.Value ?? "", options.RecordingKey.Span) is not { } file
            || options.OpenRecording(file) is not { } recording)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        await using (recording)
        {
            context.Response.ContentType = file.EndsWith(".mp3", StringComparison.Ordinal) ? "audio/mpeg" : "audio/wav";
            context.Response.ContentLength = recording.Length;
            if (HttpMethods.IsGet(context.Request.Method))
                await recording.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
    }

    /// <summary>A call's id, a number and the suffix: nothing that leads anywhere else.</summary>
    private static bool IsName(string file) =>
        (file.EndsWith(".mp3", StringComparison.Ordinal) || file.EndsWith(".wav", StringComparison.Ordinal)) && file[..^4].Split('-') is [var call, var number]
        && CallId.TryParse(call, out _) && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static string Secret(ReadOnlySpan<byte> key, string file) => Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(file)))[..SecretLength];
}
