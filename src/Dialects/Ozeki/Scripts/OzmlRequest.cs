using System.Collections.Immutable;
using Switchhook.Dialects.Ozeki.Wire;
using Switchhook.Ivr;
using Switchhook.Ivr.Documents;

namespace Switchhook.Dialects.Ozeki.Scripts;

/// <summary>
/// The script of a Request, which runs once the call is answered: what was to be done at its start, then what is to be done in it. The blocks
/// for what has no audio run beside the call (<see cref="Replies.OzekiSideScripts"/>); unknown ones are reported, each by its name.
/// </summary>
internal static class OzmlRequest
{
    private static readonly string[] Blocks = ["OnSetup", "OnInCall", "OnRinging", "OnBusy", "OnNoAnswer", "OnCompleted", "OnError"];

    public static ImmutableArray<Verb> Verbs(ScriptElement root, OzmlContext context)
    {
        var others = root.Children.Where(c => !Blocks.Any(c.Is));
        return
        [
            .. others.Select(c => Unserved(c)),
            .. OzmlMenu.Verbs(root.Inside("OnSetup"), context),
            .. OzmlMenu.Verbs(root.Inside("OnInCall"), context),
        ];
    }

    private static Verb.Invalid Unserved(ScriptElement block)
    {
        var answer = OzekiAnswer.NotImplementedCommand(block.Name);
        return new(block.Name, answer.Code, answer.Message, block.Line);
    }
}
