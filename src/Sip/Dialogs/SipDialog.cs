using System.Text;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Dialogs;

/// <summary>
/// A dialog (RFC 3261 §12): the pieces of bytes that every request inside it repeats, cut once from the messages that made it.
/// </summary>
internal sealed class SipDialog
{
    // Numbers a crash may have used after the snapshot was taken; a gap is legal (§12.2.1.1).
    private const uint ResumeGap = 1_000;

    private readonly byte[] _callId;
    private readonly byte[] _localAddress;
    private readonly byte[] _remoteAddress;
    private readonly bool _stayOnFlow;
    private byte[][] _routes;
    private bool _strictRoute;
    private byte[] _target;
    private uint _remoteCSeq;
    private bool _hasRemoteCSeq;

    private SipDialog(
        byte[] callId, byte[] localAddress, byte[] remoteAddress, byte[] remoteTag, byte[] target, byte[][] routes, in SipFlow flow, bool stay)
    {
        _callId = callId;
        _localAddress = localAddress;
        _remoteAddress = remoteAddress;
        RemoteTag = remoteTag;
        _target = target;
        _routes = routes;
        _strictRoute = routes.Length > 0 && !IsLoose(routes[0]);
        _stayOnFlow = stay;
        Flow = stay ? flow : NextHop.Resolve(FirstHop(), flow);
    }

    /// <summary>The far side's tag; empty for one that sends none (RFC 2543).</summary>
    public byte[] RemoteTag { get; }

    /// <summary>Where requests of the dialog go.</summary>
    public SipFlow Flow { get; private set; }

    /// <summary>UPDATE in this dialog.</summary>
    public DialogUpdate Update { get; set; } = DialogUpdate.Start;

    /// <summary>Our last UPDATE.</summary>
    public SessionRequest? SentUpdate { get; set; }

    /// <summary>True once offer and answer of an early dialog are complete: by a reliable provisional response (RFC 3262 §5).</summary>
    public bool IsAgreed { get; set; }

    /// <summary>Our address without the tag, as Referred-By wants it (RFC 3892 §3).</summary>
    public string LocalAddress => WithoutTag(_localAddress);

    /// <summary>The last CSeq number we used.</summary>
    public uint LocalCSeq { get; private set; }

    /// <summary>The caller's dialog out of the far side's response (§12.1.2).</summary>
    public static SipDialog FromResponse(SipRequest invite, SipResponse response, in SipFlow flow, bool stay) =>
        new(
            invite.CallId.ToArray(), invite.Get(HeaderName.From).ToArray(), response.Get(HeaderName.To).ToArray(), response.ToTag.ToArray(),
            ContactOf(response) is { Length: > 0 } target ? target : invite.RequestUri.ToArray(),
            RoutesOf(response, reverse: true), flow, stay)
        { LocalCSeq = invite.CSeq.Number };

    /// <summary>The caller's dialog out of a 2xx alone, the INVITE being forgotten; null when it does not say where requests go.</summary>
    public static SipDialog? FromStray(SipResponse success, in SipFlow flow) =>
        ContactOf(success) is { Length: > 0 } target && success.ToTag.Length > 0 && success.CallId.Length > 0
            ? new(success.CallId.ToArray(), success.Get(HeaderName.From).ToArray(), success.Get(HeaderName.To).ToArray(), success.ToTag.ToArray(),
                target, RoutesOf(success, reverse: true), flow, stay: true)
            { LocalCSeq = success.CSeq.Number }
            : null;

    /// <summary>The 2xx makes an early dialog a confirmed one: its route set and target count from now on (§13.2.2.4).</summary>
    public void Confirm(SipResponse success, in SipFlow inviteFlow)
    {
        _routes = RoutesOf(success, reverse: true);
        _strictRoute = _routes.Length > 0 && !IsLoose(_routes[0]);
        if (ContactOf(success) is { Length: > 0 } target) _target = target;
        Flow = _stayOnFlow ? inviteFlow : NextHop.Resolve(FirstHop(), inviteFlow);
    }

    /// <summary>The callee's dialog out of the far side's INVITE (§12.1.1).</summary>
    public static SipDialog FromRequest(SipRequest invite, ReadOnlySpan<byte> localTag, in SipFlow flow) =>
        new(
            invite.CallId.ToArray(), [.. invite.Get(HeaderName.To), .. ";tag="u8, .. localTag], invite.Get(HeaderName.From).ToArray(),
            invite.FromTag.ToArray(), ContactOf(invite) is { Length: > 0 } target ? target : invite.From.Uri.ToArray(),
            RoutesOf(invite, reverse: false), flow, NextHop.IsTranslated(invite, flow))
        { _remoteCSeq = invite.CSeq.Number, _hasRemoteCSeq = true };

    /// <summary>A dialog known from before.</summary>
    public static SipDialog FromSnapshot(DialogSnapshot snapshot) =>
        new(
            Bytes(snapshot.CallId), Bytes(snapshot.LocalAddress + ";tag=" + snapshot.LocalTag),
            Bytes(snapshot.RemoteTag.Length == 0 ? snapshot.RemoteAddress : snapshot.RemoteAddress + ";tag=" + snapshot.RemoteTag),
            Bytes(snapshot.RemoteTag), Bytes(snapshot.RemoteTarget), [.. snapshot.Routes.Select(Bytes)], snapshot.Flow, stay: true)
        { LocalCSeq = snapshot.LocalCSeq + ResumeGap, _remoteCSeq = snapshot.RemoteCSeq ?? 0, _hasRemoteCSeq = snapshot.RemoteCSeq is not null };

    /// <summary>Everything another process needs to go on.</summary>
    public DialogSnapshot Snapshot(string localTag, string contact) => new(
        Text(_callId), localTag, Text(RemoteTag), WithoutTag(_localAddress), WithoutTag(_remoteAddress), Text(_target),
        [.. _routes.Select(Text)], LocalCSeq, _hasRemoteCSeq ? _remoteCSeq : null, contact, Flow);

    /// <summary>The number for the next request of ours (§12.2.1.1).</summary>
    public uint NextCSeq() => ++LocalCSeq;

    /// <summary>Whether the request comes from this dialog's far side (§12.2.2).</summary>
    public bool IsFrom(SipRequest request) => request.FromTag.SequenceEqual(RemoteTag);

    /// <summary>Notes the number of a request of the far side; false when it is lower than one seen before (§12.2.2).</summary>
    public bool TakeRemoteCSeq(uint number)
    {
        if (_hasRemoteCSeq && number < _remoteCSeq) return false;
        _remoteCSeq = number;
        _hasRemoteCSeq = true;
        return true;
    }

    /// <summary>Takes the remote target from a target refresh: a re-INVITE or its 2xx (§12.2.1.2, §12.2.2).</summary>
    public void Refresh(SipMessage message)
    {
        var contact = ContactOf(message);
        if (contact.Length == 0 || contact.AsSpan().SequenceEqual(_target)) return;
        _target = contact;
        if (!_stayOnFlow) Flow = NextHop.Resolve(FirstHop(), Flow);
    }

    /// <summary>A target refresh that tells anew where the far side is, over a new connection perhaps (§12.2.2).</summary>
    public void Arrive(SipRequest request, in SipFlow flow)
    {
        if (ContactOf(request) is { Length: > 0 } contact) _target = contact;
        Flow = _stayOnFlow ? flow : NextHop.Resolve(FirstHop(), flow);
    }

    /// <summary>
    /// After the connection that made the dialog has gone: from now on requests open one to the far side's Contact. False when there was none.
    /// </summary>
    public bool LeaveConnection()
    {
        if (Flow.Connection == 0) return false;
        Flow = NextHop.Resolve(FirstHop(), Flow with { Connection = 0 }, reuse: false);
        return true;
    }

    /// <summary>Begins a request inside the dialog (§12.2.1.1); what the method needs beyond that is the caller's to add.</summary>
    public SipRequestBuilder Begin(SipMethod method, uint cseq, SipUserAgent agent)
    {
        var builder = new SipRequestBuilder(method, _strictRoute ? UriOf(_routes[0]) : _target);
        agent.WriteVia(builder, Flow);
        builder.Header(HeaderName.MaxForwards, 70);
        for (var i = _strictRoute ? 1 : 0; i < _routes.Length; i++) builder.Header(HeaderName.Route, _routes[i]);
        if (_strictRoute) builder.Header(HeaderName.Route, [(byte)'<', .. _target, (byte)'>']);
        return builder
            .Header(HeaderName.From, _localAddress)
            .Header(HeaderName.To, _remoteAddress)
            .Header(HeaderName.CallId, _callId)
            .CSeq(cseq, method);
    }

    private ReadOnlySpan<byte> FirstHop() => _routes.Length == 0 ? _target : UriOf(_routes[0]);

    private static byte[] ContactOf(SipMessage message)
    {
        foreach (var value in message.Values(HeaderName.Contact))
            return ContactValue.TryParse(value, out var contact) && !contact.IsStar ? contact.Uri.ToArray() : [];
        return [];
    }

    private static byte[][] RoutesOf(SipMessage message, bool reverse)
    {
        if (!message.Has(HeaderName.RecordRoute)) return [];
        var routes = new List<byte[]>();
        foreach (var value in message.Values(HeaderName.RecordRoute)) routes.Add(value.ToArray());
        if (reverse) routes.Reverse();
        return [.. routes];
    }

    private static ReadOnlySpan<byte> UriOf(byte[] route) => NameAddr.TryParse(route, out var address) ? address.Uri : route;

    private static bool IsLoose(byte[] route) => SipUri.TryParse(UriOf(route), out var uri) && uri.IsLooseRouter;

    private static string WithoutTag(byte[] address)
    {
        var text = Text(address);
        var end = text.IndexOf('>', StringComparison.Ordinal);
        var tag = text.IndexOf(";tag=", end < 0 ? 0 : end, StringComparison.OrdinalIgnoreCase);
        return tag < 0 ? text : text[..tag];
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
