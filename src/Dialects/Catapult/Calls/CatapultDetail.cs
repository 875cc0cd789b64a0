namespace Switchhook.Dialects.Catapult.Calls;

/// <summary>What is kept with a leg: the parameters its call was made with, by the names they have in requests.</summary>
internal static class CatapultDetail
{
    /// <summary>The account's id as addresses name it.</summary>
    public const string User = "catapult.user";
    public const string CallbackUrl = "catapult.callbackUrl";
    public const string CallbackHttpMethod = "catapult.callbackHttpMethod";
    public const string CallbackTimeout = "catapult.callbackTimeout";
    public const string FallbackUrl = "catapult.fallbackUrl";
    public const string CallTimeout = "catapult.callTimeout";
    public const string Tag = "catapult.tag";
    public const string BridgeId = "catapult.bridgeId";
    public const string ConferenceId = "catapult.conferenceId";
    public const string RecordingEnabled = "catapult.recordingEnabled";
    public const string RecordingMaxDuration = "catapult.recordingMaxDuration";
    public const string RecordingFileFormat = "catapult.recordingFileFormat";
    public const string TranscriptionEnabled = "catapult.transcriptionEnabled";

    /// <summary>A JSON object of texts.</summary>
    public const string SipHeaders = "catapult.sipHeaders";

    /// <summary>The application an inbound call came to.</summary>
    public const string ApplicationId = "catapult.applicationId";

    /// <summary>Its name, where it has no address to tell.</summary>
    public const string ApplicationName = "catapult.applicationName";
    public const string To = "catapult.to";
    public const string TransferTo = "catapult.transferTo";
    public const string TransferCallerId = "catapult.transferCallerId";
    public const string PreferredId = "catapult.preferredId";

    /// <summary>A JSON object of texts.</summary>
    public const string Diversion = "catapult.diversion";

    /// <summary>The header it was made of.</summary>
    public const string DiversionHeader = "catapult.diversionHeader";
}
