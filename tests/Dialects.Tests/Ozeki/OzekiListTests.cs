using System.Xml.Linq;
using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Ozeki;

namespace Switchhook.Dialects.Tests.Ozeki;

public class OzekiListTests
{
    [Fact]
    public async Task Live_calls_are_listed_in_the_vendors_layout()
    {
        var world = new OzekiWorld { Exchange = { Calls = { OzekiWorld.Ordinary() } } };

        var answer = await world.GetAsync("Command=ListActiveCalls" + OzekiWorld.Credentials);

        Assert.Equal($"""
            <?xml version="1.0"?>
            <Response xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
              <Code>200</Code>
              <Message>Command successfully executed</Message>
              <ActiveCalls>
                <Call>
                  <CallId>{OzekiWorld.First}</CallId>
                  <Source>201</Source>
                  <CallerId>201</CallerId>
                  <Destination>204</Destination>
                  <CallerDialed>204</CallerDialed>
                  <CalleeDialed>204</CalleeDialed>
                  <StartTime>2026-05-06 14:02:11</StartTime>
                  <RingDuration>3.180</RingDuration>
                  <TalkDuration>41.027</TalkDuration>
                  <CallState>InCall</CallState>
                </Call>
              </ActiveCalls>
            </Response>
            """, answer);
    }

    [Fact]
    public async Task No_live_calls_are_an_empty_element()
    {
        var answer = await new OzekiWorld().GetAsync("command=ListActiveCalls" + OzekiWorld.Credentials);

        Assert.Contains("\n  <ActiveCalls />\n</Response>", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Live_calls_of_others_and_calls_on_their_way_out_are_not_listed()
    {
        var ending = OzekiWorld.Ordinary(1) with { State = new CallState.Ending(new HangupBy.Caller(), HangupCause.NormalClearing) };
        var world = new OzekiWorld { Exchange = { Calls = { OzekiWorld.Ordinary() with { Accounts = ["other"] }, ending, OzekiWorld.Ordinary(2) } } };

        var answer = await world.ListAsync("command=ListActiveCalls");

        Assert.Equal(OzekiWorld.Ordinary(2).Id.ToString(), Assert.Single(answer.Descendants("CallId")).Value);
    }

    [Fact]
    public async Task Live_states_have_the_vendors_words_and_durations_wait_for_the_answer()
    {
        var call = OzekiWorld.Ordinary() with { AnsweredAt = null };
        var world = new OzekiWorld
        {
            Exchange =
            {
                Calls =
                {
                    call with { State = new CallState.Trying() },
                    call with { State = new CallState.Ringing() },
                    OzekiWorld.Ordinary() with { State = new CallState.Held() },
                },
            },
        };

        var answer = await world.ListAsync("command=ListActiveCalls");

        Assert.Equal(["Ringing", "Ringing", "Hold"], answer.Descendants("CallState").Select(e => e.Value));
        Assert.Equal(["0.000", "0.000", "3.180"], answer.Descendants("RingDuration").Select(e => e.Value));
        Assert.Equal(["0.000", "0.000", "41.027"], answer.Descendants("TalkDuration").Select(e => e.Value));
    }

    [Fact]
    public async Task A_placed_call_shows_its_API_extension_as_source_and_the_shown_number_as_caller_id()
    {
        var world = new OzekiWorld { Exchange = { Calls = { OzekiWorld.Placed() with { Caller = new Party("3000") } } } };

        var call = (await world.ListAsync("command=ListActiveCalls")).Descendants("Call").Single();

        Assert.Equal(("900", "3000", "204"), (call.Element("Source")!.Value, call.Element("CallerId")!.Value, call.Element("Destination")!.Value));
    }

    [Fact]
    public async Task An_incoming_call_shows_what_was_dialled_and_where_it_came_out()
    {
        var world = new OzekiWorld { Exchange = { Calls = { OzekiWorld.Incoming() } } };

        var call = (await world.ListAsync("command=ListActiveCalls")).Descendants("Call").Single();

        Assert.Equal("+3615550100|+3615550100|900|+3615550199|900", string.Join('|', call.Elements().Skip(1).Take(5).Select(e => e.Value)));
    }

    [Fact]
    public async Task Times_are_in_the_servers_zone()
    {
        var zone = TimeZoneInfo.CreateCustomTimeZone("test", TimeSpan.FromHours(2), "test", "test");
        var world = new OzekiWorld { Options = new OzekiOptions { TimeZone = zone }, Exchange = { Calls = { OzekiWorld.Ordinary() } } };

        var live = await world.ListAsync("command=ListActiveCalls");
        await world.ListAsync("command=ListCallHistory&From=2026-05-06+16:02:11");

        Assert.Equal("2026-05-06 16:02:11", Assert.Single(live.Descendants("StartTime")).Value);
        Assert.Equal(OzekiWorld.Start, Assert.Single(world.History.Queries).Since);
    }

    [Fact]
    public async Task The_history_is_listed_in_the_vendors_layout()
    {
        var world = new OzekiWorld { History = { Calls = { OzekiWorld.Ended(OzekiWorld.Ordinary(), HangupCause.NormalClearing, new HangupBy.Caller()) } } };

        var answer = await world.GetAsync("command=ListCallHistory&PageNumber=0&RowsPerPage=20&From=&CallId=&State=" + OzekiWorld.Credentials);

        Assert.EndsWith($"""
              <Message>Command successfully executed</Message>
              <TotalRecords>1</TotalRecords>
              <CallHistory>
                <Call>
                  <StartTime>2026-05-06 14:02:11</StartTime>
                  <Direction>Internal</Direction>
                  <Source>201</Source>
                  <Destination>204</Destination>
                  <State>CallerHungUp</State>
                  <Dialed>204</Dialed>
                  <CallerId>201</CallerId>
                  <Type>Audio</Type>
                  <CallId>{OzekiWorld.First}</CallId>
                </Call>
              </CallHistory>
            </Response>
            """, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_history_comes_by_page_oldest_first_and_counts_what_matches()
    {
        var world = new OzekiWorld();
        world.History.Calls.AddRange(Enumerable.Range(0, 25).Reverse().Select(Clear));

        var answer = await world.ListAsync("command=ListCallHistory&PageNumber=2&RowsPerPage=10");

        Assert.Equal("25", answer.Element("TotalRecords")!.Value);
        Assert.Equal(Enumerable.Range(20, 5).Select(i => Clear(i).Id.ToString()), Ids(answer));
    }

    [Fact]
    public async Task The_history_of_others_is_not_listed()
    {
        var world = new OzekiWorld { History = { Calls = { Clear(0) with { Accounts = ["other"] } } } };

        var answer = await world.ListAsync("command=ListCallHistory");

        Assert.Equal("0", answer.Element("TotalRecords")!.Value);
        Assert.Empty(answer.Element("CallHistory")!.Elements());
    }

    [Theory]
    [InlineData("State=CallerHungUp", "0")]
    [InlineData("State=CallerHangUp", "0")]
    [InlineData("State=calleehungup", "1")]
    [InlineData("State=Busy", "2")]
    [InlineData("State=NotFound", "3")]
    [InlineData("State=TransferCompleted", "")]
    [InlineData("Source=202", "3")]
    [InlineData("Destination=299", "2")]
    [InlineData("Source=201&Destination=204&State=CalleeHungUp", "1")]
    [InlineData("Dialed=299", "2")]
    [InlineData("CallerId=202", "3")]
    [InlineData("Type=Audio&Dialed=299", "2")]
    [InlineData("Type=Video", "")]
    [InlineData("CallId=zzz9Q", "")]
    [InlineData("From=2026-05-06+14:02:12", "3")]
    public async Task Filters_of_the_history_combine(string filter, string expected)
    {
        var world = new OzekiWorld();
        world.History.Calls.AddRange([
            Clear(0),
            OzekiWorld.Ended(OzekiWorld.Ordinary(1), HangupCause.NormalClearing, new HangupBy.Callee()),
            OzekiWorld.Ended(OzekiWorld.Ordinary(2) with { Dialed = "299", CalleeDialed = "299" }, HangupCause.CallRejected, new HangupBy.Callee()),
            OzekiWorld.Ended(
                OzekiWorld.Ordinary(3) with { Caller = new Party("202"), StartedAt = OzekiWorld.Start.AddSeconds(5) },
                HangupCause.UnallocatedNumber, new HangupBy.Policy("no route")),
        ]);

        var answer = await world.ListAsync("command=ListCallHistory&" + filter);

        var numbers = Ids(answer).Select(id => world.History.Calls.FindIndex(c => c.Id.ToString() == id));
        Assert.Equal(expected, string.Join(",", numbers));
        Assert.Equal(expected.Length > 0 ? "1" : "0", answer.Element("TotalRecords")!.Value);
    }

    [Fact]
    public async Task A_filter_the_store_does_not_know_is_still_paged()
    {
        var world = new OzekiWorld();
        world.History.Calls.AddRange(Enumerable.Range(0, 1200).Select(i => i % 2 == 0 ? Clear(i) : Clear(i) with { Caller = new Party("202") }));

        var answer = await world.ListAsync("command=ListCallHistory&Source=202&PageNumber=1&RowsPerPage=3");

        Assert.Equal("600", answer.Element("TotalRecords")!.Value);
        Assert.Equal([Clear(7).Id.ToString(), Clear(9).Id.ToString(), Clear(11).Id.ToString()], Ids(answer));
    }

    [Fact]
    public async Task Direction_and_call_id_are_left_to_the_store()
    {
        var world = new OzekiWorld();

        await world.ListAsync($"command=ListCallHistory&Direction=outbound&CallId={OzekiWorld.First}");

        var query = Assert.Single(world.History.Queries);
        Assert.Equal((CallDirection.Outbound, OzekiWorld.First, "ops", false), (query.Direction, query.Call, query.Account, query.NewestFirst));
    }

    [Theory]
    [InlineData("PageNumber=-1", "PageNumber")]
    [InlineData("PageNumber=x", "PageNumber")]
    [InlineData("RowsPerPage=0", "RowsPerPage")]
    [InlineData("RowsPerPage=1001", "RowsPerPage")]
    [InlineData("From=yesterday", "From")]
    [InlineData("From=0001-01-01+00:00:00", "From")]
    [InlineData("Direction=Up", "Direction")]
    [InlineData("State=Asleep", "State")]
    [InlineData("State=Asleep&PageNumber=x", "PageNumber")]
    public async Task A_wrong_filter_is_302(string filter, string parameter)
    {
        var answer = await new OzekiWorld().AskAsync("command=ListCallHistory&" + filter);

        Assert.Equal((302, $"Missing or invalid parameter '{parameter}' for command 'ListCallHistory'"), answer);
    }

    [Fact]
    public async Task A_history_that_cannot_be_read_is_HTTP_503()
    {
        var world = new OzekiWorld { History = { Down = true } };

        var answer = await world.SendAsync("GET", "/api?command=ListCallHistory" + OzekiWorld.Credentials);

        Assert.Equal((503, null, ""), answer);
    }

    [Fact]
    public async Task Extensions_of_the_account_and_of_nobody_are_listed_in_the_vendors_layout()
    {
        var answer = await new OzekiWorld().ListAsync("command=ListExtensions");

        Assert.Equal(
            [
                "201@localhost|201|Phone|Disconnected",
                "204@localhost|204|Phone|Connected",
                "900@localhost|900|API extension|Connected",
                "901@localhost|901|API extension|Connected",
                "800@localhost|800|Echo test|Connected",
            ],
            answer.Element("Extensions")!.Elements("ExtensionSummary").Select(Row));
    }

    [Theory]
    [InlineData("phone", "201,204")]
    [InlineData("Echo+test", "800")]
    [InlineData("Fax", "")]
    public async Task Extensions_can_be_listed_by_type(string type, string expected)
    {
        var answer = await new OzekiWorld().ListAsync("command=ListExtensions&Type=" + type);

        Assert.Equal(expected, string.Join(",", answer.Descendants("PhoneNumber").Select(e => e.Value)));
    }

    private static string Row(XElement e) => string.Join("|", e.Elements().Select(c => c.Value));

    private static IEnumerable<string> Ids(XElement answer) => answer.Element("CallHistory")!.Elements("Call").Select(c => c.Element("CallId")!.Value);

    private static Call Clear(int number) => OzekiWorld.Ended(OzekiWorld.Ordinary(number), HangupCause.NormalClearing, new HangupBy.Caller());
}
