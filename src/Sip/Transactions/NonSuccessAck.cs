using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Transactions;

/// <summary>The ACK a client transaction makes for a final response other than 2xx (RFC 3261 §17.1.1.3).</summary>
internal static class NonSuccessAck
{
    public static SipRequest For(SipRequest invite, SipResponse response) =>
        new SipRequestBuilder(SipMethod.Ack, invite.RequestUri)
            .CopyFirst(invite, HeaderName.Via)
            .CopyFrom(invite, HeaderName.Route)
            .Header(HeaderName.MaxForwards, 70)
            .CopyFrom(invite, HeaderName.From)
            .CopyFrom(response, HeaderName.To)
            .CopyFrom(invite, HeaderName.CallId)
            .CSeq(invite.CSeq.Number, SipMethod.Ack)
            .Build();
}
