using System.Collections.Frozen;
using System.Collections.Immutable;
using Switchhook.Dialects.Ozeki.Wire;
using Switchhook.Ivr;
using Switchhook.Ivr.Documents;

namespace Switchhook.Dialects.Ozeki.Scripts;

/// <summary>
/// The script of a Request. <c>OnSetup</c> begins with the call: its commands run before anybody has answered, beside the call, up to the first
/// one that needs the party; that one waits for the answer, with what follows it and then <c>OnInCall</c>. The blocks for what has no audio run
/// beside the call as well (<see cref="Replies.OzekiSideScripts"/>); unknown ones are reported, each by its name.
/// </summary>
internal static class OzmlRequest
{
    public const string OnSetup = "OnSetup";

    private static readonly string[] Blocks = [OnSetup, "OnInCall", "OnRinging", "OnBusy", "OnNoAnswer", "OnCompleted", "OnError"];

    private static readonly FrozenSet<string> NeedNoParty = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "Call", "CallSetup", "Request", "SendSms", "SendEmail", "SendAlarmNotification", "MoveFile", "DeleteFile", "Hangup");

    private static readonly FrozenSet<string> NeedNothing = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "Delay", "Var", "Array");

    /// <summary>What runs on the call once it is answered.</summary>
    public static ImmutableArray<Verb> Verbs(ScriptElement root, OzmlContext context)
    {
        var others = root.Children.Where(c => !Blocks.Any(c.Is));
        var setup = root.Inside(OnSetup).ToImmutableArray();
        var done = DoneAtSetup(setup);
        return
        [
            .. others.Select(c => Unserved(c)),
            // What was kept before the answer is there after it.
            .. OzmlMenu.Verbs(setup[..done].Where(c => c.Is("Var") || c.Is("Array")), context),
            .. OzmlMenu.Verbs(setup[done..], context),
            .. OzmlMenu.Verbs(root.Inside("OnInCall"), context),
        ];
    }

    /// <summary>What runs when the call is set up.</summary>
    public static ImmutableArray<ScriptElement> AtSetup(ScriptElement root)
    {
        var setup = root.Inside(OnSetup).ToImmutableArray();
        return setup[..DoneAtSetup(setup)];
    }

    private static int DoneAtSetup(ImmutableArray<ScriptElement> commands)
    {
        var count = 0;
        while (count < commands.Length && RunsAtSetup(commands[count]))
            count++;
        // A pause or a variable before what waits for the answer belongs to that.
        while (count > 0 && NeedNothing.Contains(commands[count - 1].Name))
            count--;
        return count;
    }

    private static bool RunsAtSetup(ScriptElement command) =>
        NeedNoParty.Contains(command.Name) || NeedNothing.Contains(command.Name) || (command.Is("ForEach") && command.Children.All(RunsAtSetup));

    private static Verb.Invalid Unserved(ScriptElement block)
    {
        var answer = OzekiAnswer.NotImplementedCommand(block.Name);
        return new(block.Name, answer.Code, answer.Message, block.Line);
    }
}
