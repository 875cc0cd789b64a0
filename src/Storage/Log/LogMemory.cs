namespace Switchhook.Storage.Log;

/// <summary>What the writer of the log remembers from one batch to the next.</summary>
internal sealed class LogMemory : IDisposable
{
    public LogBuffer Buffer { get; } = new();
    public CallChains Chains { get; } = new();
    public EventBlocks Blocks { get; } = new();

    /// <summary>The batch is stored.</summary>
    public void Keep()
    {
        Chains.Keep();
        Blocks.Keep();
    }

    /// <summary>The batch is done with, stored or not.</summary>
    public void Forget() => Chains.Forget();

    public void Dispose() => Buffer.Dispose();
}
