using System.Collections.Immutable;
using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Server.Json;

namespace Switchhook.Server.ProvisioningFiles;

/// <summary>Reads an account of the provisioning file: who it is in each dialect, what its calls cost, whom to tell.</summary>
internal static class AccountReader
{
    public static Account Read(MemberReader m, Uniqueness unique)
    {
        var account = new Account
        {
            Name = m.Required("name"),
            Password = m.Text("password"),
            Dialects = m.Texts("dialects", static d =>
                d is "ozeki" or "openvox" or "hoiio" or "catapult" or "native" ? null : $"must be one of ozeki, openvox, hoiio, catapult, native, not '{d}'"),
            Hoiio = m.Part("hoiio", h => new HoiioCredentials(h.Required("appId"), h.Required("accessToken"), h.Truth("notifyInQuery", false))),
            Catapult = m.Part("catapult", c => new CatapultCredentials(c.Required("userId"), c.Required("apiToken"), c.Required("apiSecret"))),
            Native = m.Part("native", n => new NativeCredentials(n.Required("key"))),
            Ozeki = m.Part("ozeki", o => new OzekiSettings(o.Checked("callChangedUrl", Formats.Url), o.Checked("errorUrl", Formats.Url), o.Checked("routingUrl", Formats.Url))
            {
                AddressBooks = ReadAddressBooks(o),
            }),
            Currency = m.Text("currency"),
            Balance = m.Checked("balance", Formats.Amount),
            Rates = [.. m.Objects("rates").Select(ReadRate)],
            WebhookSecret = m.Checked("webhookSecret", Formats.WebhookSecret),
            WebhookSecretPrevious = m.Checked("webhookSecretPrevious", Formats.WebhookSecret),
            Webhooks = ReadWebhooks(m),
        };
        if (account is { WebhookSecret: null, WebhookSecretPrevious: not null })
            m.Wrong("webhookSecretPrevious", "is the secret before webhookSecret, which is not given");
        unique.Claim(m, "name", "account", account.Name.ToLowerInvariant());
        unique.Claim(m, "native", "native key", account.Native?.Key);
        unique.Claim(m, "hoiio", "Hoiio application", account.Hoiio?.AppId);
        unique.Claim(m, "catapult", "Catapult user", account.Catapult?.UserId);
        m.RefuseUnknown();
        return account;
    }

    private static ImmutableArray<AddressBook> ReadAddressBooks(MemberReader ozeki)
    {
        ImmutableArray<AddressBook> books =
        [
            .. ozeki.Objects("addressBooks").Select(static b =>
            {
                var book = new AddressBook(b.Required("name"), [.. b.Objects("contacts").Select(static c =>
                {
                    var contact = new AddressBookContact(c.Required("name"), c.Text("phoneNumber"), c.Text("email"));
                    c.RefuseUnknown();
                    return contact;
                })]);
                b.RefuseUnknown();
                return book;
            }),
        ];
        if (books.GroupBy(b => b.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
            ozeki.Wrong("addressBooks", $"names '{twice.Key}' more than once");
        return books.IsEmpty ? default : books;   // as where none were ever written
    }

    private static ImmutableArray<WebhookSubscription> ReadWebhooks(MemberReader account)
    {
        const int most = 16;
        ImmutableArray<WebhookSubscription> webhooks = [.. account.Objects("webhooks").Select(ReadWebhook)];
        if (webhooks.Length > most)
            account.Wrong("webhooks", $"must be at most {most}");
        if (webhooks.GroupBy(w => w.Url, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } repeated)
            account.Wrong("webhooks", $"names '{repeated.Key}' more than once; its events go into one list");
        return webhooks;
    }

    private static WebhookSubscription ReadWebhook(MemberReader m)
    {
        var url = m.Required("url");
        if (url.Length > 0 && Formats.Url(url) is { } mistake)
            m.Wrong("url", mistake);
        var events = m.Texts("events", Formats.EventName);
        if (events.IsEmpty && m.Has("events"))
            m.Wrong("events", "must name at least one event, or * for all");
        var webhook = new WebhookSubscription(url, m.Has("events") ? events : ["*"], m.Checked("secret", Formats.WebhookSecret));
        m.RefuseUnknown();
        return webhook;
    }

    private static Rate ReadRate(MemberReader m)
    {
        var rate = new Rate(m.Checked("prefix", Formats.Prefix) ?? "", m.Required("perMinute"));
        if (rate.PerMinute.Length > 0 && Formats.Price(rate.PerMinute) is { } mistake)
            m.Wrong("perMinute", mistake);
        m.RefuseUnknown();
        return rate;
    }
}
