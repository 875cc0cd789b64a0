namespace Switchhook.Server.Tests.Dialects;

/// <summary>A call as a dialect lists it.</summary>
public sealed record ListedCall(string Id, string Number, string State);

/// <summary>What a dialect calls what happens to a call.</summary>
/// <param name="Name">The dialect, as hangup records have it.</param>
/// <param name="Rings">State of a call that nobody has answered.</param>
/// <param name="Talks">State of an answered one.</param>
/// <param name="HangsUp">The answer to the hangup.</param>
/// <param name="Again">The answer while another's hangup is in progress.</param>
/// <param name="Over">The answer when the call has ended.</param>
/// <param name="Cleared">How an answered call is shown that was hung up.</param>
/// <param name="Cancelled">How one is shown that was hung up before.</param>
public sealed record DialectWords(string Name, string Rings, string Talks, string HangsUp, string Again, string Over, string Cleared, string Cancelled);

/// <summary>An application of one dialect: what it asks for, and what it was told.</summary>
public abstract class DialectDriver(DialectsLab lab) : IDisposable
{
    protected DialectsLab Lab => lab;

    public abstract DialectWords Words { get; }

    /// <summary>True when every call of the account is told here, whoever placed it.</summary>
    public virtual bool HearsOfAll => false;

    /// <summary>True when a call it places has two parties, the second behind the number that <see cref="PlaceAsync"/> gives.</summary>
    public virtual bool JoinsTwo => false;

    /// <summary>Places a call to a number; gives the number of the second party, if there is one.</summary>
    public abstract Task<string?> PlaceAsync(string number);

    /// <summary>Waits until the application that placed the call knows of its answer.</summary>
    public virtual Task AnsweredAsync(string number) => Task.CompletedTask;

    /// <summary>The live call to that number in the dialect's own list.</summary>
    public abstract Task<ListedCall> FindAsync(string number);

    /// <summary>Hangs up; gives the answer in a word.</summary>
    /// <param name="rings">Nobody has answered.</param>
    public abstract Task<string> HangUpAsync(ListedCall call, bool rings = false);

    /// <summary>How a call that has ended is shown.</summary>
    public abstract Task<string> EndAsync(ListedCall call);

    /// <summary>How often the end of that call was told.</summary>
    public abstract int Told(OneCall call);

    /// <inheritdoc/>
    public virtual void Dispose() => GC.SuppressFinalize(this);
}
