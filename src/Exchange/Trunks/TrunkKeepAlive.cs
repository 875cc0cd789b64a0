using Switchhook.Sip.Messages;

namespace Switchhook.Exchange.Trunks;

/// <summary>
/// Whether a registrar's answer says that it answers pings on the connection (RFC 5626 §4.4.1, §10): one that does not would be taken for dead
/// by the first of them.
/// </summary>
internal static class TrunkKeepAlive
{
    /// <summary>A far side that wants more pings than this is not taken seriously.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(15);

    /// <param name="granted">The 2xx to our REGISTER.</param>
    /// <param name="flowTimer">How long the far side waits for a ping; null when it does not say.</param>
    public static bool TryRead(SipResponse granted, out TimeSpan? flowTimer)
    {
        flowTimer = null;
        if (granted.Status is < 200 or >= 300)
            return false;
        if (granted.TryGetNumber(HeaderName.FlowTimer, out var seconds) && seconds > 0)
        {
            var asked = TimeSpan.FromSeconds(Math.Min(seconds, 3600));
            flowTimer = asked < Shortest ? Shortest : asked;
            return true;
        }
        return granted.Lists(HeaderName.Require, "outbound"u8) || granted.Lists(HeaderName.Supported, "outbound"u8);
    }
}
