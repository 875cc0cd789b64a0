using System.Text.Json;
using System.Text.Json.Nodes;

namespace Switchhook.TestKit.Servers;

/// <summary>Writes a provisioning document, a section at a time.</summary>
public sealed class ProvisioningBuilder
{
    /// <summary>The account every builder starts with, and its credentials.</summary>
    public const string Account = "lab";
    public const string Password = "lab-secret";
    public const string NativeKey = "shk_lab";

    private readonly JsonArray _accounts = [];
    private readonly JsonArray _extensions = [];
    private readonly JsonArray _trunks = [];
    private readonly JsonArray _numbers = [];
    private readonly JsonArray _routes = [];
    private readonly JsonArray _catapultApplications = [];

    public ProvisioningBuilder() => AddAccount(Account, Password, NativeKey);

    /// <summary>An account that may use Ozeki, OpenVox and the native API.</summary>
    public ProvisioningBuilder AddAccount(string name, string password, string nativeKey, string? callChangedUrl = null, string? errorUrl = null, string? routingUrl = null)
    {
        var account = new JsonObject
        {
            ["name"] = name,
            ["password"] = password,
            ["dialects"] = new JsonArray("ozeki", "openvox", "native"),
            ["native"] = new JsonObject { ["key"] = nativeKey },
        };
        var ozeki = new (string Name, string? Value)[] { ("callChangedUrl", callChangedUrl), ("errorUrl", errorUrl), ("routingUrl", routingUrl) }.Where(u => u.Value is not null).ToList();
        if (ozeki.Count > 0)
            account["ozeki"] = new JsonObject(ozeki.Select(u => KeyValuePair.Create(u.Name, (JsonNode?)JsonValue.Create(u.Value))));
        _accounts.Add(account);
        return this;
    }

    /// <summary>Replaces the first account by one that is told of call changes.</summary>
    public ProvisioningBuilder TellCallChanges(string url)
    {
        _accounts.RemoveAt(0);
        return AddAccount(Account, Password, NativeKey, url);
    }

    /// <summary>Lets the account that was added last use Hoiio.</summary>
    public ProvisioningBuilder AddHoiio(string appId, string accessToken, string? balance = null, params (string Prefix, string PerMinute)[] rates)
    {
        var account = (JsonObject)_accounts[^1]!;
        ((JsonArray)account["dialects"]!).Add("hoiio");
        account["hoiio"] = new JsonObject { ["appId"] = appId, ["accessToken"] = accessToken };
        account["currency"] = "SGD";
        if (balance is not null)
            account["balance"] = balance;
        account["rates"] = new JsonArray([.. rates.Select(r => new JsonObject { ["prefix"] = r.Prefix, ["perMinute"] = r.PerMinute })]);
        return this;
    }

    /// <summary>A public number whose calls a Hoiio application takes.</summary>
    public ProvisioningBuilder AddHoiioNumber(string number, string url, string account = Account)
    {
        _numbers.Add(new JsonObject { ["number"] = number, ["account"] = account, ["to"] = new JsonObject { ["hoiio"] = url } });
        return this;
    }

    /// <summary>Lets the account that was added last use Catapult.</summary>
    public ProvisioningBuilder AddCatapult(string userId, string apiToken, string apiSecret)
    {
        var account = (JsonObject)_accounts[^1]!;
        ((JsonArray)account["dialects"]!).Add("catapult");
        account["catapult"] = new JsonObject { ["userId"] = userId, ["apiToken"] = apiToken, ["apiSecret"] = apiSecret };
        return this;
    }

    /// <summary>A Catapult application, and the number whose calls it takes.</summary>
    public ProvisioningBuilder AddCatapultApplication(
        string id, string? url, bool autoAnswer, string number, string method = "post", string? fallback = null, string account = Account, string? fallbackNumber = null)
    {
        var application = new JsonObject { ["id"] = id, ["account"] = account, ["name"] = $"Application {id}", ["autoAnswer"] = autoAnswer, ["callbackHttpMethod"] = method };
        if (url is not null)
            application["incomingCallUrl"] = url;
        if (fallback is not null)
            application["incomingCallFallbackUrl"] = fallback;
        _catapultApplications.Add(application);
        var entry = new JsonObject { ["number"] = number, ["account"] = account, ["to"] = new JsonObject { ["catapultApplication"] = id } };
        if (fallbackNumber is not null)
            entry["fallbackNumber"] = fallbackNumber;
        _numbers.Add(entry);
        return this;
    }

    /// <summary>Subscribes the account that was added last to events.</summary>
    public ProvisioningBuilder AddWebhook(string url, string secret, params string[] events)
    {
        var account = (JsonObject)_accounts[^1]!;
        if (account["webhooks"] is not JsonArray webhooks)
            account["webhooks"] = webhooks = [];
        webhooks.Add(new JsonObject { ["url"] = url, ["secret"] = secret, ["events"] = new JsonArray([.. events.Select(e => JsonValue.Create(e))]) });
        return this;
    }

    /// <summary>An extension for a phone; its secret is <c>pw</c> and the number.</summary>
    public ProvisioningBuilder AddPhone(string number, string account = Account) => AddExtension(new JsonObject
    {
        ["number"] = number,
        ["secret"] = SecretOf(number),
        ["name"] = $"Phone {number}",
        ["account"] = account,
    });

    /// <summary>An extension the exchange answers itself.</summary>
    public ProvisioningBuilder AddService(string number, string behaviour, string? prompt = null)
    {
        var extension = new JsonObject { ["number"] = number, ["kind"] = "service", ["behaviour"] = behaviour, ["account"] = Account };
        if (prompt is not null)
            extension["prompt"] = prompt;
        return AddExtension(extension);
    }

    /// <summary>A phone inside the server.</summary>
    public ProvisioningBuilder AddDemoPhone(string number, string behaviour) =>
        AddExtension(new JsonObject { ["number"] = number, ["kind"] = "demo-phone", ["behaviour"] = behaviour, ["account"] = Account });

    /// <summary>An extension behind an application.</summary>
    public ProvisioningBuilder AddApiExtension(string number, string url, string account = Account) =>
        AddExtension(new JsonObject { ["number"] = number, ["kind"] = "api", ["account"] = account, ["url"] = url });

    /// <summary>A peer at that address, and at the next one when that fails.</summary>
    /// <param name="more">Further members, as the document has them.</param>
    public ProvisioningBuilder AddTrunk(
        string name, string host, int port, string from, string mayDial = "extensions", string transport = "udp", string? user = null, string? secret = null,
        (string Host, int Port)? next = null, bool lateOffer = false, JsonObject? more = null)
    {
        var trunk = new JsonObject
        {
            ["name"] = name,
            ["host"] = host,
            ["port"] = port,
            ["transport"] = transport,
            ["from"] = new JsonArray(from),
            ["mayDial"] = mayDial,
        };
        if (user is not null)
            (trunk["user"], trunk["secret"]) = (user, secret);
        if (lateOffer)
            trunk["lateOffer"] = true;
        if (next is { } further)
            trunk["hosts"] = new JsonArray(new JsonObject { ["host"] = further.Host, ["port"] = further.Port, ["priority"] = 1 });
        foreach (var (key, value) in more ?? [])
            trunk[key] = value?.DeepClone();
        _trunks.Add(trunk);
        return this;
    }

    /// <summary>A public number that leads to an extension.</summary>
    public ProvisioningBuilder AddNumber(string number, string extension)
    {
        _numbers.Add(new JsonObject { ["number"] = number, ["account"] = Account, ["to"] = new JsonObject { ["extension"] = extension } });
        return this;
    }

    /// <summary>A dialling rule.</summary>
    public ProvisioningBuilder AddRoute(string name, string pattern, string trunk)
    {
        _routes.Add(new JsonObject { ["name"] = name, ["pattern"] = pattern, ["strip"] = 0, ["prepend"] = "", ["trunk"] = trunk });
        return this;
    }

    /// <summary>The password of a phone.</summary>
    public static string SecretOf(string number) => $"pw{number}";

    /// <summary>The document.</summary>
    public string ToJson() => new JsonObject
    {
        ["accounts"] = _accounts.DeepClone(),
        ["extensions"] = _extensions.DeepClone(),
        ["trunks"] = _trunks.DeepClone(),
        ["numbers"] = _numbers.DeepClone(),
        ["outboundRoutes"] = _routes.DeepClone(),
        ["catapultApplications"] = _catapultApplications.DeepClone(),
    }.ToJsonString(Indented);

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private ProvisioningBuilder AddExtension(JsonObject extension)
    {
        _extensions.Add(extension);
        return this;
    }
}
