using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Catapult.Recordings;
using Switchhook.Dialects.Catapult.Wire;

namespace Switchhook.Dialects.Catapult.Media;

/// <summary>The lines of the resource map about files: uploads, and recordings under the names they have there.</summary>
internal static class CatapultMedia
{
    private const string Resource = "media";
    private const string Binary = "application/octet-stream";
    private const int LongestLabel = 256;
    private const int MostRecordings = 1_000;

    public static readonly ImmutableArray<CatapultOperation> Operations =
    [
        new("GET", "media", ListAsync),
        new("PUT", "media/{mediaName}", PutAsync) { ReadsBody = false },
        new("GET", "media/{mediaName}", GetAsync),
        new("DELETE", "media/{mediaName}", DeleteAsync) { ReadsBody = false },
    ];

    private static async ValueTask<CatapultAnswer> ListAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        List<CatapultMembers> found = [.. ports.Kept.Media.List(ask.Account.Name).Select(m => Show(ask, m.Name, m.Length))];
        var left = MostRecordings;
        await foreach (var recording in CatapultRecordings.OfAccountAsync(ask, ports, cancellation))
        {
            if (left-- == 0)
                break;
            found.AddRange(recording.Formats.Select(format => Show(ask, CatapultKept.NameOf(recording, format), recording.Octets[format])));
        }
        return CatapultAnswer.Of(found);
    }

    private static async ValueTask<CatapultAnswer> PutAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        var (name, request) = (NameOf(ask), ask.Context.Request);
        if (request.ContentLength is not { } length)
            return CatapultError.Invalid("The media size must be specified by the 'Content-Length' header");
        var most = ports.Kept.Media.MostOctets;
        if (length > most)
            return TooLarge(length, most);
        var label = new MediaLabel(Label(request.ContentType), Label(request.Headers.CacheControl.ToString()));
        // The server's own limit is meant for documents.
        if (ask.Context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = most;
        return await ports.Kept.Media.StoreAsync(ask.Account.Name, name, request.Body, length, label, cancellation) switch
        {
            MediaStoring.Stored => CatapultAnswer.Done,
            MediaStoring.BadName or MediaStoring.WrongLength => CatapultError.BadParameters,
            MediaStoring.TooLarge => TooLarge(length, most),
            MediaStoring.Failed => CatapultError.UnavailableOf("media-unavailable", $"The media '{name}' could not be stored"),
        };
    }

    private static ValueTask<CatapultAnswer> GetAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        var (name, account) = (NameOf(ask), ask.Account.Name);
        if (ports.Kept.Media.Find(account, name) is { } stored && ports.Kept.Media.Open(account, name) is { } file)
            return new(Send(file, stored.Label.ContentType ?? Binary, stored.Label.CacheControl));
        if (ports.Kept.FindRecording(account, name) is { } found && ports.Kept.Shelf.Open(found.Recording.Call, found.Recording.Number, found.Format) is { } audio)
            return new(Send(audio, found.Format == "mp3" ? "audio/mpeg" : "audio/wav", null));
        return new(CatapultError.NotFound(Resource, name));
    }

    private static ValueTask<CatapultAnswer> DeleteAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        var (name, account) = (NameOf(ask), ask.Account.Name);
        var deleted = ports.Kept.Media.Delete(account, name)
            || (ports.Kept.FindRecording(account, name) is { Recording: var recording } found
                && CatapultRecordings.StateOf(recording, ports) == CatapultRecordings.Complete && ports.Kept.Shelf.Delete(recording.Call, recording.Number, found.Format));
        return new(deleted ? CatapultAnswer.Done : CatapultError.NotFound(Resource, name));
    }

    /// <summary>The name of the path. An escaped slash comes as it was sent, and is one all the same.</summary>
    private static string NameOf(CatapultAsk ask) => ask["mediaName"].Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    private static CatapultAnswer Send(Stream file, string contentType, string? cacheControl) => new(StatusCodes.Status200OK)
    {
        File = async context =>
        {
            await using (file)
            {
                var response = context.Response;
                response.ContentType = contentType;
                response.ContentLength = file.Length;
                if (cacheControl is not null)
                    response.Headers.CacheControl = cacheControl;
                // What an account uploads is its own business, and no page of this server's.
                response.Headers.XContentTypeOptions = "nosniff";
                response.Headers.ContentSecurityPolicy = "sandbox";
                await file.CopyToAsync(response.Body, context.RequestAborted);
            }
        },
    };

    private static CatapultMembers Show(CatapultAsk ask, string name, long length) => new()
    {
        { "mediaName", name },
        { "contentLength", length },
        { "content", ask.Url($"media/{Uri.EscapeDataString(name)}") },
    };

    private static CatapultError TooLarge(long length, long most) => CatapultError.ForbiddenOf(
        "media-size-overflow", string.Create(CultureInfo.InvariantCulture, $"The media size '{length}' bytes is larger than the maximum '{most}' bytes"));

    /// <summary>A header as it is kept and sent again; one that cannot be is left out.</summary>
    private static string? Label(string? value) => value is { Length: > 0 and <= LongestLabel } && value.All(static c => c is >= ' ' and <= '~') ? value : null;
}
