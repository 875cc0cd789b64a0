using Switchhook.Calls.Audio;
using Switchhook.Calls.Ports;

namespace Switchhook.Exchange.Prompts;

/// <summary>Loads what is to be played before it is, so that whoever asks hears what is wrong with it.</summary>
internal sealed class PromptCheck(PromptLibrary prompts) : IPrompts
{
    /// <inheritdoc/>
    public async ValueTask<PromptFault> PrepareAsync(AudioSource source, int mostOctets, CancellationToken cancellation)
    {
        // Decoding blocks; whoever asks may be on any thread.
        var reply = await Task.Run(() => prompts.PrepareAsync(source, cancellation).AsTask(), cancellation).ConfigureAwait(false);
        return reply.Prompt is null ? reply.Fault : reply.FileOctets > mostOctets ? PromptFault.TooLarge : PromptFault.None;
    }
}
