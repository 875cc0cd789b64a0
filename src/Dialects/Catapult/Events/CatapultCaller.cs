using Switchhook.Dialects.Catapult.Calls;
using Switchhook.Dialects.Catapult.Wire;

namespace Switchhook.Dialects.Catapult.Events;

/// <summary>What is told of the caller of an inbound call, when it comes and when it is answered.</summary>
internal sealed record CatapultCaller(string DisplayName, string? PreferredId, bool IsWithheld, string? Diversion)
{
    /// <summary>Null for a call that was placed here.</summary>
    public static CatapultCaller? Of(CatapultCall call) => call.IsInbound
        ? new(call.Leg.Party.DisplayName ?? call.Leg.Party.Number, call[CatapultDetail.PreferredId], call.Leg.Party.IsWithheld, call[CatapultDetail.Diversion])
        : null;

    public void AddTo(CatapultMembers members)
    {
        var withheld = IsWithheld ? "true" : "false";
        members.Add("displayName", DisplayName);
        members.Add("preferredId", PreferredId);
        members.Add("withholdCallerName", withheld);
        members.Add("withholdCallerNumber", withheld);
        members.Add("diversion", CatapultMembers.OfTexts(Diversion));
    }
}
