using Switchhook.Calls.Audio;

namespace Switchhook.Calls.Ports;

/// <summary>Makes audio ready before anybody hears it. Safe from any thread; may wait for a server or the speech engine.</summary>
public interface IPrompts
{
    /// <summary>Fetches or makes what is to be played, and keeps it as far as its server allows.</summary>
    /// <param name="source">What.</param>
    /// <param name="mostOctets">The largest file behind an address.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>What is wrong with it, or <see cref="PromptFault.None"/>. Never throws for what a server or a file does.</returns>
    ValueTask<PromptFault> PrepareAsync(AudioSource source, int mostOctets, CancellationToken cancellation);
}

/// <summary>Why something cannot be played.</summary>
public enum PromptFault
{
    None,
    /// <summary>There is no such file, or its server did not give it.</summary>
    NotFound,
    /// <summary>It is more than may be.</summary>
    TooLarge,
    /// <summary>It is no audio that can be played.</summary>
    BadFormat,
    /// <summary>The speech engine did not speak it.</summary>
    NotSpoken,
}
