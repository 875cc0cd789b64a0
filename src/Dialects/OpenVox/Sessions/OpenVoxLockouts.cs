using System.Net;

namespace Switchhook.Dialects.OpenVox.Sessions;

/// <summary>Addresses whose logins failed: five failures in a row lock one out for ten minutes. Safe from any thread.</summary>
internal sealed class OpenVoxLockouts(TimeProvider time)
{
    public const int Failures = 5;
    public static readonly TimeSpan LockTime = TimeSpan.FromMinutes(10);

    private const int MostAddresses = 20_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, Tally> _tallies = [];

    public bool IsLocked(IPAddress address)
    {
        lock (_lock)
        {
            if (!_tallies.TryGetValue(address, out var tally) || tally.LockedUntil is not { } until)
                return false;
            if (time.GetUtcNow() < until)
                return true;
            _tallies.Remove(address);
            return false;
        }
    }

    public void Failed(IPAddress address)
    {
        lock (_lock)
        {
            var failures = _tallies.GetValueOrDefault(address).Failures + 1;
            if (_tallies.Count >= MostAddresses && !_tallies.ContainsKey(address))
                _tallies.Remove(_tallies.MinBy(static t => t.Value.At).Key);
            var now = time.GetUtcNow();
            _tallies[address] = new Tally(failures, now, failures >= Failures ? now + LockTime : null);
        }
    }

    public void Succeeded(IPAddress address)
    {
        lock (_lock)
            _tallies.Remove(address);
    }

    private readonly record struct Tally(int Failures, DateTimeOffset At, DateTimeOffset? LockedUntil);
}
