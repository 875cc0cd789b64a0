using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Sip.Auth;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Resolution;
using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport;

namespace Switchhook.Exchange.Trunks;

/// <summary>Carries out what <see cref="TrunkRegistration"/> decides for one trunk. On the shard's thread.</summary>
internal sealed partial class TrunkRegistrar(Trunk trunk, TrunkTools tools, Action changed) : IRequestUser, ITimed
{
    private readonly ILogger _log = tools.Log;
    private readonly DigestLogin? _login = trunk is { User: { } user, Secret: { } secret } ? new DigestLogin(user, secret) : null;
    private readonly string _callId = tools.Token() + tools.Token();
    private readonly Queue<RegistrationInput> _inputs = new();
    private TrunkRegistration _machine = TrunkRegistration.Start;
    private TimerHandle _timer;
    private uint _sequence;
    private SipTarget? _target;
    private bool _busy;

    /// <summary>What went wrong last; null while registered.</summary>
    public string? Problem { get; private set; }

    public bool IsBound => _machine.IsBound;

    /// <summary>True when nothing is out any more.</summary>
    public bool IsOver => _machine.State is RegistrationState.Unregistered;

    public TrunkRegistrationPhase Phase => _machine.State switch
    {
        RegistrationState.Registering => TrunkRegistrationPhase.Registering,
        RegistrationState.Registered or RegistrationState.Refreshing => TrunkRegistrationPhase.Registered,
        RegistrationState.Waiting => TrunkRegistrationPhase.Waiting,
        RegistrationState.Refused => TrunkRegistrationPhase.Refused,
        _ => TrunkRegistrationPhase.Unregistered,
    };

    public void Give(RegistrationInput input)
    {
        _inputs.Enqueue(input);
        if (_busy)
            return;
        _busy = true;
        try
        {
            while (_inputs.TryDequeue(out var next))
                Take(_machine.On(next));
        }
        finally
        {
            _busy = false;
        }
        changed();
    }

    public void OnTimer(int timer)
    {
        _timer = default;
        Give(RegistrationInput.TimerFired.It);
    }

    public void OnResponse(SipRequest request, SipResponse response)
    {
        // An answer to a REGISTER that another has replaced tells nothing any more.
        if (response.Status < 200 || request.CSeq.Number != _sequence)
            return;
        var input = RegistrationAnswer.Read(request, response, _login, tools.Token(), tools.Chance());
        Problem = input is RegistrationInput.Granted or RegistrationInput.Challenged ? null : $"{response.Status} {Encoding.UTF8.GetString(response.Reason)}".TrimEnd();
        Give(input);
        if (IsBound && _target is { Transport: SipTransportKind.Tcp } target && TrunkKeepAlive.TryRead(response, out var flowTimer))
            tools.Agent.KeepAlive(target.ToFlow(), flowTimer);
    }

    public void OnFailed(SipRequest request, TransactionFailure failure)
    {
        if (request.CSeq.Number == _sequence)
            Miss(failure == TransactionFailure.TimedOut ? "no answer" : "cannot be reached");
    }

    private void Take(in RegistrationStep step)
    {
        if (step.IsIgnored)
            return;
        var was = Phase;
        _machine = step.Next;
        // Whatever kept this place from serving us, the next attempt asks another when there is one.
        if (_machine.State is RegistrationState.Waiting && _target is { } failed)
        {
            tools.Addresses.Failed(failed.Remote);
            _target = null;
        }
        if (Phase != was)
            Report(was);
        foreach (var effect in step.Effects)
            Carry(effect);
    }

    private void Carry(RegistrationEffect effect)
    {
        switch (effect)
        {
            case RegistrationEffect.Register register: Send(register); break;
            case RegistrationEffect.StartTimer start: tools.Timers.Restart(ref _timer, start.After, this, 0); break;
            case RegistrationEffect.StopTimer: tools.Timers.Cancel(ref _timer); break;
            default: throw new InvalidOperationException($"no such effect: {effect}");
        }
    }

    private void Send(RegistrationEffect.Register register)
    {
        // One registration stays with one place: a nonce is known to whoever gave it, and a binding to whoever keeps it.
        _target ??= tools.Addresses.Find(trunk)?.Current;
        if (_target is not { } target)
        {
            Miss($"host '{trunk.Host}' has no address");
            return;
        }
        var user = trunk.User ?? trunk.Name;
        var address = new SipAddress(TrunkUri.Account(trunk, user));
        List<SipHeaderLine> headers = [new("Expires", register.Expires.ToString(CultureInfo.InvariantCulture))];
        if (register.Answer is { } answer)
            headers.Add(new(answer.Header == HeaderName.ProxyAuthorization ? "Proxy-Authorization" : "Authorization", answer.Value));
        var sent = tools.Agent.Request(
            new OutgoingRequest
            {
                Method = SipMethod.Register,
                RequestUri = TrunkUri.Server(trunk, target.Transport),
                From = address,
                To = address,
                Flow = target.ToFlow(),
                CallId = _callId,
                Sequence = ++_sequence,
                ContactUser = user,
                IsUpkeep = true,
                Headers = headers,
            },
            this);
        if (sent is null)
            Miss("too many transactions");
    }

    private void Miss(string problem)
    {
        Problem = problem;
        Give(new RegistrationInput.Unavailable(tools.Chance()));
    }

    private void Report(TrunkRegistrationPhase was)
    {
        switch (Phase)
        {
            case TrunkRegistrationPhase.Registered: LogRegistered(trunk.Name); break;
            case TrunkRegistrationPhase.Waiting: LogWaiting(trunk.Name, Problem ?? "nothing granted"); break;
            case TrunkRegistrationPhase.Refused: LogRefused(trunk.Name, Problem ?? "challenged again"); break;
            case TrunkRegistrationPhase.Unregistered when was == TrunkRegistrationPhase.Registered: LogLeaving(trunk.Name); break;
        }
    }

    [LoggerMessage(EventName = "TrunkRegistered", Level = LogLevel.Information, Message = "registered at trunk {Trunk}")]
    private partial void LogRegistered(string trunk);

    [LoggerMessage(EventName = "TrunkRegistrationWaiting", Level = LogLevel.Warning, Message = "not registered at trunk {Trunk}: {Problem}")]
    private partial void LogWaiting(string trunk, string problem);

    [LoggerMessage(EventName = "TrunkRegistrationRefused", Level = LogLevel.Error, Message = "trunk {Trunk} refuses our registration: {Problem}")]
    private partial void LogRefused(string trunk, string problem);

    [LoggerMessage(EventName = "TrunkRegistrationLeaving", Level = LogLevel.Information, Message = "giving up the registration at trunk {Trunk}")]
    private partial void LogLeaving(string trunk);
}
