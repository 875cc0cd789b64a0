using Switchhook.Sip.Dialogs;

namespace Switchhook.Sip.Tests.Resolution;

/// <summary>The same bits every time.</summary>
internal sealed class FixedRandom(ulong value) : IRandomSource
{
    public ulong Next() => value;
}
