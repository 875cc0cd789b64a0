using System.Text.Json.Serialization;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Storage.Log;

namespace Switchhook.Storage.History;

/// <summary>JSON shapes of a call and of every member of its closed families. Each is named, for the families use the same words.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    IgnoreReadOnlyProperties = true,
    UseStringEnumConverter = true,
    Converters = [typeof(CallIdJson), typeof(LegIdJson)],
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Call))]
[JsonSerializable(typeof(CallDelta))]
[JsonSerializable(typeof(HangupBy.Caller), TypeInfoPropertyName = "HangupByCaller")]
[JsonSerializable(typeof(HangupBy.Callee), TypeInfoPropertyName = "HangupByCallee")]
[JsonSerializable(typeof(HangupBy.Api), TypeInfoPropertyName = "HangupByApi")]
[JsonSerializable(typeof(HangupBy.Script), TypeInfoPropertyName = "HangupByScript")]
[JsonSerializable(typeof(HangupBy.Timer), TypeInfoPropertyName = "HangupByTimer")]
[JsonSerializable(typeof(HangupBy.Policy), TypeInfoPropertyName = "HangupByPolicy")]
[JsonSerializable(typeof(HangupBy.Transfer), TypeInfoPropertyName = "HangupByTransfer")]
[JsonSerializable(typeof(HangupBy.Shutdown), TypeInfoPropertyName = "HangupByShutdown")]
[JsonSerializable(typeof(HangupBy.Recovery), TypeInfoPropertyName = "HangupByRecovery")]
[JsonSerializable(typeof(HangupBy.Fault), TypeInfoPropertyName = "HangupByFault")]
[JsonSerializable(typeof(CallState.Trying), TypeInfoPropertyName = "CallStateTrying")]
[JsonSerializable(typeof(CallState.Ringing), TypeInfoPropertyName = "CallStateRinging")]
[JsonSerializable(typeof(CallState.Talking), TypeInfoPropertyName = "CallStateTalking")]
[JsonSerializable(typeof(CallState.Held), TypeInfoPropertyName = "CallStateHeld")]
[JsonSerializable(typeof(CallState.Transferring), TypeInfoPropertyName = "CallStateTransferring")]
[JsonSerializable(typeof(CallState.Ending), TypeInfoPropertyName = "CallStateEnding")]
[JsonSerializable(typeof(CallState.Ended), TypeInfoPropertyName = "CallStateEnded")]
[JsonSerializable(typeof(LegState.Trying), TypeInfoPropertyName = "LegStateTrying")]
[JsonSerializable(typeof(LegState.Ringing), TypeInfoPropertyName = "LegStateRinging")]
[JsonSerializable(typeof(LegState.Early), TypeInfoPropertyName = "LegStateEarly")]
[JsonSerializable(typeof(LegState.Answered), TypeInfoPropertyName = "LegStateAnswered")]
[JsonSerializable(typeof(LegState.Bridged), TypeInfoPropertyName = "LegStateBridged")]
[JsonSerializable(typeof(LegState.Held), TypeInfoPropertyName = "LegStateHeld")]
[JsonSerializable(typeof(LegState.Transferring), TypeInfoPropertyName = "LegStateTransferring")]
[JsonSerializable(typeof(LegState.Ending), TypeInfoPropertyName = "LegStateEnding")]
[JsonSerializable(typeof(LegState.Ended), TypeInfoPropertyName = "LegStateEnded")]
[JsonSerializable(typeof(LegState.Moved), TypeInfoPropertyName = "LegStateMoved")]
[JsonSerializable(typeof(LegTarget.Extension), TypeInfoPropertyName = "LegTargetExtension")]
[JsonSerializable(typeof(LegTarget.Trunk), TypeInfoPropertyName = "LegTargetTrunk")]
[JsonSerializable(typeof(CallPlan.Connect), TypeInfoPropertyName = "CallPlanConnect")]
[JsonSerializable(typeof(CallPlan.Service), TypeInfoPropertyName = "CallPlanService")]
[JsonSerializable(typeof(CallPlan.Scripted), TypeInfoPropertyName = "CallPlanScripted")]
[JsonSerializable(typeof(CallPlan.Originated), TypeInfoPropertyName = "CallPlanOriginated")]
[JsonSerializable(typeof(CallPlan.Refused), TypeInfoPropertyName = "CallPlanRefused")]
[JsonSerializable(typeof(CallPlan.Offered), TypeInfoPropertyName = "CallPlanOffered")]
[JsonSerializable(typeof(OnAnswer.RunScript), TypeInfoPropertyName = "OnAnswerRunScript")]
[JsonSerializable(typeof(OnAnswer.Connect), TypeInfoPropertyName = "OnAnswerConnect")]
[JsonSerializable(typeof(OnAnswer.Supervise), TypeInfoPropertyName = "OnAnswerSupervise")]
[JsonSerializable(typeof(OnAnswer.Wait), TypeInfoPropertyName = "OnAnswerWait")]
[JsonSerializable(typeof(EventDetail))]
[JsonSerializable(typeof(StoredRequest))]
[JsonSerializable(typeof(DeliveryPolicy))]
[JsonSerializable(typeof(DeliveryPolicy.Once), TypeInfoPropertyName = "DeliveryPolicyOnce")]
[JsonSerializable(typeof(DeliveryPolicy.Fallback), TypeInfoPropertyName = "DeliveryPolicyFallback")]
[JsonSerializable(typeof(DeliveryPolicy.UntilOk), TypeInfoPropertyName = "DeliveryPolicyUntilOk")]
[JsonSerializable(typeof(DeliveryPolicy.BackOff), TypeInfoPropertyName = "DeliveryPolicyBackOff")]
internal sealed partial class CallJsonShapes : JsonSerializerContext;
