namespace Switchhook.Sip.Messages;

/// <content>What every message must carry (RFC 3261 §8.1.1), checked once when it is read.</content>
public abstract partial class SipMessage
{
    private TextRange _fromTag;
    private TextRange _toTag;
    private TextRange _branch;
    private bool _mayHaveMoreVias;

    /// <summary>True when the top Via says where an answer goes, whatever else is wrong.</summary>
    private protected bool HasReadableVia { get; private set; }

    /// <summary>True when there are Vias below the top one: in a response, those of others it was meant for (RFC 3261 §8.1.3.3).</summary>
    internal bool HasMoreVias => _mayHaveMoreVias && CountVias() > 1;

    /// <summary>Reads the mandatory headers and names the first that is missing or malformed.</summary>
    internal SipParseError Check(in SipLimits limits)
    {
        var via = CheckVia(limits);
        var from = CheckFrom();
        var to = CheckTo();
        var callId = CheckCallId();
        var cseq = CheckCSeq();
        if (via != SipParseError.None) return via;
        if (from != SipParseError.None) return from;
        if (to != SipParseError.None) return to;
        if (callId != SipParseError.None) return callId;
        if (cseq != SipParseError.None) return cseq;
        if (HasRepeats()) return SipParseError.DuplicateHeader;
        return Has(HeaderName.MaxForwards) && !(TryGetNumber(HeaderName.MaxForwards, out var hops) && hops <= 255)
            ? SipParseError.BadMaxForwards
            : SipParseError.None;
    }

    /// <summary>False when the method named by CSeq cannot belong to this message.</summary>
    private protected virtual bool AgreesWith(CSeq cseq, ReadOnlySpan<byte> method) => true;

    private void ForgetChecks()
    {
        (_fromTag, _toTag, _branch) = (default, default, default);
        (_mayHaveMoreVias, HasReadableVia) = (false, false);
    }

    private SipParseError CheckVia(in SipLimits limits)
    {
        if (!Has(HeaderName.Via)) return SipParseError.MissingVia;
        HasReadableVia = Via.TryReadSender(TopViaValue, out var via, out var isWellFormed);
        _branch = RangeOf(via.Branch);
        if (!isWellFormed) return SipParseError.BadVia;
        var values = 0;
        foreach (var row in Rows(HeaderName.Via)) values += 1 + row.Count((byte)',');
        _mayHaveMoreVias = values > 1;
        return values > limits.MaxVias && CountVias() > limits.MaxVias ? SipParseError.TooManyVias : SipParseError.None;
    }

    private int CountVias()
    {
        var count = 0;
        foreach (var _ in Values(HeaderName.Via)) count++;
        return count;
    }

    private SipParseError CheckFrom()
    {
        if (!TryGet(HeaderName.From, out var value)) return SipParseError.MissingFrom;
        if (!NameAddr.TryParse(value, out var from) || !from.Params.IsWellFormed) return SipParseError.BadFrom;
        _fromTag = RangeOf(from.Tag);
        return SipParseError.None;
    }

    private SipParseError CheckTo()
    {
        if (!TryGet(HeaderName.To, out var value)) return SipParseError.MissingTo;
        if (!NameAddr.TryParse(value, out var to) || !to.Params.IsWellFormed) return SipParseError.BadTo;
        _toTag = RangeOf(to.Tag);
        return SipParseError.None;
    }

    private SipParseError CheckCallId()
    {
        if (!TryGet(HeaderName.CallId, out var value)) return SipParseError.MissingCallId;
        return value.IsEmpty || value.IndexOfAny((byte)' ', (byte)'\t') >= 0 ? SipParseError.BadCallId : SipParseError.None;
    }

    private SipParseError CheckCSeq()
    {
        if (!TryGet(HeaderName.CSeq, out var value)) return SipParseError.MissingCSeq;
        if (!CSeq.TryParse(value, out var cseq, out var method)) return SipParseError.BadCSeq;
        CSeq = cseq;
        return AgreesWith(cseq, method) ? SipParseError.None : SipParseError.CSeqMethodMismatch;
    }

    private bool HasRepeats()
    {
        ulong seen = 0;
        foreach (ref readonly var row in RowTable)
        {
            ulong bit = row.Name switch
            {
                HeaderName.From => 1,
                HeaderName.To => 2,
                HeaderName.CallId => 4,
                HeaderName.CSeq => 8,
                HeaderName.MaxForwards => 16,
                HeaderName.ContentType => 32,
                HeaderName.Expires => 64,
                _ => 0,
            };
            if ((seen & bit) != 0) return true;
            seen |= bit;
        }

        return false;
    }
}
