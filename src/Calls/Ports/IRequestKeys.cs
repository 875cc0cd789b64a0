namespace Switchhook.Calls.Ports;

/// <summary>
/// Keys under which programs ask for something that must be done once, however often they ask (Idempotency-Key). A key is taken before
/// anything is done and answered afterwards, both durably: one that is taken without an answer belongs to a request that a crash cut off.
/// </summary>
public interface IRequestKeys
{
    /// <summary>Takes a key. When this returns null it is taken, durably; otherwise it was taken before, and this is what is known.</summary>
    /// <param name="key">Which key of which account.</param>
    /// <param name="digest">Stands for the request; two requests with one key must have one digest.</param>
    /// <param name="now">Keys taken a day or longer before this are free again.</param>
    /// <param name="cancellation">Ends the look-up.</param>
    /// <exception cref="StorageUnavailableException">It was not taken.</exception>
    ValueTask<KeptRequest?> TakeAsync(RequestKey key, string digest, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Keeps the answer of a request whose key was taken; durable on return.</summary>
    /// <exception cref="StorageUnavailableException">It was not kept.</exception>
    void Answer(RequestKey key, RequestAnswer answer);

    /// <summary>Gives a key back: nothing was done.</summary>
    /// <exception cref="StorageUnavailableException">It is still taken.</exception>
    void Free(RequestKey key);
}

/// <summary>A key as its account chose it.</summary>
/// <param name="Account">Name of the account; keys of two accounts have nothing to do with each other.</param>
/// <param name="Key">1 to 255 visible characters.</param>
public readonly record struct RequestKey(string Account, string Key);

/// <summary>A request whose key was taken.</summary>
/// <param name="Digest">Stands for the request.</param>
/// <param name="Answer">Null when no answer was kept: the program stopped while the request was under way.</param>
public sealed record KeptRequest(string Digest, RequestAnswer? Answer);

/// <summary>What a request was answered.</summary>
/// <param name="Location">Where what was made can be found.</param>
/// <param name="Body">The answer, octet for octet.</param>
public sealed record RequestAnswer(string Location, ReadOnlyMemory<byte> Body);
