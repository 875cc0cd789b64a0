using System.Globalization;

namespace Switchhook.TestKit.Sip;

/// <summary>One call as one phone of a <see cref="Crowd"/> sees it. Safe from any thread.</summary>
public sealed class CrowdCall
{
    private static readonly TimeSpan FirstRepeat = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestRepeat = TimeSpan.FromSeconds(4);
    private const string Silence = "v=0\r\no=crowd 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n";

    private readonly Lock _gate = new();
    private readonly Crowd _crowd;
    private readonly TaskCompletionSource _decided = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _tag = ScriptedPhone.NewToken();
    private readonly WireMessage? _offer;
    private SipDraft? _invite;
    private uint _sequence = 1;
    private string _remote = "";
    private string _target = "";
    private byte[]? _ack;
    private byte[]? _repeat;
    private string _repeated = "";
    private long _repeatedAt;
    private TimeSpan _repeatAfter;

    private CrowdCall(Crowd crowd, string callId, string user, string number, WireMessage? offer)
    {
        (_crowd, CallId, User, Number, _offer) = (crowd, callId, user, number, offer);
        if (offer is null)
            return;
        _remote = offer.Header("From");
        _target = offer.ContactUri;
    }

    /// <summary>The SIP Call-ID.</summary>
    public string CallId { get; }

    /// <summary>The phone's number.</summary>
    public string User { get; }

    /// <summary>The number that was called.</summary>
    public string Number { get; }
    public bool IsOffered => _offer is not null;

    /// <summary>A 2xx and its ACK were seen: the phone is, or was, in a call.</summary>
    public bool WasSetUp { get; private set; }

    /// <summary>A 2xx was sent or seen, whatever became of its ACK.</summary>
    public bool WasAnswered { get; private set; }

    /// <summary>The phone says BYE in the same breath in which it is set up: right behind the ACK it sends, or gets.</summary>
    public bool EndsAtOnce { get; set; }

    /// <summary>A BYE came.</summary>
    public bool GotBye { get; private set; }

    /// <summary>The cause of that BYE.</summary>
    public int ByeCause { get; private set; }

    /// <summary>This phone sent a BYE.</summary>
    public bool SentBye { get; private set; }

    /// <summary>A final status above 299, sent or seen.</summary>
    public int Refusal { get; private set; }

    /// <summary>What came from the far side, in order.</summary>
    public List<string> Seen { get; } = [];

    /// <summary>True while the phone believes itself in a call.</summary>
    public bool IsUp => WasAnswered && !GotBye && !SentBye;

    /// <summary>Completes when the call is set up or refused.</summary>
    public Task Decided => _decided.Task;

    /// <summary>Completes when the call is over.</summary>
    public Task Over => _over.Task;

    internal static CrowdCall Placed(Crowd crowd, string from, string number) => new(crowd, $"{ScriptedPhone.NewToken()}@crowd", from, number, null);

    internal static CrowdCall Offered(Crowd crowd, WireMessage invite)
    {
        var user = invite.RequestUri["sip:".Length..].Split('@')[0];
        return new CrowdCall(crowd, invite.CallId, user, user, invite);
    }

    internal void Begin()
    {
        lock (_gate)
        {
            _invite = _crowd.Request("INVITE", Uri, User, $"<{Uri}>", CallId, _tag, _sequence).WithSdp(Silence);
            SendRepeated("INVITE", _invite);
        }
    }

    /// <summary>Answers a call that came in.</summary>
    public void Respond(int status)
    {
        lock (_gate)
        {
            if (Refusal != 0 || WasAnswered || GotBye)
                return;
            var response = Response(_offer!, status, _tag);
            if (status is > 100 and < 300)
                response.Add("Contact", $"<sip:{User}@{_crowd.Local}>");
            if (status < 200)
            {
                _crowd.Send(response.ToBytes());
                return;
            }
            if (status < 300)
                (WasAnswered, response) = (true, response.WithSdp(Silence));
            else
                Refusal = status;
            SendRepeated("final", response);
            if (status >= 300)
                End();
        }
    }

    /// <summary>Gives a call up that was not answered.</summary>
    public void Cancel()
    {
        lock (_gate)
        {
            if (WasAnswered || Refusal != 0)
                return;
            var cancel = _crowd.Request("CANCEL", Uri, User, $"<{Uri}>", CallId, _tag, _sequence).Set("Via", _invite!.Header("Via"));
            SendRepeated("CANCEL", cancel);
        }
    }

    /// <summary>Ends an answered call.</summary>
    public void Bye()
    {
        lock (_gate)
        {
            if (!IsUp)
                return;
            SentBye = true;
            SendRepeated("BYE", InDialog("BYE"));
            End();
        }
    }

    /// <summary>Puts the far side on hold, or takes it back.</summary>
    public void Hold()
    {
        lock (_gate)
        {
            if (IsUp && WasSetUp)
                SendRepeated("INVITE", InDialog("INVITE").WithSdp($"{Silence}a=sendonly\r\n"));
        }
    }

    internal void Take(WireMessage message)
    {
        lock (_gate)
        {
            Seen.Add(message.Summary);
            if (message.IsRequest)
                TakeRequest(message);
            else
                TakeResponse(message);
        }
    }

    internal void Repeat()
    {
        lock (_gate)
        {
            if (_repeat is null || TimeProvider.System.GetElapsedTime(_repeatedAt) < _repeatAfter)
                return;
            if (_repeated == "INVITE" && _crowd.GivesUp)
            {
                _repeat = null;
                return;
            }
            _crowd.Send(_repeat);
            _repeatedAt = TimeProvider.System.GetTimestamp();
            _repeatAfter = _repeatAfter * 2 < LongestRepeat ? _repeatAfter * 2 : LongestRepeat;
        }
    }

    internal static SipDraft Response(WireMessage request, int status, string tag)
    {
        var draft = new SipDraft($"SIP/2.0 {status} Status");
        foreach (var via in request.All("Via"))
            draft.Add("Via", via);
        foreach (var route in request.All("Record-Route"))
            draft.Add("Record-Route", route);
        var to = request.Header("To");
        if (request.ToTag.Length == 0 && status > 100)
            to += $";tag={tag}";
        return draft.Add("From", request.Header("From")).Add("To", to).Add("Call-ID", request.CallId).Add("CSeq", request.Header("CSeq"));
    }

    private string Uri => $"sip:{Number}@{_crowd.Server}";

    private void TakeRequest(WireMessage request)
    {
        switch (request.Method)
        {
            case "ACK":
                Stop("final");
                Stop("reanswer");
                if (WasAnswered && !WasSetUp)
                {
                    WasSetUp = true;
                    EndAtOnce();
                    _decided.TrySetResult();
                }
                break;
            case "BYE":
                _crowd.Send(Response(request, 200, _tag).ToBytes());
                Stop("");
                (GotBye, ByeCause) = (true, request.Q850);
                End();
                break;
            case "CANCEL":
                _crowd.Send(Response(request, 200, _tag).ToBytes());
                Respond(487);
                break;
            case "INVITE" when request.ToTag.Length > 0:
                SendRepeated("reanswer", Response(request, 200, _tag).Add("Contact", $"<sip:{User}@{_crowd.Local}>").WithSdp(Silence));
                break;
            case "INVITE":
                // A repeat of the first: the answer is repeated by itself.
                break;
            default:
                _crowd.Send(Response(request, 200, _tag).ToBytes());
                break;
        }
    }

    private void TakeResponse(WireMessage response)
    {
        switch (response.SequenceMethod)
        {
            case "INVITE" when response.Status < 200:
                Stop("INVITE");
                break;
            case "INVITE" when response.Sequence != _sequence && _ack is not null && response.Status < 300:
                _crowd.Send(_ack);
                break;
            case "INVITE" when response.Status < 300:
                Answered(response);
                break;
            case "INVITE":
                Refused(response);
                break;
            case var method when response.Status >= 200:
                Stop(method);
                break;
        }
    }

    private void Answered(WireMessage response)
    {
        Stop("INVITE");
        Stop("CANCEL");
        if (!IsOffered && !WasAnswered)
            (_remote, _target) = (response.Header("To"), response.ContactUri);
        _ack = Ack(response, _target).ToBytes();
        _crowd.Send(_ack);
        (WasAnswered, WasSetUp) = (true, true);
        EndAtOnce();
        _decided.TrySetResult();
    }

    private void EndAtOnce()
    {
        if (EndsAtOnce)
            Bye();
    }

    private void Refused(WireMessage response)
    {
        Stop("INVITE");
        Stop("CANCEL");
        if (WasAnswered)
        {
            _crowd.Send(Ack(response, _target).ToBytes());
            return;
        }
        var ack = _crowd.Request("ACK", Uri, User, response.Header("To"), CallId, _tag, response.Sequence);
        _crowd.Send(ack.Set("Via", response.Header("Via")).ToBytes());
        if (response.Status is 401 or 407 && _sequence == 1)
        {
            _sequence++;
            _invite!.Set("Via", _crowd.NewVia()).Set("CSeq", $"{_sequence} INVITE");
            _crowd.Authorize(_invite, response, User, "INVITE", Uri);
            SendRepeated("INVITE", _invite);
            return;
        }
        if (response.Sequence != _sequence)
            return;
        Refusal = response.Status;
        End();
    }

    private SipDraft Ack(WireMessage response, string target) => Dialog("ACK", target, response.Sequence);

    private SipDraft InDialog(string method) => Dialog(method, _target, ++_sequence);

    private SipDraft Dialog(string method, string target, uint sequence)
    {
        var draft = _crowd.Request(method, target, User, _remote, CallId, _tag, sequence);
        return IsOffered ? draft.Set("From", WithTag(_offer!.Header("To"))) : draft;
    }

    private string WithTag(string to) => string.Create(CultureInfo.InvariantCulture, $"{to};tag={_tag}");

    private void SendRepeated(string what, SipDraft message)
    {
        (_repeat, _repeated, _repeatAfter) = (message.ToBytes(), what, FirstRepeat);
        _repeatedAt = TimeProvider.System.GetTimestamp();
        _crowd.Send(_repeat);
    }

    private void Stop(string what)
    {
        if (what.Length == 0 || _repeated == what)
            (_repeat, _repeated) = (null, "");
    }

    private void End()
    {
        _decided.TrySetResult();
        _over.TrySetResult();
    }
}
