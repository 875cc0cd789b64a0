using Switchhook.Exchange.Journal;
using Switchhook.Sip.Transport;

namespace Switchhook.Exchange.Shards;

/// <summary>No message leaves before what led to it outlives the process: a far side knows of nothing that a crash could make us forget.</summary>
internal sealed class RecordedTransport(ISipTransport transport, CallJournal journal) : ISipTransport
{
    public IReadOnlyList<SipListener> Listeners => transport.Listeners;

    public int Poll(long deadline, ISipTransportSink sink) => transport.Poll(deadline, sink);

    public void Wake() => transport.Wake();

    public SendResult Send(in SipFlow flow, ReadOnlySpan<byte> message)
    {
        journal.Flush();
        return transport.Send(flow, message);
    }

    public bool KeepAlive(in SipFlow flow, TimeSpan interval) => transport.KeepAlive(flow, interval);

    public SipListener? ListenerFor(in SipFlow flow) => transport.ListenerFor(flow);
}
