using System.Collections.Immutable;
using Switchhook.Calls.Ports;

namespace Switchhook.Exchange.Messages;

/// <summary>Who hears the messages of phones. Safe from any thread.</summary>
internal sealed class MessageListeners
{
    private ImmutableArray<Action<TextMessage>> _all = [];

    public ImmutableArray<Action<TextMessage>> All => _all;

    public IDisposable Add(Action<TextMessage> heard)
    {
        // Of its own, so that the same one added twice is taken away once at a time.
        Action<TextMessage> one = m => heard(m);
        ImmutableInterlocked.Update(ref _all, static (all, next) => all.Add(next), one);
        return new Listening(() => ImmutableInterlocked.Update(ref _all, static (all, gone) => all.Remove(gone), one));
    }

    private sealed class Listening(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
