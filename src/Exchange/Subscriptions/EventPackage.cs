namespace Switchhook.Exchange.Subscriptions;

/// <summary>What can be watched.</summary>
internal enum EventPackage
{
    /// <summary>Messages that wait for an extension (RFC 3842).</summary>
    MessageSummary,

    /// <summary>Calls of an extension (RFC 4235).</summary>
    Dialog,

    /// <summary>Whether an extension can be called (RFC 3856).</summary>
    Presence,
}

/// <summary>The packages as SIP names them.</summary>
internal static class EventPackages
{
    public const string AllowEvents = "message-summary, dialog, presence";

    /// <summary>The body's type.</summary>
    public static string ContentType(this EventPackage package) => package switch
    {
        EventPackage.MessageSummary => "application/simple-message-summary",
        EventPackage.Dialog => "application/dialog-info+xml",
        EventPackage.Presence => "application/pidf+xml",
    };

    /// <summary>The package of that name, or null.</summary>
    public static EventPackage? Find(string type) => type switch
    {
        "message-summary" => EventPackage.MessageSummary,
        "dialog" => EventPackage.Dialog,
        "presence" => EventPackage.Presence,
        _ => null,
    };
}
