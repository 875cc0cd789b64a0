namespace Switchhook.Sip.Transactions;

/// <summary>What a machine has decided: its next state, and what the outside is asked to do, in this order.</summary>
/// <param name="Next">The machine after the input.</param>
/// <param name="Effects">What to do; the same array may serve many steps, so nobody changes it.</param>
/// <param name="IsIgnored">True when the table has no row for the input in this state.</param>
internal readonly record struct Step<T>(T Next, TransactionEffect[] Effects, bool IsIgnored = false);
