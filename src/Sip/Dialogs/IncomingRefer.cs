using System.Text;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Dialogs;

/// <summary>
/// A REFER of the far side within a session (RFC 3515), or outside of it by one who knows its dialog (RFC 4538): it asks that somebody else be called. Answer with <see cref="Accept"/> or
/// <see cref="Reject"/> within half a minute; what comes of an accepted one is told with <see cref="Notify"/>.
/// </summary>
public sealed class IncomingRefer
{
    /// <summary>How long what comes of it is told, seconds, unless the far side asks for less or anew.</summary>
    internal const uint MostSeconds = 180;

    private readonly SipSession _session;

    private IncomingRefer(SipSession session, IncomingRequest request, string target, ReplacesHeader? replaces)
    {
        _session = session;
        Incoming = request;
        Target = target;
        Replaces = replaces;
    }

    /// <summary>The message as received.</summary>
    public SipRequest Request => Incoming.Request;

    /// <summary>The URI to call, without its headers.</summary>
    public string Target { get; }

    /// <summary>The dialog that the new call is to take the place of (RFC 3891): an attended transfer. Null for a blind one.</summary>
    public ReplacesHeader? Replaces { get; }

    /// <summary>Who refers, as Referred-By says (RFC 3892); null when it says nothing.</summary>
    public string? ReferredBy => Request.GetText(HeaderName.ReferredBy);

    /// <summary>False when the far side does not want to be told what comes of it (RFC 4488).</summary>
    public bool WantsNotify =>
        !Request.TryGet(HeaderName.ReferSub, out var value) || !SipText.EqualsIgnoreCase(WithoutParams(value), "false"u8);

    /// <summary>True once nothing more will be told: refused, the final report answered or given up on, or the session over.</summary>
    public bool IsOver => Server.IsOver;

    internal IncomingRequest Incoming { get; }

    /// <summary>The dialog that a REFER outside of the session's has made, with its NOTIFYs (RFC 3515 §2.4.4); null for one within.</summary>
    internal ReferDialog? Own { get; init; }

    internal ReferServer Server { get; set; } = ReferServer.Start;

    /// <summary>The id of the subscription, for all but the first of a dialog (RFC 3515 §2.4.6).</summary>
    internal uint? EventId { get; init; }

    internal SessionRequest? SentNotify { get; set; }

    /// <summary>How long the subscription was granted for last.</summary>
    internal uint Seconds { get; set; } = MostSeconds;

    /// <summary>Answers 202; the far side is told at once that it is being tried. Does nothing when it is too late.</summary>
    public void Accept() => _session.Dispatch(this, new SessionInput.AcceptRefer(202, WantsNotify));

    /// <summary>Refuses. Does nothing when it is too late.</summary>
    /// <param name="status">300 to 699, usually 603.</param>
    public void Reject(int status) => _session.Dispatch(this, new SessionInput.RejectRefer(status is >= 300 and <= 699 ? status : 603));

    /// <summary>
    /// Tells how the new call fares (RFC 3515 §2.4.4). Reports that come faster than the far side takes them are left out, the final one
    /// never. Does nothing before <see cref="Accept"/>, after the final report, or once the session is over.
    /// </summary>
    /// <param name="status">The status of the new INVITE, 100 to 699.</param>
    /// <param name="final">True when nothing follows.</param>
    public void Notify(int status, bool final) => _session.Dispatch(this, new SessionInput.NotifyRefer(new(Math.Clamp(status, 100, 699), final)));

    /// <summary>Null unless there is exactly one Refer-To, a URI (RFC 3515 §2.4.2).</summary>
    internal static IncomingRefer? TryRead(SipSession session, IncomingRequest request, bool isFirst, ReferDialog? own = null)
    {
        NameAddr address = default;
        var count = 0;
        foreach (var value in request.Request.Values(HeaderName.ReferTo))
        {
            if (count++ > 0 || !NameAddr.TryParse(value, out address)) return null;
        }

        if (count == 0 || !SipUri.TryParse(address.Uri, out var uri)) return null;
        _ = ReplacesHeader.TryRead(uri, out var replaces);
        var question = address.Uri.IndexOf((byte)'?');
        var target = Encoding.UTF8.GetString(question < 0 ? address.Uri : address.Uri[..question]);
        return new(session, request, target, replaces) { EventId = isFirst ? null : request.Request.CSeq.Number, Own = own };
    }

    /// <summary>Whether that Event is its subscription's: by the CSeq of its REFER, which the first of a dialog may leave out (RFC 3515 §2.4.6).</summary>
    internal bool IsNamedBy(EventHeader asked) =>
        asked.Id is null ? EventId is null : asked.Id == Request.CSeq.Number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static ReadOnlySpan<byte> WithoutParams(ReadOnlySpan<byte> value)
    {
        var end = value.IndexOf((byte)';');
        return SipText.Trim(end < 0 ? value : value[..end]);
    }
}

/// <summary>A dialog that a REFER alone has made.</summary>
internal sealed record ReferDialog(SipDialog Dialog, ulong Tag, byte[] Contact);
