using System.Text.Json.Nodes;

namespace Switchhook.Dialects.Hoiio;

/// <summary>Every status this implementation answers with. A missing parameter has one of its own: <see cref="Missing"/>.</summary>
internal static class HoiioStatus
{
    public const string Success = "success_ok";
    public const string InvalidMethod = "error_invalid_http_method";
    public const string Malformed = "error_malformed_params";
    public const string InvalidApplication = "error_invalid_app_id";
    public const string InvalidToken = "error_invalid_access_token";
    public const string RateLimit = "error_rate_limit_exceeded";
    public const string Internal = "error_internal_server_error";

    public const string MsgLength = "error_msg_invalid_length";
    public const string MsgNotSpoken = "error_msg_cannot_convert_text";
    public const string MsgDownload = "error_msg_download_failed";
    public const string MsgFormat = "error_msg_invalid_file_format";
    public const string MsgSize = "error_msg_invalid_file_size";
    public const string MsgUrl = "error_msg_invalid_url";
    public const string MsgLanguage = "error_msg_invalid_language";
    public const string MsgGender = "error_msg_invalid_gender";
    public const string MsgXml = "error_msg_invalid_xml";

    public const string TagLength = "error_tag_invalid_length";
    public const string NotifyUrl = "error_invalid_notify_url";
    public const string NotifyUrlUnresolved = "error_unable_to_resolve_notify_url";
    public const string NotifyUrlHandshake = "error_unable_to_complete_ssl_handshake_notify_url";

    public const string InvalidSession = "error_invalid_session";
    public const string SessionDenied = "error_session_access_denied";
    public const string SessionEnded = "error_session_ended";
    public const string NotReady = "error_session_not_ready";
    public const string NotOnHold = "error_session_not_on_hold";
    public const string HangupInProgress = "error_hangup_already_in_progress";
    public const string MsgWithForce = "error_cannot_play_msg_with_force";
    public const string MonitorInProgress = "error_monitor_in_progress";

    public const string MaxDigits = "error_invalid_max_digits";
    public const string Timeout = "error_invalid_timeout";
    public const string Attempts = "error_invalid_attempts";
    public const string RecordDuration = "error_invalid_max_duration";
    public const string CallDuration = "error_max_duration_invalid";
    public const string OnFailure = "error_on_failure_invalid";
    public const string Room = "error_invalid_room";
    public const string CallerId = "error_caller_id_invalid";
    public const string Dest = "error_dest_invalid";
    public const string DestNotSupported = "error_dest_not_supported";
    public const string Dest1 = "error_dest1_invalid";
    public const string Dest2 = "error_dest2_invalid";
    public const string Dest1NotSupported = "error_dest1_not_supported";
    public const string Dest2NotSupported = "error_dest2_not_supported";
    public const string SameDests = "error_same_dest1_dest2";
    public const string TooManyDests = "error_dest_too_many";
    public const string Credit = "error_insufficient_credit";
    public const string Concurrent = "error_concurrent_call_limit_reached";
    public const string CallService = "error_call_service_not_available";
    public const string Service = "error_service_not_available";

    public const string Transaction = "error_txn_ref_invalid";
    public const string TransactionDenied = "error_txn_ref_access_denied";
    public const string From = "error_from_invalid";
    public const string To = "error_to_invalid";
    public const string ToBeforeFrom = "error_to_before_from";
    public const string Page = "error_page_invalid";

    public const string ForwardTo = "error_forward_to_invalid";
    public const string ForwardToUnresolved = "error_unable_to_resolve_forward_to";
    public const string Mode = "error_mode_invalid";
    public const string NoIncomingSms = "error_incoming_sms_not_supported";
    public const string NumberInvalid = "error_number_invalid";
    public const string NumberNotAssigned = "error_number_not_assigned";
    public const string NumberNotAvailable = "error_number_not_available";
    public const string NumberDuration = "error_invalid_duration";
    public const string NotificationNotAdded = "error_add_notification_failed";

    /// <summary>A required parameter is not there, or empty.</summary>
    public static string Missing(string parameter) => $"error_{parameter}_param_missing";

    /// <summary>A failure carries nothing else.</summary>
    public static JsonObject Reply(string status) => new() { ["status"] = status };
}
