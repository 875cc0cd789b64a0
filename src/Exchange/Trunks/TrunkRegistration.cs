using Switchhook.Sip.Auth;
using static Switchhook.Exchange.Trunks.RegistrationEffect;
using static Switchhook.Exchange.Trunks.RegistrationInput;
using static Switchhook.Exchange.Trunks.RegistrationState;

namespace Switchhook.Exchange.Trunks;

/// <summary>Our registration at a trunk's registrar: RFC 3261 §10.2, with the waits of RFC 5626 §4.5 between attempts that fail.</summary>
/// <param name="Expires">Seconds asked for; the registrar's Min-Expires can raise it (§10.2.8).</param>
/// <param name="State">Where it stands.</param>
internal sealed record TrunkRegistration(int Expires, RegistrationState State)
{
    public const int DefaultExpires = 3600;

    /// <summary>A registrar that wants longer registrations than a week is not taken seriously.</summary>
    public const int MostExpires = 604_800;

    public static readonly TrunkRegistration Start = new(DefaultExpires, Unregistered.It);

    /// <summary>True while the registrar sends us our calls.</summary>
    public bool IsBound => State is Registered or Refreshing;

    public RegistrationStep On(RegistrationInput input) => (State, input) switch
    {
        (Unregistered, Begin) => Attempt(0),

        (Registering s, Challenged c) when !s.Now.Answered => Go(s with { Now = s.Now with { Answered = true } }, new Register(Expires, c.Answer)),
        (Registering s, TooBrief t) when CanRaise(s.Now, t) => Raise(s with { Now = Try.Raised }, t),
        (Registering, Granted { Seconds: > 0 } g) => Bound(g),
        (Registering s, Granted g) => Wait(s.Failures + 1, g.Chance),
        (Registering s, Unavailable u) => Wait(s.Failures + 1, u.Chance, u.RetryAfter),
        (Registering, Rejected or Challenged or TooBrief) => Refuse(input),
        (Registering, Stop) => Go(new Unregistering(false), new Register(0)),

        // As above, but calls go on coming in meanwhile.
        (Refreshing s, Challenged c) when !s.Now.Answered => Go(s with { Now = s.Now with { Answered = true } }, new Register(Expires, c.Answer)),
        (Refreshing s, TooBrief t) when CanRaise(s.Now, t) => Raise(s with { Now = Try.Raised }, t),
        (Refreshing, Granted { Seconds: > 0 } g) => Bound(g),
        (Refreshing, Granted g) => Wait(1, g.Chance),
        (Refreshing, Unavailable u) => Wait(1, u.Chance, u.RetryAfter),
        (Refreshing, Rejected or Challenged or TooBrief) => Refuse(input),
        (Refreshing, Stop) => Go(new Unregistering(false), new Register(0)),

        (Registered, TimerFired) => Go(new Refreshing(Try.First), new Register(Expires)),
        (Registered, Stop) => Go(new Unregistering(false), StopTimer.It, new Register(0)),

        (Waiting w, TimerFired) => Attempt(w.Failures),
        (Refused, TimerFired) => Attempt(0),
        (Waiting or Refused, Stop) => Go(Unregistered.It, StopTimer.It),

        // §10.2.2: removing the binding is a REGISTER like any other; nobody waits for its success.
        (Unregistering { Answered: false }, Challenged c) => Go(new Unregistering(true), new Register(0, c.Answer)),
        (Unregistering, Granted or Rejected or Challenged or TooBrief or Unavailable) => Go(Unregistered.It),

        _ => new(this, [], IsIgnored: true),
    };

    private RegistrationStep Attempt(int failures) => Go(new Registering(failures, Try.First), new Register(Expires));

    private RegistrationStep Bound(Granted granted) => Go(new Registered(granted.Seconds), new StartTimer(RegistrationWaits.Refresh(granted.Seconds)));

    private RegistrationStep Wait(int failures, double chance, TimeSpan retryAfter = default) =>
        Go(new Waiting(failures), new StartTimer(RegistrationWaits.AfterFailure(failures, chance, retryAfter)));

    private RegistrationStep Refuse(RegistrationInput input) =>
        Go(new Refused(), new StartTimer(RegistrationWaits.AfterRefusal((input as Rejected)?.Chance ?? 0)));

    private bool CanRaise(Try now, TooBrief brief) => !now.WasRaised && brief.MinExpires > Expires && brief.MinExpires <= MostExpires;

    private static RegistrationStep Raise(RegistrationState next, TooBrief brief) =>
        new(new(brief.MinExpires, next), [new Register(brief.MinExpires)]);

    private RegistrationStep Go(RegistrationState next, params RegistrationEffect[] effects) => new(this with { State = next }, effects);
}

/// <summary>What the machine has decided: its next state and what the outside is asked to do, in this order.</summary>
internal readonly record struct RegistrationStep(TrunkRegistration Next, RegistrationEffect[] Effects, bool IsIgnored = false);

/// <summary>States of <see cref="TrunkRegistration"/>.</summary>
internal abstract record RegistrationState
{
    private RegistrationState() { }

    /// <summary>Nothing was asked for, or everything was given back.</summary>
    public sealed record Unregistered : RegistrationState { public static readonly Unregistered It = new(); }

    /// <summary>A REGISTER is out and no binding exists that we know of.</summary>
    /// <param name="Failures">Attempts in a row that failed before this one.</param>
    /// <param name="Now">What this attempt has used up.</param>
    public sealed record Registering(int Failures, Try Now) : RegistrationState;

    /// <summary>Bound; the refresh waits for its time.</summary>
    /// <param name="Granted">Seconds granted.</param>
    public sealed record Registered(int Granted) : RegistrationState;

    /// <summary>Bound, and the REGISTER that is to prolong it is out.</summary>
    public sealed record Refreshing(Try Now) : RegistrationState;

    /// <summary>The registrar could not serve us; the next attempt waits for its time.</summary>
    public sealed record Waiting(int Failures) : RegistrationState;

    /// <summary>The registrar said no; the next attempt waits longer.</summary>
    public sealed record Refused : RegistrationState;

    /// <summary>The REGISTER that removes the binding is out.</summary>
    public sealed record Unregistering(bool Answered) : RegistrationState;
}

/// <summary>What one attempt may do once and has done: answer a challenge (RFC 3261 §22.2), ask for a longer time (§10.2.8).</summary>
internal readonly record struct Try(bool Answered, bool WasRaised)
{
    public static readonly Try First;
    public static readonly Try Raised = new(false, true);
}

/// <summary>What reaches the machine. Chances are from 0 to below 1 and spread the waits of many.</summary>
internal abstract record RegistrationInput
{
    private RegistrationInput() { }

    public sealed record Begin : RegistrationInput { public static readonly Begin It = new(); }

    /// <summary>A 2xx; 0 seconds when the registrar kept nothing.</summary>
    public sealed record Granted(int Seconds, double Chance) : RegistrationInput;

    /// <summary>A 401 or 407 that can be answered.</summary>
    public sealed record Challenged(DigestAnswer Answer) : RegistrationInput;

    /// <summary>423 Interval Too Brief.</summary>
    public sealed record TooBrief(int MinExpires) : RegistrationInput;

    /// <summary>A final answer that another attempt would only get again.</summary>
    public sealed record Rejected(int Status, double Chance) : RegistrationInput;

    /// <summary>No answer, or one that says later.</summary>
    public sealed record Unavailable(double Chance, TimeSpan RetryAfter = default) : RegistrationInput;

    public sealed record TimerFired : RegistrationInput { public static readonly TimerFired It = new(); }

    /// <summary>The server stops, or the trunk is gone.</summary>
    public sealed record Stop : RegistrationInput { public static readonly Stop It = new(); }
}

/// <summary>What the machine asks for.</summary>
internal abstract record RegistrationEffect
{
    private RegistrationEffect() { }

    /// <summary>Send a REGISTER for so many seconds; with the answer to the last challenge when there was one.</summary>
    public sealed record Register(int Expires, DigestAnswer? Answer = null) : RegistrationEffect;

    public sealed record StartTimer(TimeSpan After) : RegistrationEffect;

    public sealed record StopTimer : RegistrationEffect { public static readonly StopTimer It = new(); }
}
