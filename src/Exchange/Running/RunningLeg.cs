using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Transactions;

namespace Switchhook.Exchange.Running;

/// <summary>
/// One leg at work: its signalling, its audio, and the number it has in its call. Belongs to the shard's thread. An attended transfer takes it
/// to another call: whatever its session tells goes to the call it is in.
/// </summary>
internal sealed class RunningLeg(RunningCall call, LegId id) : ITimed
{
    /// <summary>The number <see cref="PlayTimer"/> fires with.</summary>
    public const int PlayTime = 1;

    /// <summary>The timer that looks whether a phone that holds sends anything.</summary>
    public const int HoldTime = 2;

    public RunningCall Call { get; private set; } = call;
    public LegId Id { get; private set; } = id;
    public int Number => Id.Number;

    /// <summary>The SIP session; null until an outbound leg is placed.</summary>
    public SipSession? Session { get; set; }

    /// <summary>The audio; null until a description was exchanged or offered, and after the end.</summary>
    public LegAudio? Audio { get; set; }

    /// <summary>True between our re-INVITE and its answer; a change asked for meanwhile follows then.</summary>
    public bool Reoffering { get; set; }

    /// <summary>Whether we want the phone on hold.</summary>
    public bool WantsHold { get; set; }

    /// <summary>What our last re-INVITE asked for.</summary>
    public bool Held { get; set; }

    /// <summary>True while it hears music because the other party holds it and sends nothing.</summary>
    public bool HasHoldMusic { get; set; }

    /// <summary>Packets that had come when it was last looked whether this phone, which holds, sends anything.</summary>
    public long HeardInHold { get; set; }

    /// <summary>The call's number of what a command has played here; 0 while nothing is.</summary>
    public int Playback { get; set; }

    /// <summary>The media session's number of it; 0 while it is being loaded.</summary>
    public long MediaPlayback { get; set; }

    /// <summary>The conference it sits in.</summary>
    public RoomName? Room { get; set; }

    /// <summary>Keys of its party.</summary>
    public KeyEar Keys { get; } = new();

    /// <summary>The Reason header of our hangup.</summary>
    public string HangupReason { get; set; } = "";

    /// <summary>The transfer this leg's phone asked for and has not been told the end of.</summary>
    public IncomingRefer? Refer { get; set; }

    /// <summary>A hangup that waits for <see cref="Refer"/>.</summary>
    public SessionHangup? Waiting { get; set; }

    /// <summary>Ends that wait.</summary>
    public TimerHandle WaitTimer;

    /// <summary>Ends what a command has played for a time.</summary>
    public TimerHandle PlayTimer;

    /// <summary>Looks whether a phone that holds sends anything.</summary>
    public TimerHandle HoldTimer;

    /// <summary>The dialog as the log has it; null before the answer.</summary>
    public DialogSnapshot? Kept { get; set; }

    /// <summary>The CSeq number of its unanswered INVITE as the log has it; 0 before.</summary>
    public uint KeptInvite { get; set; }

    /// <summary>The leg that the log has it for.</summary>
    public LegId KeptAs { get; set; }

    /// <summary>Stops what a command has played.</summary>
    public void StopPlaying()
    {
        if (Playback == 0)
            return;
        (Playback, MediaPlayback) = (0, 0);
        Audio?.Media.StopPlaying();
    }

    /// <summary>Presses keys: as events (RFC 4733) when they were agreed; by INFO when the phone was heard to do so itself; else in the audio.</summary>
    public void SendKeys(string keys)
    {
        if (Audio is not { } audio)
            return;
        if (audio.HasEvents || !Keys.KnowsInfoOnly || Session is not { IsConfirmed: true } session)
        {
            audio.Media.SendDigits(keys);
            return;
        }
        foreach (var key in keys.Where(static k => k is not (',' or 'w' or 'W')))   // an INFO says nothing of pauses
            session.SendInfo(InfoKeys.ContentType, InfoKeys.Write(key));
    }

    /// <summary>From now on a leg of another call.</summary>
    public void MoveTo(RunningCall call, LegId id)
    {
        (Call, Id) = (call, id);
        if (Audio is { } audio)
            audio.Media.Owner = new LegAddress(id.Call, id.Number);
    }

    public void OnTimer(int timer)
    {
        if (timer == PlayTime)
        {
            PlayTimer = default;
            Call.Guard(c => c.OnPlayedLongEnough(this));
            return;
        }
        if (timer == HoldTime)
        {
            HoldTimer = default;
            Call.Guard(c => c.OnHoldLook(this));
            return;
        }
        WaitTimer = default;
        Call.Guard(c => c.StopWaiting(this));
    }
}

/// <summary>What a media session's owner is: enough to find the leg again from a media thread.</summary>
internal sealed record LegAddress(CallId Call, int Leg);
