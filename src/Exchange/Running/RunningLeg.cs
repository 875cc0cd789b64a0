using Switchhook.Calls;
using Switchhook.Sip.Dialogs;

namespace Switchhook.Exchange.Running;

/// <summary>One leg at work: its signalling, its audio, and the number it has in its call. Belongs to the shard's thread.</summary>
internal sealed class RunningLeg(RunningCall call, LegId id)
{
    public RunningCall Call => call;
    public LegId Id => id;
    public int Number => id.Number;

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

    /// <summary>The Reason header of our hangup.</summary>
    public string HangupReason { get; set; } = "";
}

/// <summary>What a media session's owner is: enough to find the leg again from a media thread.</summary>
internal sealed record LegAddress(CallId Call, int Leg);
