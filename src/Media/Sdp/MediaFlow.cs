using System.Net;
using Switchhook.Media.Codecs;

namespace Switchhook.Media.Sdp;

/// <summary>What one offer and answer agreed for the audio of a leg, seen from our side (RFC 3264 §7).</summary>
/// <param name="Remote">Where the far side wants RTP; null when it named no address (<c>c=0.0.0.0</c>).</param>
/// <param name="RemoteRtcp">Where it wants RTCP: RFC 3605, else the port after <paramref name="Remote"/>.</param>
/// <param name="Codec">What we send.</param>
/// <param name="SendPayloadType">Its payload type in what we send, 0–127: the far side's number.</param>
/// <param name="ReceivePayloadType">Its payload type in what we get: our number.</param>
/// <param name="SendEventType">Payload type of telephone events we send; null when the far side takes none (RFC 4733).</param>
/// <param name="ReceiveEventType">Payload type of telephone events we get; null when none were agreed.</param>
/// <param name="Direction">What we may do.</param>
/// <param name="PacketTimeMs">Milliseconds of audio the far side likes in a packet; 20 when it said nothing.</param>
/// <param name="EventClockHz">Clock of the durations in telephone events, Hz (RFC 4733 §2.4.1): 8,000 or 48,000.</param>
/// <param name="Opus">What the far side says of the Opus it wants to get; empty with other codecs.</param>
public readonly record struct MediaFlow(
    IPEndPoint? Remote,
    IPEndPoint? RemoteRtcp,
    AudioCodec Codec,
    byte SendPayloadType,
    byte ReceivePayloadType,
    byte? SendEventType,
    byte? ReceiveEventType,
    MediaDirection Direction,
    int PacketTimeMs = 20,
    int EventClockHz = 8_000,
    OpusParameters Opus = default);
