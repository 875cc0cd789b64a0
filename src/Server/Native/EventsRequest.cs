using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Switchhook.Calls;
using Switchhook.Calls.Ports;
using Switchhook.Server.ProvisioningFiles;

namespace Switchhook.Server.Native;

/// <summary>What a reader of events asks for.</summary>
/// <param name="After">It has seen everything up to this cursor; null when it wants what happens from now on.</param>
internal sealed record EventsRequest(EventFilter Filter, long? After)
{
    private const int LongestCursor = 19;

    /// <summary>Reads the parameters; null, with everything that is wrong, when they cannot be understood.</summary>
    public static EventsRequest? Read(HttpContext context, string? after, string? call, string? events, List<string> mistakes)
    {
        // What a browser that comes back by itself has seen last is newer than the address it was given.
        var last = context.Request.Headers["Last-Event-ID"].ToString();
        var cursor = Cursor(last.Length > 0 ? "Last-Event-ID" : "after", last.Length > 0 ? last : after, mistakes);
        CallId? only = null;
        if (!string.IsNullOrEmpty(call))
        {
            if (CallId.TryParse(call, out var id))
                only = id;
            else
                mistakes.Add($"call: must be the id of a call, not '{call}'");
        }
        var names = Names(events, mistakes);
        return mistakes.Count == 0 ? new EventsRequest(new EventFilter(context.Account().Name, only, names), cursor) : null;
    }

    private static long? Cursor(string name, string? text, List<string> mistakes)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        if (text.Length <= LongestCursor && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var cursor))
            return cursor;
        mistakes.Add($"{name}: must be the cursor of an event, or 0, not '{text}'");
        return null;
    }

    private static FrozenSet<string>? Names(string? text, List<string> mistakes)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        var names = text.Split(',', StringSplitOptions.TrimEntries);
        foreach (var name in names)
        {
            if (Formats.EventName(name) is { } mistake)
                mistakes.Add($"events: {mistake}");
        }
        return names.Contains("*") ? null : names.ToFrozenSet(StringComparer.Ordinal);
    }
}
