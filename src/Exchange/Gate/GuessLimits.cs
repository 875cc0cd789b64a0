namespace Switchhook.Exchange.Gate;

/// <summary>How many wrong passwords are borne, by a leaky count: so many at once, and one more whenever one is forgiven.</summary>
/// <param name="PerUser">From one address for one user.</param>
/// <param name="UserForgivenEvery">The time after which one of those is forgiven.</param>
/// <param name="PerAddress">From one address for all users together.</param>
/// <param name="AddressForgivenEvery">The time after which one of those is forgiven.</param>
/// <param name="MostRemembered">Users and addresses remembered, each; beyond it those remembered longest are forgotten.</param>
public sealed record GuessLimits(int PerUser, TimeSpan UserForgivenEvery, int PerAddress, TimeSpan AddressForgivenEvery, int MostRemembered)
{
    public static GuessLimits Default { get; } = new(10, TimeSpan.FromSeconds(30), 50, TimeSpan.FromSeconds(6), 20_000);
}
