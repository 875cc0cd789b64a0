using System.Collections.Immutable;
using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Dialects.OpenVox.Wire;

namespace Switchhook.Dialects.OpenVox.Operations;

/// <summary>extensionlist/query and extension/query: the account's extensions that ring, how they stand, and what they are in.</summary>
internal static class OpenVoxExtensions
{
    public static ValueTask<OpenVoxAnswer> ListAsync(OpenVoxAsk ask, OpenVoxPorts ports, CancellationToken cancellation) => new(OpenVoxAnswer.With((
        "extlist",
        new OpenVoxNode.List([.. Own(ask).Select(e => (OpenVoxNode)OpenVoxNode.Of(
            ("extnumber", e.Number),
            ("status", Status(ask, ports, e.Number)),
            ("type", "pjsip"),
            ("username", e.Name ?? e.Number),
            ("agentid", "")))]))));

    public static ValueTask<OpenVoxAnswer> QueryAsync(OpenVoxAsk ask, OpenVoxPorts ports, CancellationToken cancellation)
    {
        var extensions = new List<Extension>();
        if (ask["extid"] is not { } wanted || wanted == "all")
            extensions.AddRange(Own(ask));
        else
        {
            foreach (var number in wanted.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (ask.FindExtension(number) is not { } extension)
                    return new(OpenVoxErrno.NoSuchExtension);
                extensions.Add(extension);
            }
        }
        return new(OpenVoxAnswer.With(("extinfos", new OpenVoxNode.List([.. extensions.Select(e => (OpenVoxNode)Describe(ask, ports, e))]))));
    }

    private static IEnumerable<Extension> Own(OpenVoxAsk ask) =>
        ask.Directory.Provisioning.Extensions.Where(e => OpenVoxWords.IsPhone(e) && OpenVoxWords.Owns(ask.Account.Name, e));

    private static string Status(OpenVoxAsk ask, OpenVoxPorts ports, string extension)
    {
        if (ask.TryCurrent(ports, extension, out var call))
        {
            var leg = call.Legs.Last(l => l.Extension == extension);
            return (call.State, leg) switch
            {
                (CallState.Held, _) or (_, { State: LegState.Held }) => "Hold",
                (_, { Direction: LegDirection.Outbound, AnsweredAt: null }) => "Ringing",
                _ => "Busy",
            };
        }
        return ports.Registrations.IsRegistered(extension) ? "Registered" : "Unavailable";
    }

    private static OpenVoxNode.Map Describe(OpenVoxAsk ask, OpenVoxPorts ports, Extension extension)
    {
        ImmutableArray<OpenVoxMember> members =
        [
            ("extnumber", extension.Number), ("username", extension.Name ?? extension.Number), ("callerid", extension.Number), ("email", ""),
            ("type", "pjsip"), ("status", Status(ask, ports, extension.Number)), ("port", ""),
            ("registerpassword", extension.Secret ?? ""), ("userpassword", ""), ("moblie", ""), ("maxregistrations", "10"), ("language", ""),
            ("hasvoicemail", "off"), ("enablevmtoemail", "off"), ("vmsecret", ""),
            ("alwaysforward", "off"), ("noanswerforward", "off"), ("busyforward", "off"),
            ("enablemobile", "off"), ("ringsimultaneous", "off"), ("mobileprefix", ""),
            ("allowbeingmonitored", extension.IsPrivate ? "off" : "on"), ("monitormode", OpenVoxWords.MonitorMode(extension.Monitors)),
            ("ringtimeout", "90"), ("maxduration", "Follow System"), ("dnd", "off"),
        ];
        if (ask.TryCurrent(ports, extension.Number, out var call) && OtherParty(call, extension.Number) is { } other)
            members = members.Add(other);
        return new OpenVoxNode.Map(members);
    }

    private static OpenVoxMember? OtherParty(Call call, string extension)
    {
        var own = call.Legs.Last(l => l.Extension == extension).Role;
        return OpenVoxParty.Of(call, own == LegRole.Caller ? LegRole.Callee : LegRole.Caller)?.InAnswers;
    }
}
