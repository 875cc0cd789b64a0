namespace Switchhook.Calls.Ports;

/// <summary>Bindings of phones that survive a restart; they are stored by <see cref="LogWrite.BindingsKept"/>.</summary>
public interface IRegistrationStore
{
    /// <summary>All bindings that have not expired by <paramref name="now"/>.</summary>
    IReadOnlyList<StoredBinding> Load(DateTimeOffset now);
}

/// <summary>One binding (RFC 3261 §10.3).</summary>
/// <param name="Extension">The address of record's user part.</param>
/// <param name="Contact">The Contact URI as registered.</param>
/// <param name="Source">Where the REGISTER came from, as <c>udp://1.2.3.4:5060</c>; requests go back there.</param>
/// <param name="SipCallId">Call-ID of the REGISTER.</param>
/// <param name="Sequence">Its CSeq.</param>
/// <param name="Quality">q of the contact, 0 to 1.</param>
/// <param name="ExpiresAt">When it ends.</param>
/// <param name="UserAgent">The phone's own name, or null.</param>
/// <param name="Path">The proxies on the way to the phone (RFC 3327), as the value of a Route header; null for none.</param>
public sealed record StoredBinding(
    string Extension, string Contact, string Source, string SipCallId, uint Sequence, double Quality, DateTimeOffset ExpiresAt, string? UserAgent,
    string? Path = null);

/// <summary>Who is registered right now; for listings. Safe from any thread.</summary>
public interface IRegistrations
{
    bool IsRegistered(string extension);
    IReadOnlyList<StoredBinding> Of(string extension);
}
