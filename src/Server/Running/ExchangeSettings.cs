using Switchhook.Exchange;
using Switchhook.Server.Configuration;

namespace Switchhook.Server.Running;

/// <summary>The exchange's options as the configuration has them.</summary>
internal static class ExchangeSettings
{
    public static ExchangeOptions Of(ServerSettings settings, TimeProvider time) => new()
    {
        SipListen = [.. settings.Sip.Listen.Select(l => l.ToString())],
        SipCertificate = SipCertificate.Of(settings, time),
        Domain = settings.Sip.Domain,
        Md5Agents = settings.Sip.Md5Agents,
        SessionInterval = settings.Sip.SessionInterval,
        MinSessionInterval = settings.Sip.MinSessionInterval,
        Subscriptions = settings.Sip.Subscriptions,
        Guesses = settings.Security.Guesses,
        SipAdvertise = settings.Sip.Advertise,
        RtpAdvertise = settings.Rtp.Advertise,
        RtpAddress = settings.Rtp.Address,
        RtpFirstPort = settings.Rtp.FirstPort,
        RtpLastPort = settings.Rtp.LastPort,
        RtpCodecs = settings.Rtp.Codecs,
        RtpSilenceHangup = settings.Rtp.SilenceHangup,
        MaxCallDuration = settings.Calls.MaxDuration,
        MaxLiveCalls = settings.Calls.MaxLive,
        MaxCallsPerSecond = settings.Calls.MaxPerSecond,
        PromptsDirectory = settings.PromptsDirectory,
        HoldMusic = settings.HoldMusic,
        ToneCountry = settings.ToneCountry,
        RecordingsDirectory = settings.RecordingsDirectory,
        MediaDirectory = settings.MediaDirectory,
        CauseOverrides = settings.Causes,
    };
}
