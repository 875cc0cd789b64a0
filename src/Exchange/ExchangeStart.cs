namespace Switchhook.Exchange;

/// <summary>What came of starting the exchange.</summary>
public abstract record ExchangeStart
{
    public sealed record Started(SwitchExchange Exchange) : ExchangeStart;

    /// <summary>Nothing was started.</summary>
    /// <param name="Address">The address in question.</param>
    /// <param name="Message">A sentence for the operator.</param>
    /// <param name="InUse">True when another program holds it.</param>
    public sealed record Failed(string Address, string Message, bool InUse) : ExchangeStart;

    private ExchangeStart() { }
}
