using System.Globalization;
using Switchhook.TestKit.Timing;

namespace Switchhook.TestKit.Sip;

/// <summary>
/// A phone's view of one INVITE dialog, calling or called. Each step is a call of its own, so that any can be left out, repeated or crossed
/// with another.
/// </summary>
public sealed class ScriptedCall
{
    private uint _sequence;
    private string _remoteTag = "";
    private string _remoteTarget = "";
    private IReadOnlyList<string> _routes = [];

    private ScriptedCall(ScriptedPhone phone, string callId, string local, string remote)
    {
        Phone = phone;
        CallId = callId;
        Local = local;
        Remote = remote;
    }

    public ScriptedPhone Phone { get; }
    public string CallId { get; }

    /// <summary>The value of From in requests of ours, tag included.</summary>
    public string Local { get; }

    /// <summary>The value of To in requests of ours, without a tag.</summary>
    public string Remote { get; }

    /// <summary>The INVITE we sent, for a call we placed.</summary>
    public SipDraft? Sent { get; private set; }

    /// <summary>The INVITE that came, for a call we were offered.</summary>
    public WireMessage? Offered { get; private set; }

    /// <summary>The last answer to an INVITE of ours that made or moved the dialog.</summary>
    public WireMessage? Answer { get; private set; }

    /// <summary>The other side's session description, as last seen.</summary>
    public string RemoteSdp { get; private set; } = "";

    /// <summary>The tag of the other side once known.</summary>
    public string RemoteTag => _remoteTag;

    /// <summary>Starts a call by sending the INVITE; nothing is awaited.</summary>
    public static async Task<ScriptedCall> PlaceAsync(ScriptedPhone phone, SipDraft invite)
    {
        var call = new ScriptedCall(phone, invite.Header("Call-ID"), invite.Header("From"), invite.Header("To")) { Sent = invite };
        call._sequence = uint.Parse(invite.Header("CSeq").Split(' ')[0], CultureInfo.InvariantCulture);
        call._remoteTarget = invite.StartLine.Split(' ')[1];
        await phone.SendAsync(invite);
        return call;
    }

    /// <summary>A call from an INVITE that came.</summary>
    public static ScriptedCall From(ScriptedPhone phone, WireMessage invite)
    {
        var call = new ScriptedCall(phone, invite.CallId, $"{invite.Header("To")};tag={ScriptedPhone.TagFor(invite)}", invite.Header("From"))
        {
            Offered = invite,
            RemoteSdp = invite.Body,
        };
        call._remoteTag = invite.FromTag;
        call._remoteTarget = invite.ContactUri;
        call._routes = invite.All("Record-Route");
        return call;
    }

    /// <summary>Waits for a response to the INVITE we sent; a provisional or 2xx with a tag sets the dialog.</summary>
    public async Task<WireMessage> ExpectAsync(Func<int, bool> status, string what, TimeSpan? deadline = null)
    {
        var response = await Phone.ReceiveAsync(
            m => m.CallId == CallId && m.SequenceMethod == "INVITE" && !m.IsRequest && m.Sequence == InviteSequence && status(m.Status), what, deadline);
        Learn(response);
        return response;
    }

    /// <summary>Waits for that response to the INVITE we sent.</summary>
    public Task<WireMessage> ExpectAsync(int status, TimeSpan? deadline = null) => ExpectAsync(s => s == status, $"{status} to INVITE", deadline);

    /// <summary>Waits for any final response to the INVITE we sent.</summary>
    public Task<WireMessage> ExpectFinalAsync(TimeSpan? deadline = null) => ExpectAsync(s => s >= 200, "a final response to INVITE", deadline);

    /// <summary>Waits for the 2xx and acknowledges it.</summary>
    public async Task<WireMessage> ConnectAsync(TimeSpan? deadline = null)
    {
        var answer = await ExpectAsync(200, deadline);
        await AcknowledgeAsync(answer);
        return answer;
    }

    /// <summary>Waits for a refusal with that status and acknowledges it.</summary>
    public async Task<WireMessage> ExpectRefusalAsync(int status, TimeSpan? deadline = null)
    {
        var refusal = await ExpectAsync(status, deadline);
        await AcknowledgeAsync(refusal);
        return refusal;
    }

    /// <summary>ACK for a final response: of its own transaction for a 2xx, of the INVITE's for any other (RFC 3261 §17.1.1.3, §13.2.2.4).</summary>
    public Task AcknowledgeAsync(WireMessage final)
    {
        var success = final.Status < 300;
        var ack = success ? InDialog("ACK", InviteSequence) : Follow("ACK");
        ack.Set("To", final.Header("To"));
        return Phone.SendAsync(ack);
    }

    /// <summary>CANCEL for the INVITE we sent (RFC 3261 §9.1); nothing is awaited.</summary>
    public async Task<SipDraft> CancelAsync(string? reason = null)
    {
        var cancel = Follow("CANCEL");
        if (reason is not null)
            cancel.Add("Reason", reason);
        await Phone.SendAsync(cancel);
        return cancel;
    }

    /// <summary>BYE, without waiting for the answer.</summary>
    public async Task<SipDraft> SendByeAsync(string? reason = null)
    {
        var bye = InDialog("BYE");
        if (reason is not null)
            bye.Add("Reason", reason);
        await Phone.SendAsync(bye);
        return bye;
    }

    /// <summary>BYE and its final response.</summary>
    public async Task<WireMessage> HangUpAsync(string? reason = null)
    {
        await SendByeAsync(reason);
        return await ExpectByeAnswerAsync();
    }

    /// <summary>Waits for the final response to a BYE of ours.</summary>
    public Task<WireMessage> ExpectByeAnswerAsync(TimeSpan? deadline = null) =>
        Phone.ReceiveAsync(m => m.CallId == CallId && !m.IsRequest && m.SequenceMethod == "BYE" && m.Status >= 200, "an answer to BYE", deadline);

    /// <summary>Waits for a request of this dialog.</summary>
    public Task<WireMessage> ExpectRequestAsync(string method, TimeSpan? deadline = null) =>
        Phone.ReceiveAsync(m => m.CallId == CallId && m.Is(method), $"{method} for {CallId}", deadline);

    /// <summary>Waits for the server's BYE and answers it with 200.</summary>
    public async Task<WireMessage> ExpectByeAsync(TimeSpan? deadline = null)
    {
        var bye = await ExpectRequestAsync("BYE", deadline);
        await Phone.RespondAsync(bye, 200);
        return bye;
    }

    /// <summary>Waits for the server's CANCEL, answers it with 200, the INVITE with 487, and waits for the ACK.</summary>
    public async Task<WireMessage> ExpectCancelAsync(TimeSpan? deadline = null)
    {
        var cancel = await ExpectRequestAsync("CANCEL", deadline);
        await Phone.RespondAsync(cancel, 200);
        await RejectAsync(487);
        return cancel;
    }

    /// <summary>Sends a provisional response to the INVITE that came.</summary>
    public Task RingAsync(int status = 180, string? sdp = null) => RespondAsync(status, sdp);

    /// <summary>Sends a response to the INVITE that came, once.</summary>
    public Task RespondAsync(int status, string? sdp = null, string? tag = null)
    {
        var response = Phone.Response(Invite, status, toTag: tag);
        if (sdp is not null)
            response.WithSdp(sdp);
        return Phone.SendAsync(response, Invite.Path);
    }

    /// <summary>Answers the INVITE that came and waits for the ACK.</summary>
    public async Task<WireMessage> AnswerAsync(string sdp)
    {
        await RespondAsync(200, sdp);
        return await ExpectRequestAsync("ACK");
    }

    /// <summary>Refuses the INVITE that came and waits for the ACK.</summary>
    public async Task<WireMessage> RejectAsync(int status, params (string Name, string Value)[] headers)
    {
        await Phone.RespondAsync(Invite, status, headers);
        return await ExpectRequestAsync("ACK");
    }

    /// <summary>Re-INVITE with a new description; nothing is awaited.</summary>
    public async Task<SipDraft> ReinviteAsync(string sdp)
    {
        var invite = InDialog("INVITE").Add("Contact", $"<{Phone.Contact}>").WithSdp(sdp);
        await Phone.SendAsync(invite);
        Sent = invite;
        return invite;
    }

    /// <summary>A request of this dialog with the next CSeq, or the given one.</summary>
    public SipDraft InDialog(string method, uint? sequence = null)
    {
        var request = new SipDraft($"{method} {_remoteTarget} SIP/2.0");
        request.Add("Via", Phone.NewVia()).Add("Max-Forwards", "70");
        foreach (var route in _routes)
            request.Add("Route", route);
        var remote = _remoteTag.Length == 0 || WireMessage.Parameter(Remote, "tag").Length > 0 ? Remote : $"{Remote};tag={_remoteTag}";
        return request.Add("From", Local).Add("To", remote).Add("Call-ID", CallId).Add("CSeq", $"{sequence ?? ++_sequence} {method}");
    }

    /// <summary>Sends the INVITE again under credentials after a challenge, which is acknowledged first.</summary>
    public async Task RetryWithCredentialsAsync(WireMessage challenge)
    {
        await AcknowledgeAsync(challenge);
        var invite = Sent!.Copy();
        invite.Set("Via", Phone.NewVia()).Set("CSeq", $"{++_sequence} INVITE");
        Phone.Authorize(invite, challenge);
        Sent = invite;
        await Phone.SendAsync(invite);
    }

    private WireMessage Invite => Offered ?? throw new InvalidOperationException("This call was placed, not offered.");

    private uint InviteSequence => Sent is null ? 0 : uint.Parse(Sent.Header("CSeq").Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>A CANCEL or a non-2xx ACK: Via, Request-URI, To, From, Call-ID and CSeq number of the INVITE.</summary>
    private SipDraft Follow(string method)
    {
        var invite = Sent ?? throw new InvalidOperationException("This call was offered, not placed.");
        var request = new SipDraft($"{method} {invite.StartLine.Split(' ')[1]} SIP/2.0");
        return request.Add("Via", invite.Header("Via")).Add("Max-Forwards", "70").Add("From", Local).Add("To", invite.Header("To"))
            .Add("Call-ID", CallId).Add("CSeq", $"{InviteSequence} {method}");
    }

    private void Learn(WireMessage response)
    {
        if (response.ToTag.Length == 0 || response.Status >= 300)
            return;
        _remoteTag = response.ToTag;
        if (response.ContactUri.Length > 0)
            _remoteTarget = response.ContactUri;
        if (response.All("Record-Route") is { Count: > 0 } routes)
            _routes = [.. routes.Reverse()];
        if (response.Body.Length > 0)
            RemoteSdp = response.Body;
        Answer = response;
    }
}
