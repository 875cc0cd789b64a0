using Switchhook.Calls.Ports;
using Switchhook.Exchange.Shards;

namespace Switchhook.Exchange.Messages;

/// <summary>Messages as programs send and hear them: brings them to the shard and back.</summary>
internal sealed class MessageDoor(MessageListeners listeners, Func<ShardInput, bool> tryPost) : IMessages
{
    /// <inheritdoc/>
    public async ValueTask<MessageReply> SendAsync(TextMessage message, CancellationToken cancellation)
    {
        var waiter = new TaskCompletionSource<MessageReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!tryPost(new ShardInput.SendMessage(message, waiter)))
            return new MessageReply(MessageOutcome.Congestion);
        return await waiter.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public IDisposable Listen(Action<TextMessage> heard) => listeners.Add(heard);
}
