namespace Switchhook.Sip.Dialogs;

/// <summary>What one input did to a machine.</summary>
/// <param name="Next">The machine afterwards.</param>
/// <param name="Effects">What is to be done outside, in this order.</param>
/// <param name="Ignored">The table has no row for this pair.</param>
internal readonly record struct SessionStep<TMachine>(TMachine Next, SessionEffect[] Effects, bool Ignored = false);
