using System.Globalization;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;

namespace Switchhook.Sip.Dialogs;

/// <summary>Session timers (RFC 4028).</summary>
public sealed partial class SipSession
{
    private const int ExpiryTimer = 2;

    // As many hops may find the interval too brief, each with a longer one.
    private const int MostWidenings = 4;

    private SessionTimer _expiry = SessionTimer.Start;
    private TimerHandle _expiryTimer;
    private TimeSpan? _wish;
    private TimeSpan _minInterval = SessionTerms.Shortest;
    private bool _takesUpdate;
    private int _widened;
    private ReadOnlyMemory<byte> _localSdp;

    /// <summary>How long the session lives without a refresh (RFC 4028 §3); null when no such time is agreed.</summary>
    public TimeSpan? ExpiryInterval => Terms?.Interval;

    /// <summary>True when the refreshing is agreed to be ours.</summary>
    public bool WeRefresh => Terms is { WeRefresh: true };

    private SessionTerms? Terms => (_expiry.State as SessionTimerState.Running)?.Terms;

    /// <summary>A 2xx of ours, which says what becomes of the session timer.</summary>
    private SipResponse BuildSuccess(IncomingRequest request, ReadOnlySpan<byte> sdp, ReadOnlySpan<SipHeaderLine> headers)
    {
        var terms = SessionTerms.ForAnswer(request.Request, _wish);
        var success = BuildAnswer(request, 200, sdp, terms is { } agreed ? [.. headers, .. agreed.AnswerTo(request.Request)] : headers);
        if (!sdp.IsEmpty) _localSdp = success.Description;
        Agree(terms, request.Request);
        return success;
    }

    /// <summary>A 2xx to an INVITE or UPDATE of ours.</summary>
    private void OnSuccess(SipRequest request, SipResponse success)
    {
        if (!request.Description.IsEmpty) _localSdp = request.Description;
        Agree(SessionTerms.FromAnswer(success, _wish), success);
    }

    private void Agree(SessionTerms? terms, SipMessage message)
    {
        if (message.Has(HeaderName.Allow)) _takesUpdate = message.Lists(HeaderName.Allow, "UPDATE"u8);
        DispatchExpiry(new SessionInput.TermsAgreed(terms));
    }

    /// <summary>What an INVITE or UPDATE of ours inside the session says about its timer (§7.4).</summary>
    private SipHeaderLine[] RefreshRows()
    {
        var value = Terms?.ForRequest() ?? SpellWish();
        if (value is null) return [];
        return _minInterval > SessionTerms.Shortest
            ? [new("Session-Expires", value), new("Min-SE", Spell(_minInterval))]
            : [new("Session-Expires", value)];
    }

    private string? SpellWish() => _wish is { } wish ? Spell(wish) : null;

    /// <summary>§7.3: after a 422 the request is repeated with an interval that the path can bear. False when that was not the matter.</summary>
    private bool TryWiden(SipResponse refusal)
    {
        var least = SessionTerms.MinOf(refusal);
        if (refusal.Status != 422 || least <= _minInterval || _widened == MostWidenings) return false;
        _widened++;
        _minInterval = least;
        if (Terms is { } terms && terms.Interval < least) DispatchExpiry(new SessionInput.TermsAgreed(terms with { Interval = least }));
        if (_wish < least) _wish = least;
        return true;
    }

    private void DispatchExpiry(SessionInput input)
    {
        // Most sessions have no timer and need none stopped.
        if (_expiry.State is SessionTimerState.Off && input is not SessionInput.TermsAgreed { Terms: not null }) return;
        var step = _expiry.On(input);
        _expiry = step.Next;
        if (step.Ignored) _agent.CountIgnored();
        foreach (var effect in step.Effects)
        {
            switch (effect)
            {
                case SessionEffect.StartSessionTimer e: _agent.Restart(ref _expiryTimer, e.After, this, ExpiryTimer); break;
                case SessionEffect.StopSessionTimer: _agent.Cancel(ref _expiryTimer); break;
                case SessionEffect.Refresh: SendRefresh(); break;
                case SessionEffect.Expire: Dispatch(SessionInput.SessionExpired.It); break;
                default: break;
            }
        }
    }

    /// <summary>§7.4: by UPDATE where the far side takes it; otherwise by a re-INVITE that offers what it has. Busy now: the next tick tries again.</summary>
    private void SendRefresh()
    {
        if (_takesUpdate || _localSdp.IsEmpty) _ = Update([]);
        else _ = Reoffer(_localSdp.Span);
    }

    private static string Spell(TimeSpan interval) => ((long)interval.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
