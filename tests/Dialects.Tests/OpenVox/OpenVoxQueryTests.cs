using Switchhook.Calls;
using Switchhook.Dialects.OpenVox;

namespace Switchhook.Dialects.Tests.OpenVox;

public class OpenVoxQueryTests
{
    private static readonly string Id = OpenVoxWorld.Leg1;

    [Fact]
    public async Task The_device_tells_what_it_is_and_since_when_it_runs()
    {
        var answer = await new OpenVoxWorld().AskAsync("deviceinfo/query");

        Assert.Equal(
            """{"status":"Success","deviceinfo":{"devicename":"UC501","sn":"uc50b7d40213","hardwarever":"0.0","firmwarever":"4.1.1","systemtime":"2026-06-03 08:00:47","uptime":"2026-Jun-01-06:12:40","extensionstatus":"4/5"}}""",
            answer);
    }

    // {"status":"Success","extlist":[{"extnumber":"2001","status":"Registered","type":"pjsip","username":"Front desk","agentid":""},
    //  {"extnumber":"2002","status":"Unavailable","type":"pjsip","username":"2002","agentid":""}]}
    [Fact]
    public async Task Extensions_of_the_account_and_of_nobody_are_listed_as_the_vendor_prints_them()
    {
        var answer = await new OpenVoxWorld().AskAsync("extensionlist/query");

        Assert.Equal(
            """{"status":"Success","extlist":[{"extnumber":"2001","status":"Registered","type":"pjsip","username":"Front desk","agentid":""},{"extnumber":"2002","status":"Unavailable","type":"pjsip","username":"2002","agentid":""},{"extnumber":"2003","status":"Registered","type":"pjsip","username":"2003","agentid":""},{"extnumber":"2005","status":"Registered","type":"pjsip","username":"2005","agentid":""}]}""",
            answer);
    }

    // <extlist><item id="0"><extnumber>2001</extnumber>…</item><item id="1">…
    [Fact]
    public async Task The_same_in_XML_numbers_its_items_from_0()
    {
        var answer = await new OpenVoxWorld().AskAsync("extensionlist/query", "", "xml");

        Assert.StartsWith(
            """
            <?xml version="1.0" encoding="utf-8"?>
            <xml>
              <status>Success</status>
              <extlist>
                <item id="0">
                  <extnumber>2001</extnumber>
                  <status>Registered</status>
                  <type>pjsip</type>
                  <username>Front desk</username>
                  <agentid></agentid>
                </item>
                <item id="1">
            """,
            answer,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Extensions_show_what_they_do()
    {
        var held = OpenVoxWorld.Internal() with { State = new CallState.Held() };

        var ringing = await StatusesAsync(OpenVoxWorld.Ringing(OpenVoxWorld.Internal()));
        var talking = await StatusesAsync(OpenVoxWorld.Internal());
        var onHold = await StatusesAsync(held);

        Assert.Equal((("Busy", "Ringing"), ("Busy", "Busy"), ("Hold", "Hold")), (ringing, talking, onHold));

        static async Task<(string, string)> StatusesAsync(Call call)
        {
            using var json = System.Text.Json.JsonDocument.Parse(await With(call).AskAsync("extensionlist/query"));
            var list = json.RootElement.GetProperty("extlist");
            return (list[0].GetProperty("status").GetString()!, list[1].GetProperty("status").GetString()!);
        }
    }

    [Fact]
    public async Task Settings_of_extensions_come_with_the_call_they_are_in()
    {
        var inbound = await With(OpenVoxWorld.Inbound()).AskAsync("extension/query", """{"extid":"2001"}""");
        var outbound = await With(OpenVoxWorld.Outbound()).AskAsync("extension/query", """{"extid":2001}""");
        var both = await With(OpenVoxWorld.Internal()).AskAsync("extension/query", """{"extid":"2001, 2002"}""");
        var all = await new OpenVoxWorld().AskAsync("extension/query");

        Assert.StartsWith(
            """{"status":"Success","extinfos":[{"extnumber":"2001","username":"Front desk","callerid":"2001","email":"","type":"pjsip","status":"Busy","port":"","registerpassword":"pw2001",""",
            inbound,
            StringComparison.Ordinal);
        Assert.EndsWith($$$""","dnd":"off","inbound":{"inboundid":"{{{Id}}}","from":"0755550199","to":"2001","trunk":"carrier-a"}}]}""", inbound, StringComparison.Ordinal);
        Assert.EndsWith($$$""","outbound":{"outboundid":"{{{OpenVoxWorld.Leg2}}}","from":"2001","to":"0755550123","trunk":"carrier-a"}}]}""", outbound, StringComparison.Ordinal);
        Assert.Contains(""","ext":{"extid":"2002"}},{"extnumber":"2002",""", both, StringComparison.Ordinal);
        Assert.Equal(4, all.Split("\"extnumber\"").Length - 1);
    }

    [Theory]
    [InlineData("9999")]
    [InlineData("2001,3001")]
    public async Task A_named_extension_that_is_unknown_is_10006(string wanted)
    {
        var answer = await new OpenVoxWorld().AskAsync("extension/query", $$"""{"extid":"{{wanted}}"}""");

        Assert.Equal("""{"status":"Failed","errno":"10006"}""", answer);
    }

    // {"status":"Success","inbound":[{"inboundid":"1717401605.410","from":"0755550199","to":"2001","trunk":"carrier-a","callee":{"extid":"2001"},"status":"Talking"}]}
    [Fact]
    public async Task An_inbound_call_is_an_array_in_JSON()
    {
        var answer = await With(OpenVoxWorld.Inbound()).AskAsync("inbound/query", $$"""{"inboundid":"{{Id}}"}""");

        Assert.Equal(
            $$$"""{"status":"Success","inbound":[{"inboundid":"{{{Id}}}","from":"0755550199","to":"2001","trunk":"carrier-a","callee":{"extid":"2001"},"status":"Talking"}]}""",
            answer);
    }

    // <inbound><inboundid>1717401605.410</inboundid>…<callee><extid>2001</extid></callee><status>Talking</status></inbound>
    [Fact]
    public async Task An_inbound_call_stands_without_an_item_in_XML()
    {
        var answer = await With(OpenVoxWorld.Inbound()).AskAsync("inbound/query", "", "xml");

        Assert.Equal(
            $"""
            <?xml version="1.0" encoding="utf-8"?>
            <xml>
              <status>Success</status>
              <inbound>
                <inboundid>{Id}</inboundid>
                <from>0755550199</from>
                <to>2001</to>
                <trunk>carrier-a</trunk>
                <callee>
                  <extid>2001</extid>
                </callee>
                <status>Talking</status>
              </inbound>
            </xml>
            """,
            answer);
    }

    [Fact]
    public async Task Two_calls_have_their_items_in_XML()
    {
        var another = OpenVoxWorld.Inbound() with { Id = new CallId(OpenVoxWorld.First.Value + 1) };

        var answer = await With(OpenVoxWorld.Inbound(), another).AskAsync("inbound/query", "", "xml");

        Assert.Contains("<inbound>\n    <item id=\"0\">", answer, StringComparison.Ordinal);
        Assert.Contains("<item id=\"1\">", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_outbound_call_has_no_callee()
    {
        var world = With(OpenVoxWorld.Ringing(OpenVoxWorld.Outbound()));

        var answer = await world.AskAsync("outbound/query");

        Assert.Equal(
            $$"""{"status":"Success","outbound":[{"outboundid":"{{OpenVoxWorld.Leg2}}","from":"2001","to":"0755550123","trunk":"carrier-a","status":"Progress"}]}""",
            answer);
    }

    [Theory]
    [InlineData("json", "")]
    [InlineData("json", """{"inboundid":"1717401605.410,nonsense"}""")]
    [InlineData("xml", "")]
    public async Task No_match_is_an_empty_list(string type, string body)
    {
        var world = With(OpenVoxWorld.Internal(), OpenVoxWorld.Inbound() with { Accounts = ["other"] });

        var answer = await world.AskAsync("inbound/query", body, type);

        Assert.Contains(type == "xml" ? "<inbound></inbound>" : """{"status":"Success","inbound":[]}""", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_have_the_vendors_shape_and_lead_back_to_their_leg()
    {
        var leg = new LegId(new CallId(OpenVoxWorld.First.Value), 3);

        var text = OpenVoxId.Of(leg);

        Assert.Equal($"{OpenVoxWorld.Start.ToUnixTimeSeconds()}.300410", text);
        Assert.True(OpenVoxId.TryParse(text, out var back));
        Assert.Equal(leg, back);
        Assert.False(OpenVoxId.TryParse("0" + text, out _));
    }

    private static OpenVoxWorld With(params Call[] calls)
    {
        var world = new OpenVoxWorld();
        world.Exchange.Calls.AddRange(calls);
        return world;
    }
}
