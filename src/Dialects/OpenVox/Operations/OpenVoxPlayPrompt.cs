using System.Collections.Immutable;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Scripts;
using Switchhook.Dialects.OpenVox.Prompts;
using Switchhook.Dialects.OpenVox.Wire;

namespace Switchhook.Dialects.OpenVox.Operations;

/// <summary>extension/playprompt and outbound/playprompt: rings a party, plays it one prompt after the other, and hangs up.</summary>
internal static class OpenVoxPlayPrompt
{
    private const int MostPrompts = 20;

    public static async ValueTask<OpenVoxAnswer> ToExtensionAsync(OpenVoxAsk ask, OpenVoxPorts ports, CancellationToken cancellation)
    {
        if (ask["extid"] is not { } extension || ask["prompt"] is not { } names || !ask.IsYesOrNo("autoanswer"))
            return OpenVoxErrno.MissingParameter;
        if (OpenVoxDial.NeedIdle(ask, ports, extension) is { } refused)
            return refused;
        return await PlayAsync(ask, ports, extension, new Party(extension, OpenVoxWords.DeviceName(ask.Directory)), names, withId: true, cancellation);
    }

    public static async ValueTask<OpenVoxAnswer> ToOutsiderAsync(OpenVoxAsk ask, OpenVoxPorts ports, CancellationToken cancellation)
    {
        if (ask["outto"] is not { } number || ask["prompt"] is not { } names)
            return OpenVoxErrno.MissingParameter;
        if (!OpenVoxDial.IsOutside(ask, number))
            return OpenVoxErrno.NumberNotAcceptable;
        // A trunk wants to be shown a number of ours; without one there is only the number called.
        var shown = ask.Directory.Provisioning.Numbers.FirstOrDefault(n => IsOwn(ask, n))?.Number ?? number;
        return await PlayAsync(ask, ports, number, new Party(shown, OpenVoxWords.DeviceName(ask.Directory)), names, withId: false, cancellation);
    }

    private static async ValueTask<OpenVoxAnswer> PlayAsync(
        OpenVoxAsk ask, OpenVoxPorts ports, string number, Party shown, string names, bool withId, CancellationToken cancellation)
    {
        if (Files(names, ports.Options) is not { } files)
            return OpenVoxErrno.NoSuchPrompt;
        var reply = await ports.Calls.AskAsync(
            new CallCommand.Originate
            {
                Dialect = OpenVoxWords.Dialect,
                Account = ask.Account.Name,
                Caller = shown,
                Dialed = number,
                Enclosed = OpenVoxAutoAnswer.Of(ask),
                Then = new OnAnswer.RunScript(new ScriptRef(OpenVoxWords.Dialect, null, OpenVoxPrompts.Document(files))),
            },
            cancellation);
        return reply is { Done: true, Call: { } call } && withId
            ? OpenVoxAnswer.With(("callid", OpenVoxId.Of(new LegId(call.Id, 1))))
            : OpenVoxAsk.Of(reply);
    }

    private static bool IsOwn(OpenVoxAsk ask, NumberEntry number) => string.Equals(number.Account, ask.Account.Name, StringComparison.OrdinalIgnoreCase);

    /// <summary>The files of prompts joined by plus signs; null when one of them is not there.</summary>
    private static ImmutableArray<string>? Files(string names, OpenVoxOptions options)
    {
        var files = ImmutableArray.CreateBuilder<string>();
        foreach (var name in names.Split('+', StringSplitOptions.TrimEntries))
        {
            if (files.Count == MostPrompts || !name.Any(char.IsLetter) || options.FindPrompt(name) is not { } file)
                return null;
            files.Add(file);
        }
        return files.ToImmutable();
    }
}
