using Switchhook.Calls.Ports;

namespace Switchhook.Webhooks.Deliveries;

/// <summary>What becomes of one notification: when it is tried, how often, and when that ends. The table is docs/machines/delivery.md.</summary>
/// <param name="Policy">How hard it is tried.</param>
/// <param name="Since">When it was stored; a time to give up counts from here, so that a call's notifications do not wait for each other without end.</param>
/// <param name="State">Where it stands.</param>
internal sealed record Delivery(DeliveryPolicy Policy, DateTimeOffset Since, DeliveryState State)
{
    /// <summary>What is tried once is kept this long from a target whose circuit is open.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public DeliveryStep On(DeliveryInput input) => (State, input) switch
    {
        (DeliveryState.Ready s, DeliveryInput.Begin) => Go(new DeliveryState.Trying(s.Attempts + 1, s.AtFallback)),
        (DeliveryState.Ready { AtFallback: false } s, DeliveryInput.CircuitOpened) when Policy is DeliveryPolicy.Fallback
            => Go(new DeliveryState.Ready(s.Attempts, true)),
        (DeliveryState.Ready s, DeliveryInput.CircuitOpened i) when i.At >= Since + Bearable => Go(new DeliveryState.Failed(s.Attempts)),
        (DeliveryState.Ready, DeliveryInput.CircuitOpened) => Go(State),
        (DeliveryState.Trying s, DeliveryInput.Succeeded) => Go(new DeliveryState.Delivered(s.Attempt)),
        (DeliveryState.Trying s, DeliveryInput.Failed i) => Go(After(s, i)),
        (DeliveryState.Waiting s, DeliveryInput.TimerFired) => Go(new DeliveryState.Ready(s.Attempts, false)),
        _ => new DeliveryStep(this, IsIgnored: true),
    };

    /// <summary>True when a status is what the policy waits for.</summary>
    public bool IsSuccess(int status) => Policy is DeliveryPolicy.UntilOk ? status == 200 : status is >= 200 and < 300;

    private TimeSpan Bearable => Policy switch
    {
        DeliveryPolicy.UntilOk p => p.GiveUpAfter,
        DeliveryPolicy.BackOff p => p.GiveUpAfter,
        _ => Patience,
    };

    private DeliveryState After(DeliveryState.Trying trying, DeliveryInput.Failed failed) => Policy switch
    {
        DeliveryPolicy.Fallback when !trying.AtFallback => new DeliveryState.Ready(trying.Attempt, true),
        DeliveryPolicy.UntilOk p => Again(trying.Attempt, failed.At, p.Every, p.GiveUpAfter),
        DeliveryPolicy.BackOff p => Again(trying.Attempt, failed.At, Pause(p, trying.Attempt, failed.Chance), p.GiveUpAfter),
        _ => new DeliveryState.Failed(trying.Attempt),
    };

    /// <summary>The last attempt is due when the time is up, not before.</summary>
    private DeliveryState Again(int attempts, DateTimeOffset now, TimeSpan pause, TimeSpan giveUpAfter)
    {
        var end = Since + giveUpAfter;
        if (now >= end)
            return new DeliveryState.Failed(attempts);
        return new DeliveryState.Waiting(attempts, end - now > pause ? now + pause : end);
    }

    /// <summary>The first pause doubled with every failure up to a bound, of which between a half and the whole is waited.</summary>
    private static TimeSpan Pause(DeliveryPolicy.BackOff policy, int attempts, double chance)
    {
        var whole = policy.First * Math.Pow(2, Math.Min(attempts - 1, 30));
        return (whole < policy.Longest ? whole : policy.Longest) * (0.5 + (0.5 * chance));
    }

    private DeliveryStep Go(DeliveryState next) => new(this with { State = next }, IsIgnored: false);
}

/// <summary>Where a notification stands.</summary>
internal abstract record DeliveryState
{
    /// <summary>To be tried as soon as its target has room.</summary>
    /// <param name="AtFallback">The target is the fallback.</param>
    public sealed record Ready(int Attempts, bool AtFallback) : DeliveryState;

    /// <summary>An attempt is under way; they are numbered from 1.</summary>
    public sealed record Trying(int Attempt, bool AtFallback) : DeliveryState;

    /// <summary>Pausing before the next attempt.</summary>
    public sealed record Waiting(int Attempts, DateTimeOffset Until) : DeliveryState;

    public sealed record Delivered(int Attempts) : DeliveryState;

    /// <summary>Given up.</summary>
    public sealed record Failed(int Attempts) : DeliveryState;

    private DeliveryState() { }
}

/// <summary>What reaches a notification.</summary>
internal abstract record DeliveryInput
{
    /// <summary>The target has room.</summary>
    public sealed record Begin : DeliveryInput
    {
        public static readonly Begin It = new();
    }

    /// <summary>The answer was what the policy waits for.</summary>
    public sealed record Succeeded : DeliveryInput
    {
        public static readonly Succeeded It = new();
    }

    /// <summary>Another answer, or none.</summary>
    /// <param name="At">When.</param>
    /// <param name="Chance">From 0 to below 1; scatters the next attempt.</param>
    public sealed record Failed(DateTimeOffset At, double Chance) : DeliveryInput;

    /// <summary>The pause is over.</summary>
    public sealed record TimerFired : DeliveryInput
    {
        public static readonly TimerFired It = new();
    }

    /// <summary>The target gets no requests now, because the last ones all failed.</summary>
    public sealed record CircuitOpened(DateTimeOffset At) : DeliveryInput;

    private DeliveryInput() { }
}

internal readonly record struct DeliveryStep(Delivery Next, bool IsIgnored);
