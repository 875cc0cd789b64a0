using Switchhook.Calls.Commands;
using Switchhook.Dialects.Catapult.Wire;

namespace Switchhook.Dialects.Catapult.Calls;

/// <summary>Refusals of the exchange as this vendor words them.</summary>
internal static class CatapultRefusals
{
    /// <summary>Asks for something to be done with the audio of the call's party.</summary>
    public static async ValueTask<CallRefusal> OrderAsync(CatapultPorts ports, CatapultCall call, AudioOrder order, CancellationToken cancellation) =>
        (await ports.Calls.AskAsync(new CallCommand.Sound(call.Call.Id, order), cancellation)).Refusal;

    /// <summary>The failure for a refusal, with the state the call is in by now.</summary>
    public static async ValueTask<CatapultAnswer> AnswerAsync(
        CatapultAsk ask, CatapultPorts ports, CatapultCall call, CallRefusal refusal, CancellationToken cancellation) => refusal switch
        {
            CallRefusal.None => CatapultAnswer.Done,
            CallRefusal.NoSuchCall or CallRefusal.NoSuchLeg => CatapultError.NotFound("call", call.Id),
            CallRefusal.CallEnded or CallRefusal.WrongState or CallRefusal.HangupInProgress =>
                (await CatapultCall.FindAsync(ask, ports, call.Id, cancellation) ?? call).WrongState,
            _ => CatapultError.UnavailableOf("call-unavailable", $"The call '{call.Id}' is being initialized and cannot be modified now, retry", ("callId", call.Id)),
        };
}
