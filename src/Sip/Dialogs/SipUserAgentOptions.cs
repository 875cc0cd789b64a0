namespace Switchhook.Sip.Dialogs;

/// <summary>What a user agent says about itself.</summary>
public sealed record SipUserAgentOptions
{
    /// <summary>The session interval to use where one is wanted and nothing speaks for another (RFC 4028 §4): half an hour.</summary>
    public static readonly TimeSpan UsualSessionInterval = TimeSpan.FromSeconds(1800);

    /// <summary>Value of User-Agent in requests and Server in responses (RFC 3261 §20.35, §20.41); empty to keep silent.</summary>
    public string Product { get; init; } = "";

    /// <summary>
    /// True when INVITEs with Replaces are honoured (RFC 3891): whoever decides about them asks <see cref="SipUserAgent.FindReplaced(Messages.SipRequest)"/>.
    /// </summary>
    public bool TakesReplaces { get; init; }

    /// <summary>
    /// True when Target-Dialog is honoured (RFC 4538): a REFER outside of the dialog that it names is the session's, as if it had come within. An INVITE
    /// is nobody's but the handler's, whatever it names.
    /// </summary>
    public bool TakesTargetDialog { get; init; }

    /// <summary>True when REGISTERs with Path are taken (RFC 3327): whoever keeps the bindings reads <see cref="Messages.PathVector"/>.</summary>
    public bool TakesPath { get; init; }

    /// <summary>
    /// The session interval we ask for, in calls of either direction (RFC 4028); null asks for none, which is usual. What the far side asks
    /// for is honoured all the same.
    /// </summary>
    public TimeSpan? SessionInterval { get; init; }

    /// <summary>The shortest session interval we bear; a shorter one is answered 422 (RFC 4028 §5). At least 90 s.</summary>
    public TimeSpan MinSessionInterval { get; init; } = SessionTerms.Shortest;
}
