using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;

namespace Switchhook.Storage.History;

/// <summary>The word that stands for each member of a closed record family in stored JSON. A word once stored is never given another meaning.</summary>
internal static class ClosedFamilies
{
    /// <summary>The member that holds the word.</summary>
    public const string Tag = "is";

    private static readonly Dictionary<Type, JsonDerivedType[]> Families = new()
    {
        [typeof(HangupBy)] =
        [
            new(typeof(HangupBy.Caller), "caller"),
            new(typeof(HangupBy.Callee), "callee"),
            new(typeof(HangupBy.Api), "api"),
            new(typeof(HangupBy.Script), "script"),
            new(typeof(HangupBy.Timer), "timer"),
            new(typeof(HangupBy.Policy), "policy"),
            new(typeof(HangupBy.Transfer), "transfer"),
            new(typeof(HangupBy.Shutdown), "shutdown"),
            new(typeof(HangupBy.Recovery), "recovery"),
            new(typeof(HangupBy.Fault), "fault"),
        ],
        [typeof(CallState)] =
        [
            new(typeof(CallState.Trying), "trying"),
            new(typeof(CallState.Ringing), "ringing"),
            new(typeof(CallState.Talking), "talking"),
            new(typeof(CallState.Held), "held"),
            new(typeof(CallState.Transferring), "transferring"),
            new(typeof(CallState.Ending), "ending"),
            new(typeof(CallState.Ended), "ended"),
        ],
        [typeof(LegState)] =
        [
            new(typeof(LegState.Trying), "trying"),
            new(typeof(LegState.Ringing), "ringing"),
            new(typeof(LegState.Early), "early"),
            new(typeof(LegState.Answered), "answered"),
            new(typeof(LegState.Bridged), "bridged"),
            new(typeof(LegState.Held), "held"),
            new(typeof(LegState.Transferring), "transferring"),
            new(typeof(LegState.Ending), "ending"),
            new(typeof(LegState.Ended), "ended"),
            new(typeof(LegState.Moved), "moved"),
        ],
        [typeof(LegTarget)] =
        [
            new(typeof(LegTarget.Extension), "extension"),
            new(typeof(LegTarget.Trunk), "trunk"),
        ],
        [typeof(CallPlan)] =
        [
            new(typeof(CallPlan.Connect), "connect"),
            new(typeof(CallPlan.Service), "service"),
            new(typeof(CallPlan.Scripted), "scripted"),
            new(typeof(CallPlan.Originated), "originated"),
            new(typeof(CallPlan.Refused), "refused"),
            new(typeof(CallPlan.Offered), "offered"),
        ],
        [typeof(OnAnswer)] =
        [
            new(typeof(OnAnswer.RunScript), "runScript"),
            new(typeof(OnAnswer.Connect), "connect"),
            new(typeof(OnAnswer.Supervise), "supervise"),
            new(typeof(OnAnswer.Wait), "wait"),
        ],
        [typeof(DeliveryPolicy)] =
        [
            new(typeof(DeliveryPolicy.Once), "once"),
            new(typeof(DeliveryPolicy.Fallback), "fallback"),
            new(typeof(DeliveryPolicy.UntilOk), "untilOk"),
            new(typeof(DeliveryPolicy.BackOff), "backOff"),
        ],
    };

    /// <summary>Every member that can be stored, by family.</summary>
    public static IEnumerable<(Type Family, Type Member)> Members =>
        Families.SelectMany(family => family.Value, (family, member) => (family.Key, member.DerivedType));

    /// <summary>Adds its words to the JSON shape of a family.</summary>
    public static void Describe(JsonTypeInfo shape)
    {
        if (!Families.TryGetValue(shape.Type, out var members))
            return;
        shape.PolymorphismOptions = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = Tag };
        foreach (var member in members)
            shape.PolymorphismOptions.DerivedTypes.Add(member);
    }
}
