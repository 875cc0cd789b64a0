using System.Buffers;
using Switchhook.Calls.Commands;
using Switchhook.Dialects.Catapult.Wire;

namespace Switchhook.Dialects.Catapult.Calls;

/// <summary>POST calls/{id}/dtmf: presses keys; a comma and <c>w</c> wait half a second, <c>W</c> a whole one.</summary>
internal static class CatapultSendDtmf
{
    private const int MostKeys = 92;

    private static readonly SearchValues<char> Keys = SearchValues.Create("ABCD0123456789#*,wW");

    public static async ValueTask<CatapultAnswer> RunAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        var (call, missing) = await CatapultCall.NeedAsync(ask, ports, cancellation);
        if (missing is not null)
            return missing;
        var fields = new CatapultFields("dtmf", ask.Body);
        var keys = fields.Needed("dtmfOut");
        if (keys.Length > MostKeys)
            fields.Refuse(CatapultError.TooGreat("dtmf", "dtmfOut", "92"));
        if (keys.AsSpan().ContainsAnyExcept(Keys))
            fields.Refuse(CatapultError.Invalid($"The 'dtmf' resource property 'dtmfOut' must match [A-D0-9#*,wW]+"));
        if (fields.Mistake is { } mistake)
            return mistake;
        if (call.State != "active")
            return call.WrongState;
        var refusal = await CatapultRefusals.OrderAsync(ports, call, new AudioOrder.SendKeys(call.Leg.Id.Number, keys), cancellation);
        return refusal == CallRefusal.Congestion
            ? CatapultError.UnavailableOf("send-dtmf-failure", $"The digits could not be sent to call '{call.Id}'")
            : await CatapultRefusals.AnswerAsync(ask, ports, call, refusal, cancellation);
    }
}
