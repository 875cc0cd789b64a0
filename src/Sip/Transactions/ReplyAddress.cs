using Switchhook.Sip.Messages;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Transactions;

/// <summary>
/// Where the answers to a request go (RFC 3261 §18.2.2, RFC 3581 §4). Via's maddr is not followed: it would let anybody aim our
/// answers at a third party.
/// </summary>
internal static class ReplyAddress
{
    /// <summary>Over a stream the same connection; over UDP the source address, at the source port if rport asks for it.</summary>
    public static SipFlow For(SipRequest request, in SipFlow source)
    {
        if (source.IsReliable) return source;

        var via = request.SenderVia;
        return via.WantsRport ? source : source with { Remote = source.Remote.WithPort(SentByPort(via, source.Kind)) };
    }

    /// <summary>The port of sent-by, where the answer goes when the connection of the request has ended.</summary>
    public static ushort SentByPort(SipRequest request, SipTransportKind kind) => (ushort)SentByPort(request.TopVia, kind);

    private static int SentByPort(in Via via, SipTransportKind kind) => via.Port == 0 ? kind.DefaultPort() : via.Port;
}
