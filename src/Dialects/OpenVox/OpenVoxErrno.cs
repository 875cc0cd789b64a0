namespace Switchhook.Dialects.OpenVox;

/// <summary>The numbers of failures this dialect answers with; on the wire they are strings.</summary>
internal enum OpenVoxErrno
{
    /// <summary>The body is no XML we read.</summary>
    UnreadableXml = 10002,
    /// <summary>No such path.</summary>
    NotSupported = 10003,
    /// <summary>A required parameter is missing, blank, or not one of its words.</summary>
    MissingParameter = 10004,
    NoSuchExtension = 10006,
    NoSuchCall = 10007,
    /// <summary>The extension is in a call, or no phone is registered for it.</summary>
    ExtensionNotIdle = 10008,
    MonitoringNotAllowed = 10009,
    MonitorModeMismatch = 10010,
    NoSuchCallee = 10011,
    /// <summary>The call is not in a state that allows it.</summary>
    NotConnected = 10015,
    NoSuchPrompt = 10023,
    /// <summary>The number leads nowhere.</summary>
    NumberNotAcceptable = 10031,
    /// <summary>The body is no JSON we read.</summary>
    UnreadableJson = 20000,
    PostOnly = 20001,
    LockedOut = 20002,
    /// <summary>The address may not use this listener.</summary>
    AddressRefused = 20003,
    NoSuchToken = 20004,
    TokenBlank = 20005,
    TokenTimedOut = 20006,
    /// <summary>There is no body where parameters are needed.</summary>
    EmptyBody = 20007,
    BadPort = 20008,
    /// <summary>The exchange does not take it now: limits, stopping.</summary>
    NotTaken = 20010,
    BadHeartbeat = 20011,
    /// <summary>Wrong user or password: the one number the vendor itself shows.</summary>
    LoginFailed = 30003,
}
