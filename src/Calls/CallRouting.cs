using Switchhook.Calls.Causes;
using Switchhook.Calls.Scripts;

namespace Switchhook.Calls;

/// <summary>
/// A call whose route an application decides, before anything rings and again after each attempt that failed. Until it is settled the call's
/// <see cref="Call.Plan"/> is what the dial plan says, or the attempt under way.
/// </summary>
/// <param name="Script">Who is asked.</param>
/// <param name="Otherwise">What the dial plan says: the call goes on with it when nobody decides.</param>
/// <param name="OtherwiseDialed">The number toward the callee by the dial plan.</param>
/// <param name="OtherwiseExtension">The API extension the call arrives at by the dial plan, if any.</param>
public sealed record CallRouting(ScriptRef Script, CallPlan Otherwise, string OtherwiseDialed, string? OtherwiseExtension = null)
{
    /// <summary>Attempts an application may make of one call; the next failure is the call's.</summary>
    public const int MostAttempts = 20;

    /// <summary>An application that has not decided by then does not decide at all.</summary>
    public static readonly TimeSpan AskTime = TimeSpan.FromSeconds(12);

    /// <summary>Number of the question, from 1; a late answer to an earlier one is told apart by it.</summary>
    public int Question { get; init; }

    /// <summary>True while an answer is waited for.</summary>
    public bool IsAsking { get; init; }

    /// <summary>The first leg of the attempt under way.</summary>
    public int FirstLeg { get; init; } = 1;

    /// <summary>The number tried last; null before the first attempt.</summary>
    public string? LastDialed { get; init; }

    /// <summary>What became of it; null before the first attempt.</summary>
    public HangupCause? LastCause { get; init; }
}

/// <summary>What an application decided about a call's route.</summary>
public abstract record RouteDecision
{
    /// <summary>Nothing: the dial plan decides.</summary>
    public sealed record DialPlan : RouteDecision;

    /// <summary>The caller is refused.</summary>
    public sealed record Refuse : RouteDecision;

    /// <summary>A number that leads nowhere; the application is asked again.</summary>
    public sealed record Nowhere(string Dialed) : RouteDecision;

    /// <summary>The call goes there.</summary>
    /// <param name="Plan">What it does now.</param>
    /// <param name="Dialed">The number toward the callee.</param>
    public sealed record To(CallPlan Plan, string Dialed) : RouteDecision
    {
        /// <summary>The account of what is reached; it may see the call from now on.</summary>
        public string? Account { get; init; }

        /// <summary>The API extension the call arrives at, if any.</summary>
        public string? ApiExtension { get; init; }

        /// <summary>The number the callee is shown instead of the caller's; null to change nothing.</summary>
        public string? CallerNumber { get; init; }
    }

    private RouteDecision() { }
}
