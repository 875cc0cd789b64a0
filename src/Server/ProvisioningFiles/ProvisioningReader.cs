using System.Collections.Immutable;
using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Server.Json;

namespace Switchhook.Server.ProvisioningFiles;

/// <summary>Reads the provisioning file: JSON with comments into the directory's records, with every mistake and its line.</summary>
internal sealed class ProvisioningReader
{
    private readonly List<NameReference> _references = [];

    private ProvisioningReader() { }

    /// <summary>The document, or null when there are mistakes. References are checked later, against the whole it is merged into.</summary>
    public static ProvisioningDocument? Read(ReadOnlySpan<byte> utf8, string source, List<Mistake> mistakes, Func<string, string?> environment)
    {
        var before = mistakes.Count;
        if (JsonDocumentReader.Read(utf8, source, mistakes) is not { } piece)
            return null;
        if (piece is not JsonPiece.Members members)
        {
            mistakes.Add(new Mistake(source, piece.Line, "", $"must hold an object, not {piece.Kind}"));
            return null;
        }
        var reader = new ProvisioningReader();
        var value = reader.ReadAll(new MemberReader(members, "", source, mistakes, environment));
        return mistakes.Count == before ? new ProvisioningDocument(value, reader._references, source) : null;
    }

    private Provisioning ReadAll(MemberReader root)
    {
        var unique = new Uniqueness();
        var provisioning = new Provisioning
        {
            Accounts = [.. root.Objects("accounts").Select(m => AccountReader.Read(m, unique))],
            Extensions = [.. root.Objects("extensions").Select(m => ReadExtension(m, unique))],
            Trunks = [.. root.Objects("trunks").Select(m => ReadTrunk(m, unique))],
            Numbers = [.. root.Objects("numbers").Select(m => ReadNumber(m, unique))],
            OutboundRoutes = [.. root.Objects("outboundRoutes").Select(m => ReadRoute(m, unique))],
            CatapultApplications = [.. root.Objects("catapultApplications").Select(m => ReadApplication(m, unique))],
            OpenvoxSettings = root.Object("openvoxSettings") is { } openVox ? ReadOpenVox(openVox) : null,
        };
        root.RefuseUnknown();
        return provisioning;
    }

    private Extension ReadExtension(MemberReader m, Uniqueness unique)
    {
        var kind = m.Choice("kind", ExtensionKind.Phone, ("phone", ExtensionKind.Phone), ("api", ExtensionKind.Api),
            ("service", ExtensionKind.Service), ("demo-phone", ExtensionKind.DemoPhone));
        var extension = new Extension
        {
            Number = m.Required("number"),
            Kind = kind,
            Secret = m.Text("secret"),
            Name = m.Checked("name", Formats.Name),
            Account = Refer(m, "account", ReferenceKind.Account),
            Url = m.Checked("url", Formats.Url),
            Behaviour = m.Choice("behaviour", ServiceBehaviour.Answer, ("answer", ServiceBehaviour.Answer), ("hangup", ServiceBehaviour.Hangup),
                ("play", ServiceBehaviour.Play), ("echo", ServiceBehaviour.Echo), ("ring", ServiceBehaviour.Ring), ("busy", ServiceBehaviour.Busy),
                ("reject", ServiceBehaviour.Reject)),
            Prompt = m.Text("prompt"),
            Monitors = m.Choice("monitorMode", Monitoring.Extensive, ("extensive", Monitoring.Extensive), ("listen", Monitoring.Listen),
                ("whisper", Monitoring.Whisper), ("barge-in", Monitoring.BargeIn), ("disabled", Monitoring.Disabled)),
            IsPrivate = !m.Truth("mayBeMonitored", true),
        };
        if (extension.Number.Length > 0 && Formats.ExtensionNumber(extension.Number) is { } mistake)
            m.Wrong("number", mistake);
        unique.Claim(m, "number", "extension", extension.Number);
        CheckKind(m, extension);
        m.RefuseUnknown();
        return extension;
    }

    private static void CheckKind(MemberReader m, Extension extension)
    {
        var hasBehaviour = extension.Kind is ExtensionKind.Service or ExtensionKind.DemoPhone;
        if (extension.Kind == ExtensionKind.Phone && string.IsNullOrEmpty(extension.Secret))
            m.Wrong("secret", "is needed: without it no phone can register");
        if (!hasBehaviour && m.Has("behaviour"))
            m.Wrong("behaviour", "belongs to extensions of kind service and demo-phone");
        if (extension.Kind != ExtensionKind.Api && m.Has("url"))
            m.Wrong("url", "belongs to extensions of kind api");
        if (extension.Kind == ExtensionKind.DemoPhone && extension.Behaviour is ServiceBehaviour.Play or ServiceBehaviour.Hangup)
            m.Wrong("behaviour", "of a demo-phone must be one of answer, ring, busy, reject, echo");
        if ((extension.Kind == ExtensionKind.Service && extension.Behaviour == ServiceBehaviour.Play) != m.Has("prompt"))
            m.Wrong("prompt", m.Has("prompt") ? "belongs to a service with behaviour play" : "is needed for behaviour play");
    }

    private static Trunk ReadTrunk(MemberReader m, Uniqueness unique)
    {
        var trunk = new Trunk
        {
            Name = m.Required("name"),
            Host = m.Required("host"),
            Port = m.Number("port", 1, 65535) ?? 0,
            Transport = m.Choice("transport", "udp", ("udp", "udp"), ("tcp", "tcp")),
            User = m.Text("user"),
            Secret = m.Text("secret"),
            Register = m.Truth("register", false),
            From = m.Texts("from", Formats.Network),
            MayDial = m.Choice("mayDial", TrunkDial.Numbers, ("numbers", TrunkDial.Numbers), ("extensions", TrunkDial.Extensions), ("all", TrunkDial.All)),
            Hosts = [.. m.Objects("hosts").Select(ReadFurtherHost)],
            ProbeSeconds = m.Number("probeSeconds", 0, 86_400),
            LateOffer = m.Truth("lateOffer", false),
            Identity = m.Choice("identity", TrunkIdentity.From, ("from", TrunkIdentity.From), ("pai", TrunkIdentity.Pai), ("rpid", TrunkIdentity.Rpid)),
        };
        if (trunk.Register && string.IsNullOrEmpty(trunk.User))
            m.Wrong("user", "is needed to register");
        CheckHost(m, trunk.Host);
        unique.Claim(m, "name", "trunk", trunk.Name.ToLowerInvariant());
        m.RefuseUnknown();
        return trunk;
    }

    private static FurtherHost ReadFurtherHost(MemberReader m)
    {
        var host = new FurtherHost(m.Required("host"), m.Number("port", 1, 65535) ?? 0, m.Number("priority", 0, 65535) ?? 0);
        CheckHost(m, host.Host);
        m.RefuseUnknown();
        return host;
    }

    private static void CheckHost(MemberReader m, string host)
    {
        if (host.Length > 0 && Uri.CheckHostName(host) == UriHostNameType.Unknown)
            m.Wrong("host", $"must be a host name or an address, not '{host}'");
    }

    private NumberEntry ReadNumber(MemberReader m, Uniqueness unique)
    {
        var number = m.Required("number");
        if (number.Length > 0 && Formats.PublicNumber(number) is { } mistake)
            m.Wrong("number", mistake);
        unique.Claim(m, "number", "number", number);
        var entry = new NumberEntry
        {
            Number = number,
            Account = Refer(m, "account", ReferenceKind.Account),
            To = m.Part("to", ReadTarget) ?? new NumberTarget(),
            FallbackNumber = m.Text("fallbackNumber"),
        };
        if (entry.FallbackNumber is { } fallback && Formats.PublicNumber(fallback) is not null && Formats.ExtensionNumber(fallback) is not null)
            m.Wrong("fallbackNumber", $"must be a number or an extension, not '{fallback}'");
        if (entry.FallbackNumber is not null && entry.To.CatapultApplication is null)
            m.Wrong("fallbackNumber", "is for numbers of a catapultApplication");
        if (!m.Has("to"))
            m.Wrong("to", "is needed");
        m.RefuseUnknown();
        return entry;
    }

    private NumberTarget ReadTarget(MemberReader m)
    {
        var target = new NumberTarget
        {
            Hoiio = m.Checked("hoiio", Formats.Url),
            CatapultApplication = Refer(m, "catapultApplication", ReferenceKind.CatapultApplication),
            Extension = Refer(m, "extension", ReferenceKind.Extension),
        };
        if (new[] { target.Hoiio, target.CatapultApplication, target.Extension }.Count(t => t is not null) != 1)
            m.Wrong("", "must hold exactly one of hoiio, catapultApplication, extension");
        return target;
    }

    private OutboundRoute ReadRoute(MemberReader m, Uniqueness unique)
    {
        var route = new OutboundRoute
        {
            Name = m.Required("name"),
            Pattern = m.Required("pattern"),
            Strip = m.Number("strip", 0, 32) ?? 0,
            Prepend = m.Checked("prepend", Formats.Prefix) ?? "",
            Trunk = m.Required("trunk"),
        };
        if (route.Pattern.Length > 0 && Formats.Pattern(route.Pattern) is { } mistake)
            m.Wrong("pattern", mistake);
        _ = Refer(m, "trunk", ReferenceKind.Trunk);
        unique.Claim(m, "name", "outbound route", route.Name.ToLowerInvariant());
        m.RefuseUnknown();
        return route;
    }

    private CatapultApplication ReadApplication(MemberReader m, Uniqueness unique)
    {
        var application = new CatapultApplication
        {
            Id = m.Required("id"),
            Account = Refer(m, "account", ReferenceKind.Account),
            Name = m.Checked("name", Formats.Name),
            IncomingCallUrl = m.Checked("incomingCallUrl", Formats.Url),
            IncomingCallUrlCallbackTimeout = m.Number("incomingCallUrlCallbackTimeout", 1, 10_000),
            IncomingCallFallbackUrl = m.Checked("incomingCallFallbackUrl", Formats.Url),
            IncomingMessageUrl = m.Checked("incomingMessageUrl", Formats.Url),
            IncomingMessageUrlCallbackTimeout = m.Number("incomingMessageUrlCallbackTimeout", 1, 10_000),
            IncomingMessageFallbackUrl = m.Checked("incomingMessageFallbackUrl", Formats.Url),
            AutoAnswer = m.Truth("autoAnswer", true),
            CallbackHttpMethod = m.Choice("callbackHttpMethod", "post", ("post", "post"), ("get", "get")),
        };
        unique.Claim(m, "id", "application", application.Id);
        m.RefuseUnknown();
        return application;
    }

    private static OpenvoxSettings ReadOpenVox(MemberReader m)
    {
        var settings = new OpenvoxSettings(m.Text("sn"), m.Text("deviceName"));
        m.RefuseUnknown();
        return settings;
    }

    private string? Refer(MemberReader m, string name, ReferenceKind to)
    {
        var text = m.Text(name);
        if (!string.IsNullOrEmpty(text))
            _references.Add(new NameReference(to, text, m.At(name), m.LineOf(name)));
        return text;
    }
}
