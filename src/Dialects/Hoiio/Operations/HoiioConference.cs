using System.Text.Json.Nodes;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Hangup;
using Switchhook.Dialects.Hoiio.Checks;
using Switchhook.Dialects.Hoiio.Sessions;

namespace Switchhook.Dialects.Hoiio.Operations;

/// <summary>Phones called into a room: <c>voice/conference</c> and <c>conference/call</c>, which differ in how they list the references.</summary>
internal static class HoiioConference
{
    public static async ValueTask<JsonObject> VoiceAsync(HoiioAsk ask, CancellationToken cancellation) =>
        await CallAsync(ask, static references => string.Join(',', references), cancellation);

    public static async ValueTask<JsonObject> ListAsync(HoiioAsk ask, CancellationToken cancellation) => await CallAsync(ask, HoiioReply.List, cancellation);

    /// <summary><c>conference/moderate</c>. A leg that is gone is left alone.</summary>
    public static async ValueTask<JsonObject> ModerateAsync(HoiioAsk ask, CancellationToken cancellation)
    {
        var (call, mistake) = await HoiioTransactions.FindAsync(ask, cancellation);
        if (call is null)
            return HoiioStatus.Reply(mistake!);
        if (HoiioNote.Of(call)?.Block.Room is null)
            return HoiioStatus.Reply(HoiioStatus.Transaction);
        CallCommand command;
        switch (ask["action"])
        {
            case "kick": command = new CallCommand.HangUp(call.Id, new HangupBy.Api(HoiioWords.Dialect, ask.Account.Name)); break;
            case "mute": command = new CallCommand.Sound(call.Id, new AudioOrder.Mute(null, true)); break;
            case "unmute": command = new CallCommand.Sound(call.Id, new AudioOrder.Mute(null, false)); break;
            // There is no name for a value that is none: it is as good as not given.
            default: return HoiioStatus.Reply(HoiioStatus.Missing("action"));
        }
        if (!call.HasEnded)
            await ask.Ports.Calls.AskAsync(command, cancellation);
        return HoiioReply.Success();
    }

    private static async ValueTask<JsonObject> CallAsync(HoiioAsk ask, Func<List<string>, JsonNode> list, CancellationToken cancellation)
    {
        var shown = HoiioCallers.Find(ask["caller_id"], ask.Account, ask.Directory);
        var name = ask["room"] ?? ask.Ports.Rooms.NewName();
        var dests = ask["dest"]!.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(HoiioWords.PhoneNumber).ToList();
        var mistake = !HoiioRooms.IsName(name) ? HoiioStatus.Room : shown is null ? HoiioStatus.CallerId : null;
        mistake ??= await ask.Ports.Checks.TagAndUrlAsync(ask, cancellation);
        mistake ??= dests.Count == 0 || dests.Contains(null) ? HoiioStatus.Dest
            : dests.Count + ask.Ports.Rooms.Legs(ask.Account.Name, name) > HoiioRooms.MostLegs ? HoiioStatus.TooManyDests
            : dests.Exists(d => ask.Ports.Calls.Reach(d!) != CallRefusal.None) ? HoiioStatus.DestNotSupported : null;
        mistake ??= await HoiioCredit.CheckAsync(ask, dests.Where(static d => d is not null).Sum(d => HoiioRates.Of(ask.Account, d!)), cancellation);
        if (mistake is not null)
            return HoiioStatus.Reply(mistake);
        using var room = ask.Ports.Limit.TryTake(ask.Account.Name, dests.Count);
        if (room is null)
            return HoiioStatus.Reply(HoiioStatus.Concurrent);
        var references = new List<string>();
        var block = new HoiioBlock(HoiioBlockKind.Dial, 1, ask["notify_url"], ask["tag"]) { Room = name };
        foreach (var dest in dests)
        {
            var note = new HoiioNote(HoiioPurpose.Conference, ask.Account.Name, block);
            var (call, status) = await HoiioPlacing.OriginateAsync(ask, new HoiioPlacement(dest!, shown!, HoiioRates.Of(ask.Account, dest!), note), cancellation);
            if (call is not null)
                references.Add(HoiioWords.Transaction(call));
            else if (references.Count == 0)
                return HoiioStatus.Reply(status);
        }
        return HoiioReply.Success(("txn_refs", list(references)), ("room", name));
    }
}
