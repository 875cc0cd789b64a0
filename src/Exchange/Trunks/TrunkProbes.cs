using Microsoft.Extensions.Logging;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Resolution;
using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport;

namespace Switchhook.Exchange.Trunks;

/// <summary>
/// Asks every address of a trunk for OPTIONS again and again (RFC 3261 §11), unless it was heard from anyhow, and so knows which of them work.
/// On the shard's thread.
/// </summary>
internal sealed partial class TrunkProbes(Trunk trunk, TimeSpan interval, TrunkTools tools, Action changed) : ITimed
{
    private const int MostPlaces = 8;

    private readonly ILogger _log = tools.Log;
    private readonly Dictionary<SipEndpoint, Probe> _places = [];
    private TimerHandle _timer;
    private bool _isLost;

    /// <summary>The time between probes of a trunk; zero for none, which is what nobody asked for: not every peer expects an OPTIONS.</summary>
    public static TimeSpan IntervalOf(Trunk trunk) => TimeSpan.FromSeconds(trunk.ProbeSeconds ?? 0);

    /// <summary>True for an answer of somebody who can take calls: any but the two that say it reaches nobody (RFC 3261 §21.4.9, §21.5.4).</summary>
    public static bool IsAlive(int status) => status is not (408 or 503);

    /// <summary>False when no address is known, or every one of them failed its last probe.</summary>
    public bool IsUp => !_isLost && (_places.Count == 0 || _places.Values.Any(static p => p.IsUp));

    public IReadOnlyList<TrunkPlace> Places => [.. _places.Select(static p => new TrunkPlace(p.Key.ToString(), p.Value.IsUp))];

    /// <summary>The first probe leaves after an interval and up to a half, so that not all trunks are asked at once.</summary>
    public void Start() => tools.Timers.Restart(ref _timer, interval * (1 + (0.5 * tools.Chance())), this, 0);

    public void Stop() => tools.Timers.Cancel(ref _timer);

    public void OnTimer(int timer)
    {
        tools.Timers.Restart(ref _timer, interval, this, 0);
        IReadOnlyList<SipTarget> targets = tools.Addresses.Find(trunk)?.Targets is { } all ? [.. all.Take(MostPlaces)] : [];
        _isLost = targets.Count == 0;
        foreach (var gone in _places.Keys.Where(p => !targets.Any(t => t.Remote == p)).ToList())
        {
            _places.Remove(gone);
            tools.Ears.Forget(gone);
        }
        foreach (var target in targets)
            Look(target);
        changed();
    }

    private void Look(SipTarget target)
    {
        if (!_places.TryGetValue(target.Remote, out var probe))
        {
            _places[target.Remote] = probe = new Probe(this, target);
            tools.Ears.Listen(target.Remote);
        }
        // Half of it, or the answer to the last probe would stand for the next one.
        if (tools.Ears.HasHeard(target.Remote, interval / 2))
            Judge(probe, true);
        else if (!probe.IsOut)
            Send(probe);
    }

    private void Send(Probe probe)
    {
        var server = new SipAddress(TrunkUri.Server(trunk, probe.Target.Transport));
        probe.IsOut = tools.Agent.Request(
            new OutgoingRequest
            {
                Method = SipMethod.Options,
                RequestUri = server.Uri,
                From = new SipAddress($"sip:{tools.Domain}"),
                To = server,
                Flow = probe.Target.ToFlow(),
                CallId = tools.Token() + tools.Token(),
                Sequence = 1,
                ContactUser = "",
                IsUpkeep = true,
                Headers = [new SipHeaderLine("Accept", "application/sdp")],
            },
            probe) is not null;
    }

    private void OnDone(Probe probe, bool isUp)
    {
        probe.IsOut = false;
        Judge(probe, isUp);
        changed();
    }

    private void Judge(Probe probe, bool isUp)
    {
        // A place that is down stays behind the others until a probe of it succeeds.
        if (isUp)
            tools.Addresses.Recovered(probe.Target.Remote);
        else
            tools.Addresses.Failed(probe.Target.Remote, (2 * interval) + SipTimings.GiveUp);
        if (probe.IsUp == isUp)
            return;
        probe.IsUp = isUp;
        if (isUp)
            LogAnswers(trunk.Name, probe.Target.Remote);
        else
            LogSilent(trunk.Name, probe.Target.Remote);
    }

    /// <summary>One address. It counts as working until it has failed a probe.</summary>
    private sealed class Probe(TrunkProbes probes, SipTarget target) : IRequestUser
    {
        public SipTarget Target => target;
        public bool IsUp { get; set; } = true;
        public bool IsOut { get; set; }

        public void OnResponse(SipRequest request, SipResponse response)
        {
            if (response.Status >= 200)
                probes.OnDone(this, IsAlive(response.Status));
        }

        public void OnFailed(SipRequest request, TransactionFailure failure) => probes.OnDone(this, false);
    }

    [LoggerMessage(EventName = "TrunkSilent", Level = LogLevel.Warning, Message = "trunk {Trunk} does not answer at {Address}")]
    private partial void LogSilent(string trunk, SipEndpoint address);

    [LoggerMessage(EventName = "TrunkAnswers", Level = LogLevel.Information, Message = "trunk {Trunk} answers again at {Address}")]
    private partial void LogAnswers(string trunk, SipEndpoint address);
}
