using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Ozeki.Scripts;
using Switchhook.Dialects.Ozeki.Wire;
using Switchhook.Ivr.Documents;

namespace Switchhook.Dialects.Ozeki.Commands;

/// <summary>
/// The classic profile's AddConfig, ModifyConfig, GetConfig and RemoveConfig: phones of the account, added, changed, shown and taken away while
/// the server runs; and GenerateSecurityToken.
/// </summary>
internal static class OzekiConfig
{
    private const string Add = "AddConfig", Modify = "ModifyConfig", Get = "GetConfig", Remove = "RemoveConfig", Token = "GenerateSecurityToken";
    private const string Sip = "SIP";
    private const int MostDigits = 32;
    private const int TokenCharacters = 32;

    /// <summary>The name as the vendor spells it, or null for another command.</summary>
    public static string? Find(string word) =>
        ((string[])[Add, Modify, Get, Remove, Token]).FirstOrDefault(n => n.Equals(word, StringComparison.OrdinalIgnoreCase));

    public static OzekiAnswer Run(string command, OzekiAsk ask, IProvisioningChanges changes, IRegistrations registrations) => command switch
    {
        Get => Show(ask, registrations),
        Remove => Delete(ask, changes),
        Token => MakeToken(ask),
        _ => Write(command, ask, changes),
    };

    private static OzekiAnswer Write(string command, OzekiAsk ask, IProvisioningChanges changes)
    {
        if (ask.Parameters["ExtensionType"] is not { } type)
            return OzekiAnswer.InvalidParameter("ExtensionType", command);
        if (ask.Parameters["ConfigXML"] is not { } text)
            return OzekiAnswer.InvalidParameter("ConfigXML", command);
        // The vendor's own example has its angle brackets as entities.
        var document = text.TrimStart().StartsWith("&lt;", StringComparison.Ordinal) ? WebUtility.HtmlDecode(text) : text;
        if (Ozml.ReadRoot(document, out var root) is { } unreadable)
            return OzekiAnswer.ParseError(unreadable);
        if (!type.Equals(Sip, StringComparison.OrdinalIgnoreCase) || !root!.Is("Config") || Value(root!, "ID") is not { } number || !IsNumber(number))
            return OzekiAnswer.InvalidConfig(type);

        OzekiAnswer? answer = null;
        changes.Change(provisioning =>
        {
            var (changed, outcome) = command == Add ? Added(provisioning, ask.Account, root!, number, type) : Modified(provisioning, ask.Account, root!, number, type);
            // It is made to what is stored too; what is served is what the client asked about.
            answer ??= outcome;
            return changed ?? provisioning;
        });
        return answer ?? OzekiAnswer.Ok;
    }

    private static (Provisioning?, OzekiAnswer) Added(Provisioning there, Account account, ScriptElement config, string number, string type)
    {
        if (there.Extensions.Any(e => e.Number == number))
            return (null, OzekiAnswer.ConfigAlreadyExists);
        var phone = Apply(new Extension { Number = number, Account = account.Name }, config);
        return phone is null ? (null, OzekiAnswer.InvalidConfig(type)) : (there with { Extensions = there.Extensions.Add(phone) }, OzekiAnswer.Ok);
    }

    private static (Provisioning?, OzekiAnswer) Modified(Provisioning there, Account account, ScriptElement config, string number, string type)
    {
        var known = there.Extensions.FirstOrDefault(e => e.Number == number && IsOwn(e, account));
        var phone = known is null ? null : Apply(known, config);
        return phone is null ? (null, OzekiAnswer.InvalidConfig(type)) : (there with { Extensions = there.Extensions.Replace(known!, phone) }, OzekiAnswer.Ok);
    }

    /// <summary>The extension with what the configuration says; null when that cannot be.</summary>
    private static Extension? Apply(Extension phone, ScriptElement config)
    {
        // A phone is challenged for its number here; one that may not be used is not there at all.
        if (Value(config, "AuthorizationName") is { } name && name != phone.Number
            || Value(config, "Enabled") is { } enabled && !enabled.Equals("true", StringComparison.OrdinalIgnoreCase))
            return null;
        var shown = Value(config, "Username") ?? phone.Name;
        var secret = Value(config, "Password") ?? phone.Secret;
        return secret is null || !OzekiParameters.IsLine(shown) || !OzekiParameters.IsLine(secret) ? null : phone with { Secret = secret, Name = shown };
    }

    private static OzekiAnswer Show(OzekiAsk ask, IRegistrations registrations)
    {
        if (ask.Parameters["ExtensionId"] is not { } id)
            return OzekiAnswer.InvalidParameter("ExtensionId", Get);
        if (ask.Directory.Extension(OzekiNumber.WithoutHost(id)) is not { } phone || !IsOwn(phone, ask.Account))
            return OzekiAnswer.ConfigNotFound(id);
        var binding = registrations.Of(phone.Number) is [var first, ..] ? first : null;
        ImmutableArray<OzekiElement> members =
        [
            new("AuthorizationName", phone.Number),
            new("Password", phone.Secret),
            new("Username", phone.Name ?? phone.Number),
            new("Enabled", "true"),
            new("ID", phone.Number),
            new("UserID", ask.Account.Name),
            new("LastIPAddress", Uri.TryCreate(binding?.Source, UriKind.Absolute, out var source) ? source.Host : ""),
            new("UserAgentName", binding?.UserAgent),
        ];
        return OzekiAnswer.Ok with { Ahead = [new OzekiElement("Config", members) { Attribute = ("knownType", "SIPExtensionInfo") }] };
    }

    private static OzekiAnswer Delete(OzekiAsk ask, IProvisioningChanges changes)
    {
        if (ask.Parameters["ExtensionId"] is not { } id)
            return OzekiAnswer.InvalidParameter("ExtensionId", Remove);
        var number = OzekiNumber.WithoutHost(id);
        var removed = false;
        changes.Change(there =>
        {
            if (there.Extensions.FirstOrDefault(e => e.Number == number && IsOwn(e, ask.Account)) is not { } phone)
                return there;
            removed = true;
            // A number cannot lead to what is not there.
            return there with { Extensions = there.Extensions.Remove(phone), Numbers = there.Numbers.RemoveAll(n => n.To.Extension == number) };
        });
        return removed ? OzekiAnswer.Ok : OzekiAnswer.ConfigNotFound(id);
    }

    private static OzekiAnswer MakeToken(OzekiAsk ask)
    {
        if (ask.Parameters["AuthXml"] is not { } text)
            return OzekiAnswer.InvalidParameter("AuthXml", Token);
        var document = text.TrimStart().StartsWith("&lt;", StringComparison.Ordinal) ? WebUtility.HtmlDecode(text) : text;
        if (Ozml.ReadRoot(document, out var root) is { } unreadable)
            return OzekiAnswer.ParseError(unreadable);
        if (!root!.Is("SecurityToken") || !OzmlVerb.TryBool(Value(root!, "AllowSessionModification"), out _))
            return OzekiAnswer.InvalidParameter("AuthXml", Token);
        return OzekiAnswer.Ok with { Payload = [new OzekiElement("SecurityToken", RandomNumberGenerator.GetHexString(TokenCharacters, lowercase: true))] };
    }

    private static bool IsOwn(Extension extension, Account account) =>
        extension.Kind == ExtensionKind.Phone && string.Equals(extension.Account, account.Name, StringComparison.OrdinalIgnoreCase);

    private static bool IsNumber(string text) => text.Length <= MostDigits && text.All(static c => char.IsAsciiDigit(c) || c is '*' or '#');

    /// <summary>The text of a child; null when there is none.</summary>
    private static string? Value(ScriptElement config, string name) =>
        config.Children.FirstOrDefault(c => c.Is(name))?.Text.Trim() is { Length: > 0 } text ? text : null;
}
