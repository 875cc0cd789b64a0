using System.Collections.Concurrent;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;

namespace Switchhook.Exchange.Trunks;

/// <summary>
/// Keeps the trunks usable: registers where that is asked for, and probes them. Its work is on the shard's thread; any thread may read how things stand.
/// </summary>
internal sealed class TrunkUpkeep(IDirectory directory, TrunkTools tools) : ITrunkStates
{
    private readonly ConcurrentDictionary<string, TrunkStatus> _states = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, TrunkRegistrar> _registrars = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, TrunkProbes> _probes = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<TaskCompletionSource> _stopping = [];

    /// <inheritdoc/>
    public IReadOnlyList<TrunkStatus> All() => [.. _states.Values.OrderBy(static s => s.Name, StringComparer.OrdinalIgnoreCase)];

    /// <inheritdoc/>
    public TrunkStatus? Of(string trunk) => _states.GetValueOrDefault(trunk);

    /// <summary>Takes up the trunks there are.</summary>
    public void Start()
    {
        foreach (var trunk in directory.Current.Provisioning.Trunks)
        {
            if (trunk.Register)
                _registrars[trunk.Name] = new TrunkRegistrar(trunk, tools, () => Publish(trunk));
            if (TrunkProbes.IntervalOf(trunk) is { Ticks: > 0 } interval)
                _probes[trunk.Name] = new TrunkProbes(trunk, interval, tools, () => Publish(trunk));
            Publish(trunk);
        }
        foreach (var probes in _probes.Values)
            probes.Start();
        foreach (var registrar in _registrars.Values)
            registrar.Give(RegistrationInput.Begin.It);
    }

    /// <summary>Gives every registration back; the waiter hears when the registrars have answered or failed to.</summary>
    public void Stop(TaskCompletionSource waiter)
    {
        _stopping.Add(waiter);
        foreach (var probes in _probes.Values)
            probes.Stop();
        foreach (var registrar in _registrars.Values)
            registrar.Give(RegistrationInput.Stop.It);
        TellStopped();
    }

    private void Publish(Trunk trunk)
    {
        var registrar = _registrars.GetValueOrDefault(trunk.Name);
        var probes = _probes.GetValueOrDefault(trunk.Name);
        _states[trunk.Name] = new TrunkStatus
        {
            Name = trunk.Name,
            IsUp = (registrar?.IsBound ?? true) && (probes?.IsUp ?? true),
            Registration = registrar?.Phase ?? TrunkRegistrationPhase.None,
            Problem = registrar?.Problem ?? (probes is { IsUp: false } ? "does not answer" : null),
            Places = probes?.Places ?? [],
        };
        TellStopped();
    }

    private void TellStopped()
    {
        if (_stopping.Count == 0 || !_registrars.Values.All(static r => r.IsOver))
            return;
        foreach (var waiter in _stopping)
            waiter.TrySetResult();
        _stopping.Clear();
    }
}
