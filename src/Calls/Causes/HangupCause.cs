namespace Switchhook.Calls.Causes;

/// <summary>
/// Why a leg ended: ITU-T Q.850 values under the names FreeSWITCH and Catapult spell them.
/// <see cref="OriginatorCancel"/> has no Q.850 number; its value is the SIP status that carries it.
/// </summary>
public enum HangupCause
{
    /// <summary>No information.</summary>
    Unspecified = 0,
    /// <summary>The number is not in service.</summary>
    UnallocatedNumber = 1,
    /// <summary>No route to the transit network.</summary>
    NoRouteTransitNet = 2,
    /// <summary>No route to the destination.</summary>
    NoRouteDestination = 3,
    /// <summary>The channel is not acceptable.</summary>
    ChannelUnacceptable = 6,
    /// <summary>The call was awarded and delivered elsewhere.</summary>
    CallAwardedDelivered = 7,
    /// <summary>A normal hang-up.</summary>
    NormalClearing = 16,
    /// <summary>The called user is busy.</summary>
    UserBusy = 17,
    /// <summary>The called side gave no sign of life.</summary>
    NoUserResponse = 18,
    /// <summary>It rang and nobody answered.</summary>
    NoAnswer = 19,
    /// <summary>The called user is not registered.</summary>
    SubscriberAbsent = 20,
    /// <summary>The call was declined.</summary>
    CallRejected = 21,
    /// <summary>The number has changed.</summary>
    NumberChanged = 22,
    /// <summary>Redirected to a new destination.</summary>
    RedirectionToNewDestination = 23,
    /// <summary>An exchange could not route the call.</summary>
    ExchangeRoutingError = 25,
    /// <summary>The destination cannot be reached in working order.</summary>
    DestinationOutOfOrder = 27,
    /// <summary>The number is incomplete or malformed.</summary>
    InvalidNumberFormat = 28,
    /// <summary>A facility was refused.</summary>
    FacilityRejected = 29,
    /// <summary>Answer to a status enquiry.</summary>
    ResponseToStatusEnquiry = 30,
    /// <summary>Normal, without a more exact name.</summary>
    NormalUnspecified = 31,
    /// <summary>No circuit or channel free.</summary>
    NormalCircuitCongestion = 34,
    /// <summary>The network is out of order.</summary>
    NetworkOutOfOrder = 38,
    /// <summary>A temporary failure.</summary>
    NormalTemporaryFailure = 41,
    /// <summary>Equipment overloaded.</summary>
    SwitchCongestion = 42,
    /// <summary>Access information was discarded.</summary>
    AccessInfoDiscarded = 43,
    /// <summary>The requested channel is not available.</summary>
    RequestedChannelUnavailable = 44,
    /// <summary>Preempted by another call.</summary>
    PreEmpted = 45,
    /// <summary>Resource unavailable.</summary>
    ResourceUnavailable = 47,
    /// <summary>The facility is not subscribed.</summary>
    FacilityNotSubscribed = 50,
    /// <summary>Outgoing calls are barred.</summary>
    OutgoingCallBarred = 52,
    /// <summary>Incoming calls are barred.</summary>
    IncomingCallBarred = 54,
    /// <summary>The bearer capability is not authorised.</summary>
    BearerCapabilityNotAuthorized = 57,
    /// <summary>The bearer capability is not available now.</summary>
    BearerCapabilityNotAvailable = 58,
    /// <summary>Service or option not available.</summary>
    ServiceUnavailable = 63,
    /// <summary>The bearer capability is not implemented.</summary>
    BearerCapabilityNotImplemented = 65,
    /// <summary>The facility is not implemented.</summary>
    FacilityNotImplemented = 69,
    /// <summary>Service or option not implemented.</summary>
    ServiceNotImplemented = 79,
    /// <summary>The call reference is invalid.</summary>
    InvalidCallReference = 81,
    /// <summary>The destination is incompatible (media, codec).</summary>
    IncompatibleDestination = 88,
    /// <summary>An invalid message.</summary>
    InvalidMessageUnspecified = 95,
    /// <summary>A mandatory element is missing.</summary>
    MandatoryIeMissing = 96,
    /// <summary>The message type does not exist.</summary>
    MessageTypeNonexistent = 97,
    /// <summary>Wrong message.</summary>
    WrongMessage = 98,
    /// <summary>The information element does not exist.</summary>
    IeNonexistent = 99,
    /// <summary>The information element has invalid contents.</summary>
    InvalidIeContents = 100,
    /// <summary>The message came in the wrong call state.</summary>
    WrongCallState = 101,
    /// <summary>A timer ran out and the call was given up.</summary>
    RecoveryOnTimerExpire = 102,
    /// <summary>A mandatory element has the wrong length.</summary>
    MandatoryIeLengthError = 103,
    /// <summary>Protocol error.</summary>
    ProtocolError = 111,
    /// <summary>Interworking, without a more exact name.</summary>
    Interworking = 127,
    /// <summary>The calling side left before an answer; internal, sent as Q.850 16.</summary>
    OriginatorCancel = 487,
}
