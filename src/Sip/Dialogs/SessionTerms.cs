using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Dialogs;

/// <summary>What both sides have agreed about the life of a session (RFC 4028 §3).</summary>
/// <param name="Interval">How long the session lives without a refresh.</param>
/// <param name="WeRefresh">True when refreshing is up to us.</param>
internal readonly record struct SessionTerms(TimeSpan Interval, bool WeRefresh)
{
    /// <summary>§4: no interval may be shorter.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(90);

    /// <summary>§10: when the session counts as dead: 32 s, or a third of the interval if that is less, before it expires.</summary>
    public TimeSpan End => Interval - (Interval < TimeSpan.FromSeconds(96) ? Interval / 3 : TimeSpan.FromSeconds(32));

    /// <summary>§9: what to answer to a request of the far side; null for a session without a timer.</summary>
    /// <param name="request">The INVITE or UPDATE.</param>
    /// <param name="wish">The interval of our own configuration; null when we ask for none.</param>
    public static SessionTerms? ForAnswer(SipRequest request, TimeSpan? wish)
    {
        var supported = request.Lists(HeaderName.Supported, "timer"u8) || request.Lists(HeaderName.Require, "timer"u8);
        if (!SessionExpires.TryRead(request, out var asked)) return wish is { } ours ? new(Max(ours, MinOf(request)), WeRefresh: true) : null;
        var interval = Max(TimeSpan.FromSeconds(asked.Seconds), Shortest);
        if (wish < interval) interval = Max(wish.Value, MinOf(request));
        return new(interval, WeRefresh: !supported || asked.Refresher == SessionRefresher.Uas);
    }

    /// <summary>§7.2: what a 2xx to a request of ours says; null for a session without a timer.</summary>
    /// <param name="success">The 2xx.</param>
    /// <param name="wish">What we asked for; a far side without timers leaves the refreshing to us. Null when we asked for none.</param>
    public static SessionTerms? FromAnswer(SipResponse success, TimeSpan? wish)
    {
        if (!SessionExpires.TryRead(success, out var agreed)) return wish is { } ours ? new(Max(ours, Shortest), WeRefresh: true) : null;
        return new(Max(TimeSpan.FromSeconds(agreed.Seconds), Shortest), WeRefresh: agreed.Refresher != SessionRefresher.Uas);
    }

    /// <summary>§5: the shortest interval that the path of this message can bear.</summary>
    public static TimeSpan MinOf(SipMessage message) =>
        message.TryGetNumber(HeaderName.MinSE, out var seconds) ? Max(TimeSpan.FromSeconds(seconds), Shortest) : Shortest;

    /// <summary>The rows of our answer (§9).</summary>
    public SipHeaderLine[] AnswerTo(SipRequest request)
    {
        var expires = new SipHeaderLine("Session-Expires", Spell(WeRefresh ? SessionRefresher.Uas : SessionRefresher.Uac));
        return request.Lists(HeaderName.Supported, "timer"u8) ? [expires, new("Require", "timer")] : [expires];
    }

    /// <summary>The value of a request of ours within the session (§7.4: the role changes with the sender).</summary>
    public string ForRequest() => Spell(WeRefresh ? SessionRefresher.Uac : SessionRefresher.Uas);

    private string Spell(SessionRefresher refresher) => new SessionExpires((uint)Interval.TotalSeconds, refresher).ToString();

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
