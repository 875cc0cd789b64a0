using Switchhook.Sip.Transport;

namespace Switchhook.Exchange.Gate;

/// <summary>How the one who asks stands to the user it claims to be.</summary>
internal enum Acquaintance
{
    /// <summary>That user is not registered from this address.</summary>
    Stranger,

    /// <summary>That user is registered from this address, though not by this very way.</summary>
    Neighbour,

    /// <summary>The phone itself: it asks the way it registered, or goes on with its registration's Call-ID.</summary>
    Phone,
}

/// <summary>How much was guessed lately.</summary>
internal enum Guesses
{
    /// <summary>Not enough to do anything.</summary>
    Few,

    /// <summary>Too much from this address, for many users.</summary>
    ManyFromAddress,

    /// <summary>Too much from this address for this user.</summary>
    ManyForUser,
}

/// <summary>
/// Slows down whoever guesses passwords: counts wrong ones by address and user and by address, and refuses to look at further ones while
/// there are too many. A registered phone is never refused, whoever guesses beside it. On the shard's thread.
/// </summary>
internal sealed class GuessLimiter(GuessLimits limits, TimeProvider time)
{
    private readonly LeakyCounts<(SipEndpoint Address, string User)> _users = new(limits.UserForgivenEvery, limits.MostRemembered, time);
    private readonly LeakyCounts<SipEndpoint> _addresses = new(limits.AddressForgivenEvery, limits.MostRemembered, time);

    /// <summary>Addresses and users remembered; bounded.</summary>
    public int Remembered => _users.Remembered + _addresses.Remembered;

    /// <summary>How many wrong passwords have come from there lately.</summary>
    /// <param name="source">Where the request came from.</param>
    /// <param name="user">Who it claims to be.</param>
    public Guesses Look(in SipEndpoint source, string user)
    {
        if (_addresses.Remembered == 0)
            return Guesses.Few;
        var address = AddressOf(source);
        if (_users.Of((address, user)) > limits.PerUser - 1)
            return Guesses.ManyForUser;
        return _addresses.Of(address) > limits.PerAddress - 1 ? Guesses.ManyFromAddress : Guesses.Few;
    }

    /// <summary>True when the request is refused without a look at its password.</summary>
    public static bool IsRefused(Guesses guesses, Acquaintance acquaintance) => (guesses, acquaintance) switch
    {
        (Guesses.Few, _) or (_, Acquaintance.Phone) => false,
        (Guesses.ManyFromAddress, Acquaintance.Neighbour) => false,
        (Guesses.ManyForUser, Acquaintance.Neighbour) => true,
        (_, Acquaintance.Stranger) => true,
    };

    /// <summary>A wrong password. The right one forgives nothing: a phone that keeps proving itself must not clear the way for who guesses beside it.</summary>
    public void Failed(in SipEndpoint source, string user)
    {
        var address = AddressOf(source);
        _users.Add((address, user));
        _addresses.Add(address);
    }

    /// <summary>Without the port. One IPv6 customer has at least a /64, so that counts as one address (RFC 6177).</summary>
    private static SipEndpoint AddressOf(in SipEndpoint source)
    {
        if (source.IsIPv4)
            return source.WithPort(0);
        Span<byte> bytes = stackalloc byte[16];
        source.WriteIPv6(bytes);
        bytes[8..].Clear();
        return SipEndpoint.FromIPv6(bytes, 0, 0);
    }
}
