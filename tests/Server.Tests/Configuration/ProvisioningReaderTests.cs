using System.Text;
using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Server.Json;
using Switchhook.Server.ProvisioningFiles;

namespace Switchhook.Server.Tests.Configuration;

public sealed class ProvisioningReaderTests
{
    private const string Whole = """
        {
          "accounts": [{
            "name": "demo", "password": "demo-secret",            // user and password
            "dialects": ["ozeki", "openvox", "hoiio", "catapult", "native"],
            "hoiio":    { "appId": "DEMOAPP000000001", "accessToken": "demo-token" },
            "catapult": { "userId": "u-demo", "apiToken": "t-demo", "apiSecret": "demo-api-secret" },
            "native":   { "key": "shk_demo" },
            "ozeki":    { "callChangedUrl": "http://127.0.0.1:7001/changed" },
            "currency": "SGD", "balance": "100.000",
            "rates":    [{ "prefix": "+", "perMinute": "0.020" }],
            "webhookSecret": "whsec_ZGVtby1kZW1vLWRlbW8tZGVtbw==", "webhookSecretPrevious": "whsec_b2xkZXItb2xkZXItb2xkZXI=",
            "webhooks": [{ "url": "http://127.0.0.1:7004/hook", "events": ["call.ended", "leg.ended"] },
                         { "url": "https://hooks.example/all", "secret": "whsec_b3duLW93bi1vd24=" }]
          }],
          "extensions": [
            { "number": "101", "secret": "pw101", "name": "Alice", "account": "demo", "monitorMode": "barge-in", "mayBeMonitored": false },
            { "number": "900", "kind": "api", "account": "demo", "url": "http://127.0.0.1:7001/incoming" },
            { "number": "800", "kind": "service", "behaviour": "play", "prompt": "welcome.wav" },
            { "number": "811", "kind": "demo-phone", "behaviour": "echo" }
          ],
          "trunks": [{ "name": "carrier", "host": "127.0.0.1", "port": 5090, "transport": "udp", "user": null, "secret": null,
                       "register": false, "from": ["127.0.0.1", "10.0.0.0/8"], "mayDial": "numbers" }],
          "numbers": [{ "number": "+6561234567", "account": "demo", "to": { "hoiio": "http://127.0.0.1:7002/answer" } },
                      { "number": "+14155550100", "account": "demo", "to": { "catapultApplication": "a-demo" }, "fallbackNumber": "+13365550177" },
                      { "number": "+3615550100",  "account": "demo", "to": { "extension": "900" } }],
          "outboundRoutes": [{ "name": "world", "pattern": "+X.", "strip": 0, "prepend": "", "trunk": "carrier" }],
          "catapultApplications": [{ "id": "a-demo", "account": "demo", "name": "demo", "incomingCallUrl": "http://127.0.0.1:7003/events",
                                     "autoAnswer": true, "callbackHttpMethod": "post" }],
          "openvoxSettings": { "sn": "000000000001", "deviceName": "Switchhook" },
        }
        """;

    private readonly List<Mistake> _mistakes = [];

    [Fact]
    public void A_trunk_without_a_port_stays_without_one()
    {
        var read = Read("""{ "trunks": [{ "name": "carrier", "host": "carrier.example" }] }""")!.Value;

        var again = Read(Encoding.UTF8.GetString(ProvisioningWriter.Write(read)))!.Value;

        Assert.Equal(0, Assert.Single(read.Trunks).Port);
        Assert.Equal(0, Assert.Single(again.Trunks).Port);
    }

    [Fact]
    public void A_trunks_further_hosts_probes_offers_and_identity_are_read_and_written()
    {
        var read = Read("""
            { "trunks": [{ "name": "carrier", "host": "carrier.example", "probeSeconds": 0, "lateOffer": true, "identity": "rpid",
                           "hosts": [{ "host": "192.0.2.1", "port": 5070, "priority": 2 }, { "host": "backup.example" }] }] }
            """)!.Value;

        var trunk = Assert.Single(Read(Encoding.UTF8.GetString(ProvisioningWriter.Write(read)))!.Value.Trunks);

        Assert.Equal([new FurtherHost("192.0.2.1", 5070, 2), new FurtherHost("backup.example")], trunk.Hosts);
        Assert.Equal((0, true, TrunkIdentity.Rpid), (trunk.ProbeSeconds, trunk.LateOffer, trunk.Identity));
    }

    [Fact]
    public void Mistakes_in_a_trunks_further_hosts_are_named()
    {
        Assert.Null(Read("""{ "trunks": [{ "name": "c", "host": "c.example", "hosts": [{ "host": "no host", "prio": 1 }], "identity": "me", "lateOffer": "yes" }] }"""));

        Assert.Equal(["trunks[0].hosts[0].host", "trunks[0].hosts[0].prio", "trunks[0].identity", "trunks[0].lateOffer"], _mistakes.Select(m => m.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_rate_below_nothing_is_a_mistake()
    {
        Assert.Null(Read("""{ "accounts": [{ "name": "a", "rates": [{ "prefix": "+", "perMinute": "-0.020" }] }] }"""));

        Assert.Equal("accounts[0].rates[0].perMinute", Assert.Single(_mistakes).Key);
    }

    [Fact]
    public void Every_section_is_read()
    {
        var whole = Read(Whole)!.Value;

        var account = Assert.Single(whole.Accounts);
        Assert.Equal(("demo", "demo-secret", "shk_demo", "100.000"), (account.Name, account.Password, account.Native!.Key, account.Balance));
        Assert.Equal(new CatapultCredentials("u-demo", "t-demo", "demo-api-secret"), account.Catapult);
        Assert.Equal(new OzekiSettings("http://127.0.0.1:7001/changed"), account.Ozeki);
        Assert.Equal(
            [ExtensionKind.Phone, ExtensionKind.Api, ExtensionKind.Service, ExtensionKind.DemoPhone], whole.Extensions.Select(e => e.Kind));
        Assert.Equal((ServiceBehaviour.Play, "welcome.wav"), (whole.Extensions[2].Behaviour, whole.Extensions[2].Prompt));
        Assert.Equal([(Monitoring.BargeIn, true), (Monitoring.Extensive, false)], whole.Extensions.Take(2).Select(e => (e.Monitors, e.IsPrivate)));
        Assert.Equal(["127.0.0.1", "10.0.0.0/8"], Assert.Single(whole.Trunks).From);
        Assert.Equal(["http://127.0.0.1:7002/answer", null, null], whole.Numbers.Select(n => n.To.Hoiio));
        Assert.Equal(("+X.", "carrier"), (whole.OutboundRoutes[0].Pattern, whole.OutboundRoutes[0].Trunk));
        Assert.Equal("a-demo", whole.CatapultApplications[0].Id);
        Assert.Equal(new OpenvoxSettings("000000000001", "Switchhook"), whole.OpenvoxSettings);
    }

    [Fact]
    public void What_was_written_reads_back_the_same()
    {
        var first = ProvisioningWriter.Write(Read(Whole)!.Value);

        var second = ProvisioningWriter.Write(Read(Encoding.UTF8.GetString(first))!.Value);

        Assert.Equal(Encoding.UTF8.GetString(first), Encoding.UTF8.GetString(second));
        Assert.Contains("\"perMinute\": \"0.020\"", Encoding.UTF8.GetString(first), StringComparison.Ordinal);
    }

    [Fact]
    public void Applying_a_document_twice_changes_nothing_and_the_rest_stays()
    {
        var there = Read("""{ "extensions": [{ "number": "101", "secret": "old" }, { "number": "105", "secret": "kept" }] }""")!.Value;
        var document = Read(Whole)!.Value;

        var once = ProvisioningMerge.Over(there, document);
        var twice = ProvisioningMerge.Over(once, document);

        Assert.Equal(["101", "105", "900", "800", "811"], once.Extensions.Select(e => e.Number));
        Assert.Equal("pw101", once.Extensions[0].Secret);
        Assert.Equal(ProvisioningWriter.Write(once), ProvisioningWriter.Write(twice));
    }

    [Fact]
    public void Every_mistake_is_named_with_its_line()
    {
        var document = Read("""
            {
              "extensions": [
                { "number": "101", "secret": "a" },
                { "number": "101", "secret": "b" },
                { "number": "10x", "secret": "b" },
                { "number": "102" },
                { "number": "103", "secret": "c", "behaviour": "busy" },
                { "number": "811", "kind": "demophone" },
                { "number": "104", "secret": "c", "sekret": 1 }
              ],
              "outboundRoutes": [{ "name": "w", "pattern": "+.X", "trunk": "t" }],
              "numbers": [{ "number": "+49", "to": { "extension": "101", "hoiio": "http://a/" } }]
            }
            """);

        Assert.Null(document);
        Assert.Equal(
            [
                "file.json:4: extensions[1].number: repeats the extension of line 3",
                "file.json:5: extensions[2].number: must be digits, * or #, at most 32 of them, not '10x'",
                "file.json:6: extensions[3].secret: is needed: without it no phone can register",
                "file.json:7: extensions[4].behaviour: belongs to extensions of kind service and demo-phone",
                "file.json:8: extensions[5].kind: must be one of phone, api, service, demo-phone, not 'demophone'",
                "file.json:9: extensions[6].sekret: is an unknown member; the nearest known one is secret",
                "file.json:11: outboundRoutes[0].pattern: may have '.' only at its end",
                "file.json:12: numbers[0].to: must hold exactly one of hoiio, catapultApplication, extension",
            ],
            _mistakes.Where(m => !m.Message.StartsWith("is needed", StringComparison.Ordinal) || m.Line == 6)
                .OrderBy(m => m.Line).Select(m => m.ToString()));
    }

    [Theory]
    [InlineData("""{ "extensions": [{ "number": "1", "secret": "s", "account": "dmeo" }] }""", "extensions[0].account", "names the account 'dmeo', which is not there; the nearest known one is demo")]
    [InlineData("""{ "outboundRoutes": [{ "name": "r", "pattern": "9.", "trunk": "x" }] }""", "outboundRoutes[0].trunk", "names the trunk 'x', which is not there; the nearest known one is carrier")]
    [InlineData("""{ "numbers": [{ "number": "1", "to": { "extension": "999" } }] }""", "numbers[0].to.extension", "names the extension '999', which is not there; the nearest known one is 900")]
    public void A_name_that_meets_nothing_is_a_mistake(string json, string key, string message)
    {
        var there = Read(Whole)!.Value;
        var document = Read(json)!;

        document.CheckReferences(ProvisioningMerge.Over(there, document.Value), _mistakes);

        var mistake = Assert.Single(_mistakes);
        Assert.Equal((key, message, 1), (mistake.Key, mistake.Message, mistake.Line));
    }

    [Theory]
    [InlineData("""{ "numbers": [{ "number": "1", "to": { "extension": "101" }, "fallbackNumber": "102" }] }""", "is for numbers of a catapultApplication")]
    [InlineData("""{ "numbers": [{ "number": "1", "to": { "catapultApplication": "a" }, "fallbackNumber": "somewhere" }] }""", "must be a number or an extension, not 'somewhere'")]
    public void A_fallback_number_is_a_number_of_an_application(string json, string message)
    {
        Assert.Null(Read(json));

        var mistake = Assert.Single(_mistakes);
        Assert.Equal(("numbers[0].fallbackNumber", message), (mistake.Key, mistake.Message));
    }

    [Fact]
    public void A_reference_to_what_was_provisioned_before_is_fine()
    {
        var there = Read(Whole)!.Value;
        var document = Read("""{ "extensions": [{ "number": "105", "secret": "s", "account": "DEMO" }] }""")!;

        document.CheckReferences(ProvisioningMerge.Over(there, document.Value), _mistakes);

        Assert.Empty(_mistakes);
    }

    [Theory]
    [InlineData("X", true)]
    [InlineData("+X.", true)]
    [InlineData("9ZN[1-4]!", true)]
    [InlineData("[13579]X", true)]
    [InlineData("", false)]
    [InlineData("[1-", false)]
    [InlineData("[]", false)]
    [InlineData("[4-1]", false)]
    [InlineData("A", false)]
    [InlineData("1!2", false)]
    public void Patterns_are_checked(string pattern, bool fine)
    {
        var mistake = Formats.Pattern(pattern);

        Assert.Equal(fine, mistake is null);
    }

    [Fact]
    public void The_built_in_document_holds_the_demo_account_and_two_phones_that_answer()
    {
        var demo = DemoProvisioning.Read();

        var account = Assert.Single(demo.Accounts);
        Assert.Equal(("demo", "demo-secret", "shk_demo"), (account.Name, account.Password, account.Native!.Key));
        Assert.Equal(["811", "812"], demo.Extensions.Where(e => e is { Kind: ExtensionKind.DemoPhone, Behaviour: ServiceBehaviour.Answer }).Select(e => e.Number));
    }

    private ProvisioningDocument? Read(string json) =>
        ProvisioningReader.Read(Encoding.UTF8.GetBytes(json), "file.json", _mistakes, static _ => null);
}
