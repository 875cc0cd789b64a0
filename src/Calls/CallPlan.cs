using System.Collections.Immutable;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Scripts;

namespace Switchhook.Calls;

/// <summary>What a call is to do, settled by routing or by the request before its first message.</summary>
public abstract record CallPlan
{
    /// <summary>The caller is joined to a party that is rung: extension or trunk.</summary>
    public sealed record Connect(LegTarget Target, TimeSpan RingTime) : CallPlan
    {
        /// <summary>More phones rung at the same time; the first to answer gets the call.</summary>
        public ImmutableArray<LegTarget> Also { get; init; } = [];
    }

    /// <summary>An inbound call the exchange itself answers, one leg.</summary>
    public sealed record Service(ServiceBehaviour Behaviour, string? Prompt = null) : CallPlan;

    /// <summary>An inbound call to an API extension: a script is fetched first and decides whether to answer.</summary>
    public sealed record Scripted(ScriptRef Script, TimeSpan FetchTime) : CallPlan;

    /// <summary>A call an application placed: one leg is rung, and <paramref name="Then"/> follows its answer.</summary>
    public sealed record Originated(LegTarget First, OnAnswer Then, LegTarget? Second, TimeSpan RingTime) : CallPlan;

    /// <summary>An inbound call that rings until an application answers it (<see cref="Commands.CallCommand.Answer"/>), refuses it, or the ring time is over.</summary>
    /// <param name="Dialect">The dialect the application speaks.</param>
    /// <param name="Application">Which application, in the dialect's own meaning.</param>
    /// <param name="RingTime">How long it has.</param>
    public sealed record Offered(string Dialect, string Application, TimeSpan RingTime) : CallPlan;

    /// <summary>An inbound call that is refused at once by a rule.</summary>
    public sealed record Refused(Causes.HangupCause Cause, string Rule) : CallPlan;

    private CallPlan() { }
}

/// <summary>What a service extension or a demo phone does with a call.</summary>
public enum ServiceBehaviour
{
    /// <summary>Answers and stays.</summary>
    Answer,
    /// <summary>Answers, then hangs up at once.</summary>
    Hangup,
    /// <summary>Answers and plays a prompt in a loop.</summary>
    Play,
    /// <summary>Answers and sends the caller's audio back.</summary>
    Echo,
    /// <summary>Rings and never answers.</summary>
    Ring,
    /// <summary>Is busy.</summary>
    Busy,
    /// <summary>Declines.</summary>
    Reject,
}
