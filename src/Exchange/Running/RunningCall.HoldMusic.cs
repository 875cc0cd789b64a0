using Switchhook.Calls.Machine;

namespace Switchhook.Exchange.Running;

/// <summary>What a party hears while the phone of the other one holds it.</summary>
internal sealed partial class RunningCall
{
    /// <summary>How long a phone that holds may be silent before its party hears music, and how often is looked whether it still is.</summary>
    private static readonly TimeSpan HoldLook = TimeSpan.FromMilliseconds(300);

    /// <summary>Fewer packets than this in that time are signs of life or of comfort noise, and no music.</summary>
    private const long PacketsOfMusic = 4;

    /// <summary>
    /// A phone holds its party, or is back. One that may still send (<c>sendonly</c>) has music of its own for it, or has not: many send nothing
    /// all the same, and whoever they hold would sit in silence. One that says that it sends nothing leaves the music to us.
    /// </summary>
    private void HeldByFarSide(RunningLeg leg, LegAudio audio)
    {
        Give(new CallInput.FarHold(leg.Number, audio.IsHeldByFarSide));
        if (!audio.IsHeldByFarSide)
        {
            _context.Timers.Cancel(ref leg.HoldTimer);
            PlayHoldMusic(leg, false);
            return;
        }
        PlayHoldMusic(leg, audio.IsLeftInSilence);
        leg.HeardInHold = audio.Media.Snapshot().PacketsReceived;
        _context.Timers.Restart(ref leg.HoldTimer, HoldLook, leg, RunningLeg.HoldTime);
    }

    /// <summary>It is time to look whether the phone that holds sends anything.</summary>
    public void OnHoldLook(RunningLeg leg)
    {
        if (leg.Audio is not { IsHeldByFarSide: true } audio || FindLeg(leg.Number) != leg)
            return;
        var heard = audio.Media.Snapshot().PacketsReceived;
        PlayHoldMusic(leg, audio.IsLeftInSilence || heard - leg.HeardInHold < PacketsOfMusic);
        leg.HeardInHold = heard;
        _context.Timers.Restart(ref leg.HoldTimer, HoldLook, leg, RunningLeg.HoldTime);
    }

    /// <summary>Music for the partner of a leg, or no more of it. What a command plays there goes first.</summary>
    private void PlayHoldMusic(RunningLeg holder, bool wanted)
    {
        if (Call is not { State: Calls.CallState.Talking, Far: > 0 } || FindLeg(holder.Number == Call.Near ? Call.Far : Call.Near) is not { WantsHold: false } party)
            return;
        if (party.Playback != 0)
            party.HasHoldMusic = false;
        else if (wanted && !party.HasHoldMusic)
        {
            party.HasHoldMusic = true;
            party.Audio?.Media.Play(_context.HoldMusic, loop: true);
        }
        else if (!wanted && party.HasHoldMusic)
        {
            party.HasHoldMusic = false;
            party.Audio?.Media.StopPlaying();
        }
    }
}
