using System.Buffers;
using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Dialects.OpenVox.Wire;

namespace Switchhook.Dialects.OpenVox.Operations;

/// <summary>extension/dial_extension, extension/dial_outbound and outbound/dial_outbound: one party is rung, and once it answers the other.</summary>
internal static class OpenVoxDial
{
    private const int MostDigits = 32;

    private static readonly SearchValues<char> Keys = SearchValues.Create("0123456789*#");

    public static async ValueTask<OpenVoxAnswer> ExtensionAsync(OpenVoxAsk ask, OpenVoxPorts ports, CancellationToken cancellation)
    {
        if (ask["caller"] is not { } caller || ask["callee"] is not { } callee || !ask.IsYesOrNo("autoanswer"))
            return OpenVoxErrno.MissingParameter;
        if (NeedIdle(ask, ports, caller) is { } refused)
            return refused;
        if (ask.Directory.Extension(callee) is null)
            return OpenVoxErrno.NoSuchCallee;
        return await DialAsync(ask, ports, caller, callee, cancellation);
    }

    public static async ValueTask<OpenVoxAnswer> OutboundAsync(OpenVoxAsk ask, OpenVoxPorts ports, CancellationToken cancellation)
    {
        if (ask["extid"] is not { } extension || ask["outto"] is not { } number || !ask.IsYesOrNo("autoanswer"))
            return OpenVoxErrno.MissingParameter;
        if (NeedIdle(ask, ports, extension) is { } refused)
            return refused;
        return IsOutside(ask, number) ? await DialAsync(ask, ports, extension, number, cancellation) : OpenVoxErrno.NumberNotAcceptable;
    }

    public static async ValueTask<OpenVoxAnswer> BetweenOutsidersAsync(OpenVoxAsk ask, OpenVoxPorts ports, CancellationToken cancellation)
    {
        if (ask["caller"] is not { } first || ask["outto"] is not { } second)
            return OpenVoxErrno.MissingParameter;
        return IsOutside(ask, first) && IsOutside(ask, second)
            ? await DialAsync(ask, ports, first, second, cancellation)
            : OpenVoxErrno.NumberNotAcceptable;
    }

    /// <summary>True for digits with what keys and prefixes add, and for no extension of this exchange.</summary>
    public static bool IsOutside(OpenVoxAsk ask, string number) =>
        number.Length <= MostDigits && ask.Directory.Extension(number) is null
        && number.AsSpan(number[0] == '+' ? 1 : 0) is { Length: > 0 } rest && !rest.ContainsAnyExcept(Keys);

    /// <returns>What to refuse with, or null for an extension of the account that could be rung now.</returns>
    public static OpenVoxErrno? NeedIdle(OpenVoxAsk ask, OpenVoxPorts ports, string extension)
    {
        if (ask.FindExtension(extension) is null)
            return OpenVoxErrno.NoSuchExtension;
        return ask.TryCurrent(ports, extension, out _) || !ports.Registrations.IsRegistered(extension) ? OpenVoxErrno.ExtensionNotIdle : null;
    }

    private static async ValueTask<OpenVoxAnswer> DialAsync(OpenVoxAsk ask, OpenVoxPorts ports, string first, string second, CancellationToken cancellation)
    {
        var reply = await ports.Calls.AskAsync(
            new CallCommand.Originate
            {
                Dialect = OpenVoxWords.Dialect,
                Account = ask.Account.Name,
                Caller = new Party(first, ask.Directory.Extension(first)?.Name),
                Dialed = first,
                Then = new OnAnswer.Connect(second),
                Enclosed = OpenVoxAutoAnswer.Of(ask),
            },
            cancellation);
        return OpenVoxAsk.Of(reply);
    }
}
