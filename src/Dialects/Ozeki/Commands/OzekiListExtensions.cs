using System.Collections.Immutable;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Ozeki.Wire;

namespace Switchhook.Dialects.Ozeki.Commands;

/// <summary>ListExtensions: the account's extensions and the ones that belong to nobody, as provisioned, or those of one type.</summary>
internal static class OzekiListExtensions
{
    public static OzekiAnswer Run(OzekiAsk ask, OzekiPorts ports)
    {
        var type = ask.Parameters["Type"];
        var extensions = Visible(ask)
            .Where(e => type is null || string.Equals(OzekiWords.ExtensionType(e), type, StringComparison.OrdinalIgnoreCase))
            .Select(e => ask.IsClassic ? OzekiClassic.ExtensionSummary(e) : Element(e, ports.Registrations));
        return OzekiAnswer.Ok with { Payload = [new OzekiElement("Extensions", extensions.ToImmutableArray())] };
    }

    /// <summary>ListExtensionTypes: the types that extensions of this account can have, whether there are any or not.</summary>
    public static OzekiAnswer ListTypes() => OzekiAnswer.Ok with
    {
        Payload = [new OzekiElement("ExtensionTypes", OzekiWords.ExtensionTypes.Select(t => new OzekiElement("Type", t)).ToImmutableArray())],
    };

    private static IEnumerable<Extension> Visible(OzekiAsk ask) => ask.Directory.Provisioning.Extensions
        .Where(e => e.Account is null || string.Equals(e.Account, ask.Account.Name, StringComparison.OrdinalIgnoreCase));

    private static OzekiElement Element(Extension extension, IRegistrations registrations) => new("ExtensionSummary",
        new OzekiElement("Id", extension.Number + OzekiNumber.Host),
        new OzekiElement("PhoneNumber", extension.Number),
        new OzekiElement("Type", OzekiWords.ExtensionType(extension)),
        new OzekiElement("State", IsConnected(extension, registrations) ? "Connected" : "Disconnected"));

    /// <summary>Phones are connected while registered; what lives in the server always is.</summary>
    private static bool IsConnected(Extension extension, IRegistrations registrations) =>
        extension.Kind is ExtensionKind.Api or ExtensionKind.Service || registrations.IsRegistered(extension.Number);
}
