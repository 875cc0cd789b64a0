using System.Globalization;
using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;

namespace Switchhook.Dialects.OpenVox;

/// <summary>The vendor's words for states and outcomes, and the shapes of its times.</summary>
internal static class OpenVoxWords
{
    public const string Dialect = "openvox";

    public static string Sn(CallDirectory directory) => directory.Provisioning.OpenvoxSettings?.Sn ?? "000000000001";

    public static string DeviceName(CallDirectory directory) => directory.Provisioning.OpenvoxSettings?.DeviceName ?? "Switchhook";

    /// <summary>SIP status in the report of a call that failed: the cause's row, else what the far side said, else what we would say.</summary>
    public static int FailureStatus(HangupCause cause, int? received) => cause switch
    {
        HangupCause.OriginatorCancel => 487,
        HangupCause.UserBusy => 486,
        HangupCause.NoUserResponse or HangupCause.NoAnswer => 480,
        HangupCause.CallRejected => 603,
        HangupCause.UnallocatedNumber => 404,
        HangupCause.InvalidNumberFormat => 484,
        HangupCause.NormalTemporaryFailure or HangupCause.NormalCircuitCongestion or HangupCause.SwitchCongestion => 503,
        HangupCause.RecoveryOnTimerExpire => 408,
        _ => received ?? CauseTable.Standard.ToSip(cause),
    };

    /// <summary>Outcome in a call record.</summary>
    public static string Outcome(Call call) => call switch
    {
        { AnsweredAt: not null } => "ANSWERED",
        { Cause: HangupCause.UserBusy or HangupCause.CallRejected } => "BUSY",
        { Cause: HangupCause.NoAnswer or HangupCause.NoUserResponse or HangupCause.OriginatorCancel or HangupCause.NormalClearing } => "NO ANSWER",
        _ => "FAILED",
    };

    public static string CallType(Call call) => CallDirections.Of(call) switch
    {
        CallDirection.Internal => "Internal",
        CallDirection.Inbound => "Inbound",
        CallDirection.Outbound or CallDirection.External => "Outbound",
    };

    public static string MonitorMode(Monitoring mode) => mode switch
    {
        Monitoring.Extensive => "Extensive",
        Monitoring.Listen => "Listen",
        Monitoring.Whisper => "Whisper",
        Monitoring.BargeIn => "Barge-in",
        Monitoring.Disabled => "disable",
    };

    /// <summary>State of a trunk's call in the queries.</summary>
    public static string TrunkStatus(Call call) => call.State switch
    {
        CallState.Talking or CallState.Transferring => "Talking",
        CallState.Held => "Wait",
        _ => "Progress",
    };

    public static string Time(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>The moment of the start, with an English month.</summary>
    public static string StartTime(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MMM-dd-HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Whole seconds, never less than none.</summary>
    public static string Seconds(DateTimeOffset? from, DateTimeOffset? to) =>
        from is { } begin && to is { } end ? Math.Max(0, (long)(end - begin).TotalSeconds).ToString(CultureInfo.InvariantCulture) : "0";

    /// <summary>True for an extension the account may see: its own, and those of nobody.</summary>
    public static bool Owns(string account, Extension extension) =>
        extension.Account is null || string.Equals(extension.Account, account, StringComparison.OrdinalIgnoreCase);

    /// <summary>True for what counts as an extension here: something that rings.</summary>
    public static bool IsPhone(Extension extension) => extension.Kind is ExtensionKind.Phone or ExtensionKind.DemoPhone;
}
