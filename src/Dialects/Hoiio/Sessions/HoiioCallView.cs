using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;

namespace Switchhook.Dialects.Hoiio.Sessions;

/// <summary>A call of any dialect's in this one's words: two parties, what became of each, and the price.</summary>
/// <param name="Number">The account's own number that was called; null for none.</param>
internal sealed record HoiioCallView(string Transaction, string Dest1, string Status1, string Dest2, string Status2, string? Number, string? Tag, HoiioCharge Charge)
{
    public static HoiioCallView Of(Call call, Account account, CallDirectory directory)
    {
        var note = HoiioNote.Of(call);
        var first = call.Legs[0];
        var second = call.Legs.LastOrDefault(l => l.Id.Number > 1 && l.AnsweredAt is not null) ?? call.Legs.LastOrDefault(static l => l.Id.Number > 1);
        var inbound = first.Direction == LegDirection.Inbound;
        var number = inbound && directory.Number(call.Dialed) is not null ? call.Dialed : null;
        var dest1 = inbound ? (call.Caller.IsWithheld ? "private" : call.Caller.Number) : first.Party.Number;
        var dest2 = second?.Party.Number ?? (call.Plan is CallPlan.Originated { Then: OnAnswer.Connect connect } ? connect.Number : "");
        var status1 = HoiioWords.StatusOf(call, first);
        // Whoever stands alone has nobody on the other side, whose status is then their own.
        var status2 = dest2.Length == 0 ? status1 : HoiioWords.StatusOf(call, second);
        return new HoiioCallView(
            HoiioWords.Transaction(call), dest1, status1, dest2, status2, number, note?.LastTag ?? note?.Block.Tag, HoiioRates.Of(account, directory, call));
    }
}
