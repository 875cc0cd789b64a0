using Switchhook.Calls.Ports;
using Switchhook.Dialects.Hoiio.Sessions;

namespace Switchhook.Dialects.Hoiio.Checks;

/// <summary>How many calls an application has: those that live, and those that are about to.</summary>
internal sealed class HoiioCallLimit(ICallControl calls, HoiioDesk desk, int most)
{
    private readonly Dictionary<string, int> _coming = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Room for so many more, given back when the calls are there or have failed; null when there is none.</summary>
    public IDisposable? TryTake(string account, int count)
    {
        var live = calls.Live().Count(c => string.Equals(desk.OwnerOf(c), account, StringComparison.OrdinalIgnoreCase));
        lock (_coming)
        {
            var coming = _coming.GetValueOrDefault(account);
            if (live + coming + count > most)
                return null;
            _coming[account] = coming + count;
        }
        return new Room(this, account, count);
    }

    private void Give(string account, int count)
    {
        lock (_coming)
        {
            if ((_coming[account] -= count) == 0)
                _coming.Remove(account);
        }
    }

    private sealed class Room(HoiioCallLimit limit, string account, int count) : IDisposable
    {
        public void Dispose() => limit.Give(account, count);
    }
}
