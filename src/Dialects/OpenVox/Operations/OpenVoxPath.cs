using System.Collections.Frozen;

namespace Switchhook.Dialects.OpenVox.Operations;

/// <summary>The paths that are served. The vendor's own examples use three version segments for the same thing.</summary>
internal static class OpenVoxPath
{
    private static readonly string[] Roots = ["/api/v0.0.1/", "/api/v1.1.0/", "/api/v2.0.0/"];

    private static readonly FrozenDictionary<string, OpenVoxRun> Known = new Dictionary<string, OpenVoxRun>
    {
        ["heartbeat"] = OpenVoxHeartbeat.RunAsync,
        ["logout"] = OpenVoxLogout.RunAsync,
        ["deviceinfo/query"] = OpenVoxDeviceInfo.RunAsync,
        ["extensionlist/query"] = OpenVoxExtensions.ListAsync,
        ["extension/query"] = OpenVoxExtensions.QueryAsync,
        ["inbound/query"] = OpenVoxTrunkCalls.QueryInboundAsync,
        ["outbound/query"] = OpenVoxTrunkCalls.QueryOutboundAsync,
        ["inbound/hangup"] = OpenVoxHangup.InboundAsync,
        ["outbound/hangup"] = OpenVoxHangup.OutboundAsync,
        ["extension/hangup"] = OpenVoxHangup.ExtensionAsync,
        ["extension/dial_extension"] = OpenVoxDial.ExtensionAsync,
        ["extension/dial_outbound"] = OpenVoxDial.OutboundAsync,
        ["outbound/dial_outbound"] = OpenVoxDial.BetweenOutsidersAsync,
        ["extension/hold"] = OpenVoxHold.HoldAsync,
        ["extension/unhold"] = OpenVoxHold.UnholdAsync,
        ["extension/mute"] = OpenVoxMute.MuteAsync,
        ["extension/unmute"] = OpenVoxMute.UnmuteAsync,
        ["extension/listen"] = OpenVoxMonitor.ListenAsync,
        ["extension/whisper"] = OpenVoxMonitor.WhisperAsync,
        ["extension/barge"] = OpenVoxMonitor.BargeAsync,
        ["calltransfer"] = OpenVoxTransfer.RunAsync,
        ["extension/playprompt"] = OpenVoxPlayPrompt.ToExtensionAsync,
        ["outbound/playprompt"] = OpenVoxPlayPrompt.ToOutsiderAsync,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Every one that wants a token, in no order.</summary>
    public static IReadOnlyList<string> All => Known.Keys;

    /// <summary>What comes behind the version, or null for another path.</summary>
    public static string? OperationOf(string? path)
    {
        foreach (var root in Roots)
        {
            if (path?.StartsWith(root, StringComparison.Ordinal) == true)
                return path[root.Length..];
        }
        return null;
    }

    public static OpenVoxRun? Find(string operation) => Known.GetValueOrDefault(operation);
}
