using System.Collections.Frozen;
using static Switchhook.Dialects.Ozeki.Commands.OzekiPlace;

namespace Switchhook.Dialects.Ozeki.Commands;

/// <summary>Whether a command can be used in a place.</summary>
internal enum OzekiPlace
{
    /// <summary>It is served.</summary>
    Served,
    /// <summary>The vendor serves it there, this server does not yet: 301.</summary>
    Later,
    /// <summary>The vendor does not allow it there: 303.</summary>
    Elsewhere,
}

/// <summary>A command word of the vendor's current set: over HTTP, and in a script on a call of an API extension.</summary>
internal sealed record OzekiCommand(string Name, OzekiPlace Http, OzekiPlace Script)
{
    private static readonly FrozenDictionary<string, OzekiCommand> Known = new OzekiCommand[]
    {
        new("Call", Served, Served),
        new("Hangup", Served, Served),
        new("ListActiveCalls", Served, Elsewhere),
        new("ListCallHistory", Served, Elsewhere),
        new("ListExtensions", Served, Elsewhere),
        new("Hold", Served, Elsewhere),
        new("Unhold", Served, Elsewhere),
        new("BlindTransfer", Served, Served),
        new("AttendedTransfer", Served, Elsewhere),
        new("ForwardCall", Served, Elsewhere),

        new("Play", Served, Served),
        new("Speak", Served, Served),
        new("Delay", Elsewhere, Served),
        new("GoTo", Elsewhere, Served),
        new("Reject", Elsewhere, Served),
        new("CallSetup", Served, Served),
        new("Request", Served, Served),
        new("Record", Served, Served),
        new("Array", Elsewhere, Served),
        new("Beep", Elsewhere, Served),
        new("Exit", Elsewhere, Served),
        new("ForEach", Elsewhere, Served),
        new("SendMsg", Elsewhere, Served),
        new("UserInput", Elsewhere, Served),
        new("Var", Elsewhere, Served),
        new("WaitForMsg", Elsewhere, Served),

        new("SendAlarmNotification", Served, Served),
        new("SendEmail", Served, Served),
        new("SendSms", Served, Served),
        new("SendDTMF", Served, Elsewhere),
        new("ListAddressbookContacts", Served, Elsewhere),
        new("ListAddressbookNames", Served, Elsewhere),
        new("ListExtensionTypes", Served, Elsewhere),
        new("ReceiveMessage", Served, Elsewhere),
        new("SendMessage", Served, Elsewhere),
        new("DeleteFile", Elsewhere, Served),
        new("MoveFile", Elsewhere, Served),
        new("ReceiveAlarmNotification", Elsewhere, Served),
        new("Route", Elsewhere, Elsewhere),   // answers routing questions only
    }.ToFrozenDictionary(c => c.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Every one of them, in no order.</summary>
    public static IReadOnlyList<OzekiCommand> All => Known.Values;

    /// <summary>The command with that name in any case, or null.</summary>
    public static OzekiCommand? Find(string word) => Known.GetValueOrDefault(word);
}
