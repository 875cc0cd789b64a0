namespace Switchhook.Sip.Dialogs;

/// <summary>What a user agent says about itself.</summary>
public sealed record SipUserAgentOptions
{
    /// <summary>Value of User-Agent in requests and Server in responses (RFC 3261 §20.35, §20.41); empty to keep silent.</summary>
    public string Product { get; init; } = "";
}
