namespace Switchhook.Sip.Messages;

/// <summary>
/// The header fields this stack knows by name: those of RFC 3261 §20 and of the extensions named beside the others.
/// <see cref="Other"/> stands for every other field; such a field is found by its name on the wire.
/// </summary>
public enum HeaderName : byte
{
    Other,

    // RFC 3261 §20.
    Accept,
    AcceptEncoding,
    AcceptLanguage,
    AlertInfo,
    Allow,
    AuthenticationInfo,
    Authorization,
    CallId,
    CallInfo,
    Contact,
    ContentDisposition,
    ContentEncoding,
    ContentLanguage,
    ContentLength,
    ContentType,
    CSeq,
    Date,
    ErrorInfo,
    Expires,
    From,
    InReplyTo,
    MaxForwards,
    MimeVersion,
    MinExpires,
    Organization,
    Priority,
    ProxyAuthenticate,
    ProxyAuthorization,
    ProxyRequire,
    RecordRoute,
    ReplyTo,
    Require,
    RetryAfter,
    Route,
    Server,
    Subject,
    Supported,
    Timestamp,
    To,
    Unsupported,
    UserAgent,
    Via,
    Warning,
    WwwAuthenticate,

    // RFC 3262.
    RAck,
    RSeq,

    // RFC 3323, 3325, 3326, 3327, 3329, 3608.
    Privacy,
    PAssertedIdentity,
    PPreferredIdentity,
    Reason,
    Path,
    SecurityClient,
    SecurityServer,
    SecurityVerify,
    ServiceRoute,

    // RFC 3515, 3841, 3891, 3892, 3903, 3911.
    ReferTo,
    AcceptContact,
    RejectContact,
    RequestDisposition,
    Replaces,
    ReferredBy,
    SipETag,
    SipIfMatch,
    Join,

    // RFC 4028, 4488, 4538, 5626, 5806.
    SessionExpires,
    MinSE,
    ReferSub,
    TargetDialog,
    FlowTimer,
    Diversion,

    // RFC 6086, 6665, 7044, 7329, 7433, 8224.
    InfoPackage,
    RecvInfo,
    Event,
    AllowEvents,
    SubscriptionState,
    HistoryInfo,
    SessionId,
    UserToUser,
    Identity,
    IdentityInfo,

    // Never standardized, still sent by many exchanges (draft-ietf-sip-privacy-04).
    RemotePartyId,
}
