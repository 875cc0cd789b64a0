using Microsoft.Extensions.Logging;
using Switchhook.Exchange.Routing;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Transactions;

namespace Switchhook.Exchange.Trunks;

/// <summary>What the work for trunks needs of its shard; belongs to the shard's thread.</summary>
/// <param name="Agent">Sends.</param>
/// <param name="Timers">A wheel apart from that of calls: it is never empty.</param>
/// <param name="Addresses">Where trunks are.</param>
/// <param name="Ears">What trunks were heard to say.</param>
/// <param name="Random">Call-IDs, nonces and the spread of waits.</param>
/// <param name="Domain">Ours.</param>
/// <param name="Log">Told how trunks come and go.</param>
internal sealed record TrunkTools(
    SipUserAgent Agent, TimerWheel Timers, TrunkAddresses Addresses, TrunkEars Ears, IRandomSource Random, string Domain, ILogger Log)
{
    /// <summary>From 0 to below 1.</summary>
    public double Chance() => (Random.Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>16 hexadecimal digits.</summary>
    public string Token() => Random.Next().ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
}
