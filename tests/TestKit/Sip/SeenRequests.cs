namespace Switchhook.TestKit.Sip;

/// <summary>The requests a phone has seen of late, so that it knows one that is sent again. Only for the one that reads its wire.</summary>
internal sealed class SeenRequests(int capacity)
{
    private readonly HashSet<(string Method, string Branch)> _known = [];
    private readonly Queue<(string Method, string Branch)> _order = [];

    /// <summary>False for a request that came before. A response is always new, and so is an ACK, which answers every 2xx (RFC 3261 §13.2.2.4).</summary>
    public bool IsNew(WireMessage message)
    {
        if (!message.IsRequest || message.Method == "ACK")
            return true;
        var key = (message.Method, message.Branch);
        if (!_known.Add(key))
            return false;
        _order.Enqueue(key);
        if (_order.Count > capacity)
            _known.Remove(_order.Dequeue());
        return true;
    }
}
