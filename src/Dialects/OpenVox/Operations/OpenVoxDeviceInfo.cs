using System.Globalization;
using Switchhook.Dialects.OpenVox.Wire;

namespace Switchhook.Dialects.OpenVox.Operations;

/// <summary>deviceinfo/query: what this is, and since when it runs.</summary>
internal static class OpenVoxDeviceInfo
{
    public static ValueTask<OpenVoxAnswer> RunAsync(OpenVoxAsk ask, OpenVoxPorts ports, CancellationToken cancellation)
    {
        var options = ports.Options;
        var phones = ask.Directory.Provisioning.Extensions.Where(OpenVoxWords.IsPhone).ToList();
        var own = phones.Count(e => OpenVoxWords.Owns(ask.Account.Name, e));
        return new(OpenVoxAnswer.With(("deviceinfo", OpenVoxNode.Of(
            ("devicename", OpenVoxWords.DeviceName(ask.Directory)),
            ("sn", OpenVoxWords.Sn(ask.Directory)),
            ("hardwarever", "0.0"),
            ("firmwarever", options.Version),
            ("systemtime", OpenVoxWords.Time(ports.Time.GetUtcNow(), options.TimeZone)),
            ("uptime", OpenVoxWords.StartTime(options.StartedAt, options.TimeZone)),
            ("extensionstatus", string.Create(CultureInfo.InvariantCulture, $"{own}/{phones.Count}"))))));
    }
}
