using System.Collections.Concurrent;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Hoiio.Operations;
using Switchhook.Dialects.Hoiio.Wire;

namespace Switchhook.Dialects.Hoiio.Checks;

/// <summary>Checks that many operations share. Each gives the status that names the mistake, or null.</summary>
internal sealed class HoiioChecks(IHttpCaller http, IPrompts prompts, HoiioOptions options, TimeProvider time)
{
    private const int LongestTag = 256;
    private const int LongestUrl = 4000;
    private const int MostKept = 1024;
    private static readonly TimeSpan Trusted = TimeSpan.FromMinutes(1);

    /// <summary>Hosts that were found and answered, and when.</summary>
    private readonly ConcurrentDictionary<string, long> _fine = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The tag, and the address notifications go to.</summary>
    public async ValueTask<string?> TagAndUrlAsync(HoiioAsk ask, CancellationToken cancellation) =>
        Tag(ask["tag"]) ?? await UrlAsync(ask["notify_url"], HoiioStatus.NotifyUrl, HoiioStatus.NotifyUrlUnresolved, cancellation);

    public static string? Tag(string? tag) => tag?.Length > LongestTag ? HoiioStatus.TagLength : null;

    /// <summary>An absolute http or https address whose host can be asked.</summary>
    public async ValueTask<string?> UrlAsync(string? text, string invalid, string unresolved, CancellationToken cancellation)
    {
        if (text is null)
            return null;
        if (text.Length > LongestUrl || !Uri.TryCreate(text, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
            return invalid;
        var host = url.GetLeftPart(UriPartial.Authority);
        if (_fine.TryGetValue(host, out var at) && time.GetElapsedTime(at) < Trusted)
            return null;
        var failure = await http.ProbeAsync(text, cancellation);
        if (failure == HttpFailure.None)
        {
            if (_fine.Count >= MostKept)
                _fine.Clear();
            _fine[host] = time.GetTimestamp();
            return null;
        }
        return failure switch
        {
            HttpFailure.NameNotFound => unresolved,
            HttpFailure.Broken or HttpFailure.CannotConnect or HttpFailure.TimedOut => HoiioStatus.NotifyUrlHandshake,
            _ => invalid,
        };
    }

    /// <summary>The message, and that it can be played: files are fetched and texts spoken before anything is answered.</summary>
    public async ValueTask<string?> MessageAsync(string? message, CancellationToken cancellation)
    {
        if (HoiioMessage.Read(message, options, out var source) is { } mistake)
            return mistake;
        foreach (var part in source is AudioSource.Sequence several ? [.. several.Parts] : source is null ? [] : (AudioSource[])[source])
        {
            var fault = await prompts.PrepareAsync(part, HoiioMessage.MostFileOctets, cancellation);
            if (StatusOf(fault) is { } status)
                return status;
        }
        return null;
    }

    private static string? StatusOf(PromptFault fault) => fault switch
    {
        PromptFault.None => null,
        PromptFault.NotFound => HoiioStatus.MsgDownload,
        PromptFault.TooLarge => HoiioStatus.MsgSize,
        PromptFault.BadFormat => HoiioStatus.MsgFormat,
        PromptFault.NotSpoken => HoiioStatus.MsgNotSpoken,
    };
}
