using System.Diagnostics.CodeAnalysis;
using System.Text;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Dialogs;

/// <summary>
/// Calls on top of a <see cref="SipStack"/>: makes and takes sessions, finds the session of every message (RFC 3261 §12.2.2) and answers
/// what belongs to none. Belongs to the thread of the stack.
/// </summary>
public sealed partial class SipUserAgent
{
    // Keyed by our own tag, 64 random bits: one look-up without a string; Call-ID and the far side's tag are checked afterwards.
    private readonly Dictionary<ulong, SipSession> _sessions = [];
    private readonly ISipUserAgentHandler _handler;
    private readonly IRandomSource _random;
    private readonly TimerWheel _timers;
    private readonly byte[] _product;

    /// <summary>Creates a user agent and its stack.</summary>
    /// <param name="transport">Moves the messages; stays the caller's to close.</param>
    /// <param name="timers">The wheel of the polling thread.</param>
    /// <param name="handler">Decides about requests outside sessions.</param>
    /// <param name="random">Makes tags, branches and Call-IDs.</param>
    /// <param name="options">What we say about ourselves; the default ones when null.</param>
    /// <param name="limits">Bounds of the stack; the default ones when null.</param>
    /// <param name="trace">Sees every message, when given.</param>
    /// <param name="upkeep">A second wheel of the polling thread, for requests with <see cref="OutgoingRequest.IsUpkeep"/>; null for none.</param>
    public SipUserAgent(
        ISipTransport transport, TimerWheel timers, ISipUserAgentHandler handler, IRandomSource random,
        SipUserAgentOptions? options = null, SipStackLimits? limits = null, ISipTrace? trace = null, TimerWheel? upkeep = null)
    {
        _timers = timers;
        _handler = handler;
        _random = random;
        Options = options ?? new SipUserAgentOptions();
        _supported = SupportedOf(Options);
        _product = Encoding.UTF8.GetBytes(Options.Product);
        Stack = new SipStack(transport, this, timers, limits, trace, upkeep);
    }

    /// <summary>The transactions beneath; whoever owns the thread calls its <see cref="SipStack.Poll"/>.</summary>
    public SipStack Stack { get; }

    /// <summary>Dialogs, early ones included, that are not over yet.</summary>
    public int LiveDialogs => _sessions.Count + _notifiers.Count + _referDialogs.Count;

    /// <summary>Inputs that met no row of a session's tables: late timers, repeated responses.</summary>
    public long IgnoredInputs { get; private set; }

    /// <summary>Calls. The session tells its user everything else, a failure to send included, after this method has returned.</summary>
    /// <param name="invite">Whom, from where, with what offer.</param>
    /// <param name="user">Told of everything that happens to the session.</param>
    /// <param name="context">Kept in <see cref="SipSession.Context"/>.</param>
    /// <exception cref="ArgumentException">One of the URIs is none (see <see cref="OutgoingInvite.IsReadable"/>).</exception>
    public SipSession Invite(OutgoingInvite invite, ISessionUser user, object? context = null)
    {
        if (!invite.IsReadable) throw new ArgumentException("Request-URI, From and To must be URIs.", nameof(invite));
        var session = SipSession.Outgoing(this, invite, user, context);
        _sessions.Add(session.Tag, session);
        session.Start(invite);
        return session;
    }

    /// <summary>
    /// Takes up an answered session of another process, so that it can be hung up (RFC 3261 §12). CSeq numbers go on well behind the
    /// last one known. False when a session with this tag lives already.
    /// </summary>
    public bool TryResume(DialogSnapshot dialog, ISessionUser user, object? context, [NotNullWhen(true)] out SipSession? session)
    {
        session = SipSession.Resumed(this, dialog, user, context);
        if (session is not null && _sessions.TryAdd(session.Tag, session)) return true;
        session = null;
        return false;
    }

    /// <summary>
    /// Keeps a stream connection of ours open by pings, after a far side that answers them has taken a registration on it (RFC 5626 §4.4.1).
    /// A connection that answers no more is closed: its requests fail, and the registration is to be made anew.
    /// </summary>
    /// <param name="flow">The flow the REGISTER was sent to.</param>
    /// <param name="flowTimer">The Flow-Timer of the answer (§10); null when it had none: two minutes.</param>
    /// <returns>False when the flow is no open stream connection.</returns>
    public bool KeepAlive(in SipFlow flow, TimeSpan? flowTimer = null) =>
        Stack.KeepAlive(flow, (flowTimer ?? TimeSpan.FromSeconds(120)) * (0.8 + (_random.Next() % 201 / 1000.0)));

    internal SipSession Accept(IncomingInvite invite, ISessionUser user, object? context, string contactUser)
    {
        var session = SipSession.Incoming(this, invite, user, context, Contact(contactUser, invite.Flow));
        invite.Session = session;
        _sessions.Add(session.Tag, session);
        return session;
    }

    internal ulong NewTag()
    {
        ulong tag;
        do tag = _random.Next();
        while (tag == 0 || _sessions.ContainsKey(tag) || _notifiers.ContainsKey(tag) || _referDialogs.ContainsKey(tag));
        return tag;
    }

    internal void Forget(SipSession session) => _sessions.Remove(session.Tag);

    internal void CountIgnored() => IgnoredInputs++;

    internal void Send(SessionRequest request, in SipFlow flow)
    {
        request.Transaction = Stack.SendRequest(request.Request, flow, request);
        // The machine is in the middle of a step: a refusal at once is told by the next turn of the loop.
        if (request.Transaction is null) _ = _timers.Start(TimeSpan.Zero, request, SessionRequest.RefusedAtOnce);
    }

    internal void Send(IncomingRequest request, SipResponse response) => Stack.Respond(request.Transaction, response);

    internal void SendAck(SipRequest ack, SipDialog dialog)
    {
        if (Stack.SendAck(ack, dialog.Flow) == SendResult.ConnectionGone && dialog.LeaveConnection()) _ = Stack.SendAck(ack, dialog.Flow);
    }

    /// <summary>Lets a request finish without its session, but not for ever: an INVITE with a provisional response has no timer of its own.</summary>
    internal void LeaveToFinish(SessionRequest request)
    {
        if (request.Transaction is not null) _ = _timers.Start(SipTimings.GiveUp, request, SessionRequest.GivenUp);
    }

    internal void Restart(ref TimerHandle timer, TimeSpan after, SipSession session, int number = 0) => _timers.Restart(ref timer, after, session, number);

    internal void Cancel(ref TimerHandle timer) => _timers.Cancel(ref timer);

    /// <summary>RFC 3262 §3: chosen anew for each INVITE, between 1 and 2^31 - 1, with room above.</summary>
    internal uint FirstRSeq() => 1 + (uint)(_random.Next() % 0x3FFF_FFFF);

    /// <summary>§14.2: between 0 and 10 seconds, so that two who collided do not meet again.</summary>
    internal string RetryAfter() => RetryAfterSeconds[(int)(_random.Next() % (ulong)RetryAfterSeconds.Length)];

    /// <summary>§14.1: 2.1 to 4 s for the side that made the Call-ID, 0 to 2 s for the other, in steps of 10 ms.</summary>
    internal TimeSpan CollisionWait(bool ownsCallId) =>
        TimeSpan.FromMilliseconds(10 * (ownsCallId ? 210 + (int)(_random.Next() % 191) : (int)(_random.Next() % 201)));

    private static readonly string[] RetryAfterSeconds = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"];
}
