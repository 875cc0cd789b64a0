using System.Buffers.Text;
using Switchhook.Exchange.Routing;
using Switchhook.Exchange.Shards;
using Switchhook.Sip;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transport;

namespace Switchhook.Exchange.Trunks;

/// <summary>
/// Listens along for what trunks say: an address that was heard from needs no probe, and one that refuses a call with 503 is tried last for a
/// while (RFC 3261 §21.5.4). On the shard's thread; for messages of others it costs one look-up.
/// </summary>
internal sealed class TrunkEars(SipTraceTap tap, TrunkAddresses addresses, TimeProvider time) : ISipTrace
{
    private readonly Dictionary<SipEndpoint, long> _heardAt = [];

    /// <summary>Listens for that address from now on.</summary>
    public void Listen(in SipEndpoint address) => _heardAt.TryAdd(address, 0);

    /// <summary>No more.</summary>
    public void Forget(in SipEndpoint address) => _heardAt.Remove(address);

    /// <summary>True when a message came from there within that time.</summary>
    public bool HasHeard(in SipEndpoint address, TimeSpan within) =>
        _heardAt.TryGetValue(address, out var at) && at != 0 && time.GetElapsedTime(at) < within;

    public void OnReceived(in SipFlow flow, SipMessage message)
    {
        tap.OnReceived(flow, message);
        if (_heardAt.Count == 0 || !_heardAt.ContainsKey(flow.Remote))
            return;
        if (message is not SipResponse { Status: SipStatus.ServiceUnavailable } refusal)
            _heardAt[flow.Remote] = time.GetTimestamp();
        else if (refusal.CSeq.Method == SipMethod.Invite)
            addresses.Failed(flow.Remote, Utf8Parser.TryParse(refusal.Get(HeaderName.RetryAfter), out uint seconds, out _) ? TimeSpan.FromSeconds(seconds) : null);
    }

    public void OnSent(in SipFlow flow, SipMessage message, SendResult result) => tap.OnSent(flow, message, result);
}
