using Switchhook.Calls.Commands;
using Switchhook.Dialects.Catapult.Wire;

namespace Switchhook.Dialects.Catapult.Calls;

/// <summary>POST calls/{id}/audio: plays, speaks or stops. What is heard already gives way.</summary>
internal static class CatapultPlayAudio
{
    public static async ValueTask<CatapultAnswer> RunAsync(CatapultAsk ask, CatapultPorts ports, CancellationToken cancellation)
    {
        var (call, missing) = await CatapultCall.NeedAsync(ask, ports, cancellation);
        if (missing is not null)
            return missing;
        var fields = new CatapultFields("audio", ask.Body);
        var sound = CatapultSound.Read(ask, fields);
        if (fields.Mistake is { } mistake)
            return mistake;
        if (sound is null)
            return CatapultError.BadParameters;
        if (call.State != "active")
            return call.WrongState;
        if (await sound.PrepareAsync(ports, cancellation) is { } unplayable)
            return unplayable;
        AudioOrder order = sound.Source is { } source
            ? new AudioOrder.Play(call.Leg.Id.Number, source, sound.Loop, sound.Tag)
            : new AudioOrder.StopPlaying(call.Leg.Id.Number);
        return await CatapultRefusals.OrderAsync(ports, call, order, cancellation) switch
        {
            CallRefusal.None => CatapultAnswer.Done,
            CallRefusal.NotPlaying => CatapultError.ForbiddenOf(
                "call-audio-invalid-state", $"The audio for call '{call.Id}' could not be updated. The audio has already finished or does not exist.", ("callId", call.Id)),
            var refusal => await CatapultRefusals.AnswerAsync(ask, ports, call, refusal, cancellation),
        };
    }
}
