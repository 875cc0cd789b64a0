using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Switchhook.Calls;
using Switchhook.Calls.Directory;

namespace Switchhook.Server.ProvisioningFiles;

/// <summary>Writes what <see cref="ProvisioningReader"/> reads; members without a value are left out.</summary>
internal sealed class ProvisioningWriter
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Utf8JsonWriter _json;

    private ProvisioningWriter(Utf8JsonWriter json) => _json = json;

    public static byte[] Write(Provisioning provisioning)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Indented))
            new ProvisioningWriter(json).WriteAll(provisioning);
        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    private void WriteAll(Provisioning p)
    {
        _json.WriteStartObject();
        List("accounts", p.Accounts, WriteAccount);
        List("extensions", p.Extensions, WriteExtension);
        List("trunks", p.Trunks, WriteTrunk);
        List("numbers", p.Numbers, WriteNumber);
        List("outboundRoutes", p.OutboundRoutes, WriteRoute);
        List("catapultApplications", p.CatapultApplications, WriteApplication);
        Object("openvoxSettings", p.OpenvoxSettings, s =>
        {
            Text("sn", s.Sn);
            Text("deviceName", s.DeviceName);
        });
        _json.WriteEndObject();
    }

    private void WriteAccount(Account a)
    {
        Text("name", a.Name);
        Text("password", a.Password);
        Texts("dialects", a.Dialects);
        Object("hoiio", a.Hoiio, h =>
        {
            Text("appId", h.AppId);
            Text("accessToken", h.AccessToken);
            if (h.NotifyInQuery)
                _json.WriteBoolean("notifyInQuery", true);
        });
        Object("catapult", a.Catapult, c =>
        {
            Text("userId", c.UserId);
            Text("apiToken", c.ApiToken);
            Text("apiSecret", c.ApiSecret);
        });
        Object("native", a.Native, n => Text("key", n.Key));
        Object("ozeki", a.Ozeki, o =>
        {
            Text("callChangedUrl", o.CallChangedUrl);
            Text("errorUrl", o.ErrorUrl);
            Text("routingUrl", o.RoutingUrl);
            if (!o.AddressBooks.IsEmpty)
            {
                List("addressBooks", o.AddressBooks, b =>
                {
                    Text("name", b.Name);
                    List("contacts", b.Contacts, c =>
                    {
                        Text("name", c.Name);
                        Text("phoneNumber", c.PhoneNumber);
                        Text("email", c.Email);
                    });
                });
            }
        });
        Text("currency", a.Currency);
        Text("balance", a.Balance);
        if (!a.Rates.IsEmpty)
        {
            List("rates", a.Rates, r =>
            {
                Text("prefix", r.Prefix);
                Text("perMinute", r.PerMinute);
            });
        }
        Text("webhookSecret", a.WebhookSecret);
        Text("webhookSecretPrevious", a.WebhookSecretPrevious);
        if (!a.Webhooks.IsEmpty)
        {
            List("webhooks", a.Webhooks, w =>
            {
                Text("url", w.Url);
                Texts("events", w.Events);
                Text("secret", w.Secret);
            });
        }
    }

    private void WriteExtension(Extension e)
    {
        Text("number", e.Number);
        Text("kind", e.Kind switch
        {
            ExtensionKind.Phone => null,
            ExtensionKind.Api => "api",
            ExtensionKind.Service => "service",
            ExtensionKind.DemoPhone => "demo-phone",
        });
        Text("secret", e.Secret);
        Text("name", e.Name);
        Text("account", e.Account);
        Text("url", e.Url);
        if (e.Kind is ExtensionKind.Service or ExtensionKind.DemoPhone)
            Text("behaviour", WordOf(e.Behaviour));
        Text("prompt", e.Prompt);
        Text("monitorMode", e.Monitors switch
        {
            Monitoring.Extensive => null,
            Monitoring.Listen => "listen",
            Monitoring.Whisper => "whisper",
            Monitoring.BargeIn => "barge-in",
            Monitoring.Disabled => "disabled",
        });
        if (e.IsPrivate)
            _json.WriteBoolean("mayBeMonitored", false);
    }

    private static string WordOf(ServiceBehaviour behaviour) => behaviour switch
    {
        ServiceBehaviour.Answer => "answer",
        ServiceBehaviour.Hangup => "hangup",
        ServiceBehaviour.Play => "play",
        ServiceBehaviour.Echo => "echo",
        ServiceBehaviour.Ring => "ring",
        ServiceBehaviour.Busy => "busy",
        ServiceBehaviour.Reject => "reject",
    };

    private void WriteTrunk(Trunk t)
    {
        Text("name", t.Name);
        Text("host", t.Host);
        if (t.Port > 0)
            _json.WriteNumber("port", t.Port);
        Text("transport", t.Transport);
        Text("user", t.User);
        Text("secret", t.Secret);
        _json.WriteBoolean("register", t.Register);
        Texts("from", t.From);
        Text("mayDial", t.MayDial switch
        {
            TrunkDial.Numbers => "numbers",
            TrunkDial.Extensions => "extensions",
            TrunkDial.All => "all",
        });
        if (!t.Hosts.IsEmpty)
        {
            List("hosts", t.Hosts, h =>
            {
                Text("host", h.Host);
                if (h.Port > 0)
                    _json.WriteNumber("port", h.Port);
                _json.WriteNumber("priority", h.Priority);
            });
        }
        if (t.ProbeSeconds is { } seconds)
            _json.WriteNumber("probeSeconds", seconds);
        if (t.LateOffer)
            _json.WriteBoolean("lateOffer", true);
        Text("identity", t.Identity switch
        {
            TrunkIdentity.From => null,
            TrunkIdentity.Pai => "pai",
            TrunkIdentity.Rpid => "rpid",
        });
    }

    private void WriteNumber(NumberEntry n)
    {
        Text("number", n.Number);
        Text("account", n.Account);
        Object("to", n.To, t =>
        {
            Text("hoiio", t.Hoiio);
            Text("catapultApplication", t.CatapultApplication);
            Text("extension", t.Extension);
        });
        Text("fallbackNumber", n.FallbackNumber);
    }

    private void WriteRoute(OutboundRoute r)
    {
        Text("name", r.Name);
        Text("pattern", r.Pattern);
        _json.WriteNumber("strip", r.Strip);
        Text("prepend", r.Prepend);
        Text("trunk", r.Trunk);
    }

    private void WriteApplication(CatapultApplication a)
    {
        Text("id", a.Id);
        Text("account", a.Account);
        Text("name", a.Name);
        Text("incomingCallUrl", a.IncomingCallUrl);
        Number("incomingCallUrlCallbackTimeout", a.IncomingCallUrlCallbackTimeout);
        Text("incomingCallFallbackUrl", a.IncomingCallFallbackUrl);
        Text("incomingMessageUrl", a.IncomingMessageUrl);
        Number("incomingMessageUrlCallbackTimeout", a.IncomingMessageUrlCallbackTimeout);
        Text("incomingMessageFallbackUrl", a.IncomingMessageFallbackUrl);
        _json.WriteBoolean("autoAnswer", a.AutoAnswer);
        Text("callbackHttpMethod", a.CallbackHttpMethod);
    }

    private void Number(string name, int? value)
    {
        if (value is { } number)
            _json.WriteNumber(name, number);
    }

    private void Text(string name, string? value)
    {
        if (value is not null)
            _json.WriteString(name, value);
    }

    private void Texts(string name, ImmutableArray<string> values)
    {
        _json.WriteStartArray(name);
        foreach (var value in values)
            _json.WriteStringValue(value);
        _json.WriteEndArray();
    }

    private void Object<T>(string name, T? value, Action<T> write)
        where T : class
    {
        if (value is null)
            return;
        _json.WriteStartObject(name);
        write(value);
        _json.WriteEndObject();
    }

    private void List<T>(string name, ImmutableArray<T> values, Action<T> write)
    {
        _json.WriteStartArray(name);
        foreach (var value in values)
        {
            _json.WriteStartObject();
            write(value);
            _json.WriteEndObject();
        }
        _json.WriteEndArray();
    }
}
