using Switchhook.Sip.Messages;
using Switchhook.Sip.Transactions;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Tests.Transactions;

/// <summary>Writes down what the stack says, and may answer at once.</summary>
internal sealed class RecordingUser : ISipStackUser
{
    public List<string> Heard { get; } = [];

    public List<ServerTransactionId> Requests { get; } = [];

    public List<ServerTransactionId> CancelledInvites { get; } = [];

    public List<SipResponse> Responses { get; } = [];

    public List<SipFlow> Flows { get; } = [];

    public Action<ServerTransactionId>? Answer { get; set; }

    public Action<ClientTransactionId, SipResponse>? React { get; set; }

    /// <summary>What a new INVITE is refused with at once.</summary>
    public SipRefusal? Refusal { get; set; }

    public SipRefusal? RefusalOf(SipRequest invite) => Refusal;

    public void OnRequest(in ServerTransactionId id, SipRequest request, in SipFlow flow)
    {
        Heard.Add($"request {request.Method}");
        Requests.Add(id);
        Flows.Add(flow);
        Answer?.Invoke(id);
    }

    public void OnCancel(in ServerTransactionId id, SipRequest cancel, in ServerTransactionId invite, in SipFlow flow)
    {
        Heard.Add(invite.IsNone ? "cancel of nothing" : "cancel");
        Requests.Add(id);
        CancelledInvites.Add(invite);
    }

    public void OnAck(SipRequest ack, in SipFlow flow) => Heard.Add("ack");

    public void OnResponse(in ClientTransactionId id, object? context, SipResponse response)
    {
        Heard.Add($"response {response.Status}");
        Responses.Add(response);
        React?.Invoke(id, response);
    }

    public void OnFailed(in ClientTransactionId id, object? context, TransactionFailure failure) => Heard.Add($"failed {failure}");

    public void OnServerEnded(in ServerTransactionId id, ServerTransactionEnd end) => Heard.Add($"ended {end}");

    public void OnServerUnreachable(in ServerTransactionId id) => Heard.Add("unreachable");

    public void OnStrayResponse(SipResponse response, in SipFlow flow) => Heard.Add($"stray {response.Status}");
}
