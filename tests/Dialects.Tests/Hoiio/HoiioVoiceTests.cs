using System.Text.Json;
using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Hangup;

namespace Switchhook.Dialects.Tests.Hoiio;

/// <summary>Calls between two phones, conferences, status and history.</summary>
public sealed class HoiioVoiceTests : IAsyncDisposable
{
    private const string Other = "+6598880000";

    private readonly HoiioWorld _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    // E10
    [Fact]
    public async Task Two_phones_are_called_and_their_status_followed()
    {
        var placed = await _world.AskAsync("voice/call", ("dest1", HoiioWorld.Dest), ("dest2", Other), ("max_duration", "600"), ("notify_url", HoiioWorld.Url), ("tag", "t"));
        var reference = placed.GetProperty("txn_ref").GetString()!;
        var session = "S-" + reference[5..];
        var asked = _world.Asked.OfType<CallCommand.Originate>().Single();
        _world.Answer(HoiioWorld.IdOf(session));
        var running = await _world.AskAsync("voice/query_status", ("txn_ref", reference));
        _world.Transferred(session, Other);
        _world.Time.Advance(TimeSpan.FromSeconds(61));
        _world.End(session);
        var over = await _world.AskAsync("voice/query_status", ("txn_ref", reference));

        Assert.Matches("^AA-S-[0-9A-Za-z]{8}$", reference);
        Assert.Equal((HoiioWorld.Dest, new OnAnswer.Connect(Other), Other, HoiioWorld.Own, TimeSpan.FromSeconds(600)), (asked.Dialed, asked.Then, asked.ShownToFirst!.Number, asked.Caller.Number, asked.MaxDuration!.Value));
        Assert.Equal(
            $$"""{"status":"success_ok","txn_ref":"{{reference}}","tag":"t","dest1":"+6591230001","dest2":"+6598880000","call_status_dest1":"ongoing","call_status_dest2":"ongoing","date":"2013-05-02 18:17:00","currency":"SGD","rate":"0.048"}""",
            running.GetRawText());
        Assert.Equal(
            $$"""{"status":"success_ok","txn_ref":"{{reference}}","tag":"t","dest1":"+6591230001","dest2":"+6598880000","call_status_dest1":"answered","call_status_dest2":"answered","date":"2013-05-02 18:17:00","duration":"2","currency":"SGD","rate":"0.048","debit":"0.096"}""",
            over.GetRawText());
        Assert.Equal(
            $"txn_ref={reference}&call_status_dest1=answered&call_status_dest2=answered&date=2013-05-02+18%3A17%3A00&dest1=%2B6591230001&dest2=%2B6598880000&duration=2&currency=SGD&rate=0.048&debit=0.096&tag=t",
            Assert.Single(_world.Told).Body);
    }

    [Fact]
    public async Task A_first_phone_that_is_busy_leaves_the_second_unanswered()
    {
        var placed = await _world.AskAsync("voice/call", ("dest1", HoiioWorld.Dest), ("dest2", Other), ("notify_url", HoiioWorld.Url));

        _world.End("S-" + placed.GetProperty("txn_ref").GetString()![5..], cause: HangupCause.UserBusy);

        var told = Assert.Single(_world.Told);
        Assert.Equal(("busy", "unanswered", "0", "0.000"), (told["call_status_dest1"], told["call_status_dest2"], told["duration"], told["debit"]));
        Assert.True(told.Notification.Terminal);
    }

    [Fact]
    public async Task Without_a_first_phone_the_registered_number_is_called()
    {
        await _world.AskAsync("voice/call", ("dest2", Other));

        Assert.Equal(HoiioWorld.Own, _world.Asked.OfType<CallCommand.Originate>().Single().Dialed);
    }

    [Theory]
    [InlineData("dest1", "123", "error_dest1_invalid")]
    [InlineData("dest2", "123", "error_dest2_invalid")]
    [InlineData("dest1", "+6599999999", "error_dest1_not_supported")]
    [InlineData("dest2", "+6599999999", "error_dest2_not_supported")]
    [InlineData("dest2", HoiioWorld.Dest, "error_same_dest1_dest2")]
    [InlineData("caller_id", "+651", "error_caller_id_invalid")]
    [InlineData("max_duration", "x", "error_max_duration_invalid")]
    public async Task What_is_wrong_with_two_phones_has_its_status(string name, string value, string expected)
    {
        _world.Nowhere.Add("+6599999999");
        Dictionary<string, string> parameters = new() { ["dest1"] = HoiioWorld.Dest, ["dest2"] = Other, [name] = value };

        var status = await _world.StatusAsync("voice/call", [.. parameters.Select(p => (p.Key, p.Value))]);

        Assert.Equal(expected, status);
        Assert.Empty(_world.Asked);
    }

    // E11
    [Fact]
    public async Task A_conference_lists_its_references_as_each_path_does()
    {
        var voice = await _world.AskAsync("voice/conference", ("dest", $"{HoiioWorld.Dest},{Other}"), ("room", "stand.up"));
        var conference = await _world.AskAsync("conference/call", ("dest", $"{HoiioWorld.Dest},{Other}"));

        Assert.Matches("^AA-C-.{8},AA-C-.{8}$", voice.GetProperty("txn_refs").GetString());
        Assert.Equal("stand.up", voice.GetProperty("room").GetString());
        Assert.Equal(JsonValueKind.Array, conference.GetProperty("txn_refs").ValueKind);
        Assert.Equal(2, conference.GetProperty("txn_refs").GetArrayLength());
        Assert.Matches("^R[0-9]+$", conference.GetProperty("room").GetString());
        Assert.Equal([HoiioWorld.Dest, Other, HoiioWorld.Dest, Other], _world.Asked.OfType<CallCommand.Originate>().Select(o => o.Dialed));
    }

    [Fact]
    public async Task A_leg_goes_into_its_room_when_it_answers_and_is_told_when_it_ends()
    {
        var reply = await _world.AskAsync("conference/call", ("dest", HoiioWorld.Dest), ("room", "stand.up"), ("notify_url", HoiioWorld.Url), ("tag", "t"));
        var session = "S-" + reply.GetProperty("txn_refs")[0].GetString()![5..];

        _world.Answer(HoiioWorld.IdOf(session));
        var join = await _world.OrderAsync<AudioOrder.JoinConference>(session);
        _world.End(session);

        Assert.Equal(new RoomName("crm", "stand.up"), join.Room);
        var told = Assert.Single(_world.Told);
        Assert.Equal(("answered", "answered", "", "stand.up", "t"), (told["call_status_dest1"], told["call_status_dest2"], told["dest2"], told["room"], told["tag"]));
        Assert.Equal("error_invalid_session", await _world.StatusAsync("ivr/end/hangup", ("session", session)));
    }

    [Theory]
    [InlineData("room", "a b", "error_invalid_room")]
    [InlineData("dest", "+6591230001,12", "error_dest_invalid")]
    [InlineData("dest", ",", "error_dest_invalid")]
    [InlineData("dest", "+6591230001,+6599999999", "error_dest_not_supported")]
    [InlineData("dest", "+6591230001,+6591230002,+6591230003,+6591230004,+6591230005,+6591230006,+6591230007,+6591230008,+6591230009", "error_dest_too_many")]
    public async Task What_is_wrong_with_a_conference_has_its_status(string name, string value, string expected)
    {
        _world.Nowhere.Add("+6599999999");

        var status = await _world.StatusAsync("voice/conference", name == "dest" ? [(name, value)] : [("dest", HoiioWorld.Dest), (name, value)]);

        Assert.Equal(expected, status);
        Assert.Empty(_world.Asked);
    }

    [Fact]
    public async Task A_leg_is_muted_heard_again_and_sent_out()
    {
        var reply = await _world.AskAsync("conference/call", ("dest", HoiioWorld.Dest), ("room", "stand.up"));
        var reference = reply.GetProperty("txn_refs")[0].GetString()!;
        var session = "S-" + reference[5..];

        foreach (var action in new[] { "mute", "unmute", "kick" })
            Assert.Equal("success_ok", await _world.StatusAsync("conference/moderate", ("txn_ref", reference), ("action", action)));
        var late = await _world.StatusAsync("conference/moderate", ("txn_ref", reference), ("action", "mute"));
        var unknown = await _world.StatusAsync("conference/moderate", ("txn_ref", reference), ("action", "hug"));

        Assert.Equal([true, false], _world.Orders<AudioOrder.Mute>(session).Select(m => m.On));
        Assert.Single(_world.Asked.OfType<CallCommand.HangUp>());
        Assert.Equal(("success_ok", "error_action_param_missing"), (late, unknown));
    }

    [Fact]
    public async Task Only_legs_of_conferences_are_moderated()
    {
        var session = await _world.ReadyAsync();

        Assert.Equal("error_txn_ref_invalid", await _world.StatusAsync("conference/moderate", ("txn_ref", "AA-I-" + session[2..]), ("action", "kick")));
    }

    [Theory]
    [InlineData("AA-S-00000000", "error_txn_ref_invalid")]
    [InlineData("AA-S-", "error_txn_ref_invalid")]
    [InlineData("nonsense", "error_txn_ref_invalid")]
    public async Task A_reference_that_is_none_is_invalid(string reference, string expected)
    {
        Assert.Equal(expected, await _world.StatusAsync("voice/hangup", ("txn_ref", reference)));
        Assert.Equal(expected, await _world.StatusAsync("voice/query_status", ("txn_ref", reference)));
    }

    [Fact]
    public async Task Another_accounts_reference_is_denied()
    {
        var foreign = _world.Foreign("other");

        Assert.Equal("error_txn_ref_access_denied", await _world.StatusAsync("voice/hangup", ("txn_ref", "AA-S-" + foreign[2..])));
        Assert.Equal("error_txn_ref_access_denied", await _world.StatusAsync("voice/query_status", ("txn_ref", "AA-S-" + foreign[2..])));
    }

    [Fact]
    public async Task A_session_has_a_status_with_its_number()
    {
        var session = _world.Incoming();

        var status = await _world.AskAsync("voice/query_status", ("txn_ref", "AA-I-" + session[2..]));

        Assert.Equal(
            $$"""{"status":"success_ok","txn_ref":"AA-I-{{session[2..]}}","dest1":"+6598880000","dest2":"","number":"+6531580000","call_status_dest1":"ongoing","call_status_dest2":"ongoing","date":"2013-05-02 18:17:00","currency":"SGD","rate":"0.012"}""",
            status.GetRawText());
    }

    [Fact]
    public async Task History_is_newest_first_a_hundred_a_page_with_live_calls()
    {
        for (var i = 0; i < 120; i++)
            _world.End(await _world.DialAsync());
        var live = await _world.DialAsync();
        var foreign = _world.Foreign("other");

        var first = await _world.AskAsync("voice/get_history");
        var second = await _world.AskAsync("voice/get_history", ("page", "2"));
        var third = await _world.AskAsync("voice/get_history", ("page", "3"));

        Assert.Equal(("121", "100"), (first.GetProperty("total_entries_count").GetString(), first.GetProperty("entries_count").GetString()));
        Assert.Equal("AA-I-" + live[2..], first.GetProperty("entries")[0].GetProperty("txn_ref").GetString());
        Assert.Equal(("21", "0"), (second.GetProperty("entries_count").GetString(), third.GetProperty("entries_count").GetString()));
        var all = References(first).Concat(References(second)).ToList();
        Assert.Equal(all.OrderDescending(StringComparer.Ordinal), all);
        Assert.Equal(121, all.Distinct().Count());
        Assert.DoesNotContain(all, r => r.EndsWith(foreign[2..], StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_live_call_that_is_old_has_its_place_in_the_history()
    {
        var oldest = await _world.DialAsync();
        for (var i = 0; i < 150; i++)
            _world.End(await _world.DialAsync());

        var first = await _world.AskAsync("voice/get_history");
        var second = await _world.AskAsync("voice/get_history", ("page", "2"));

        var all = References(first).Concat(References(second)).ToList();
        Assert.Equal((100, 51, 151), (References(first).Count(), References(second).Count(), all.Distinct().Count()));
        Assert.Equal("AA-I-" + oldest[2..], all[^1]);
    }

    [Fact]
    public async Task History_is_cut_by_times_of_GMT_8()
    {
        await _world.DialAsync();
        _world.Time.Advance(TimeSpan.FromHours(1));
        await _world.DialAsync();

        var count = async (string from, string to) =>
            (await _world.AskAsync("voice/get_history", ("from", from), ("to", to))).GetProperty("entries_count").GetString();

        Assert.Equal("2", await count("2013-05-02 18:17:00", ""));
        Assert.Equal("1", await count("2013-05-02 18:17:01", ""));
        Assert.Equal("1", await count("", "2013-05-02 19:17:00"));
        Assert.Equal("0", await count("", "2013-05-02 18:17:00"));
    }

    [Theory]
    [InlineData("from", "2013-05-02", "error_from_invalid")]
    [InlineData("from", "0001-01-01 00:00:00", "error_from_invalid")]
    [InlineData("to", "yesterday", "error_to_invalid")]
    [InlineData("to", "2013-05-01 00:00:00", "error_to_before_from")]
    [InlineData("page", "0", "error_page_invalid")]
    [InlineData("page", "x", "error_page_invalid")]
    public async Task What_is_wrong_with_a_history_has_its_status(string name, string value, string expected)
    {
        Dictionary<string, string> parameters = new() { ["from"] = "2013-05-02 00:00:00", [name] = value };

        Assert.Equal(expected, await _world.StatusAsync("voice/get_history", [.. parameters.Select(p => (p.Key, p.Value))]));
    }

    private static IEnumerable<string> References(JsonElement page) => page.GetProperty("entries").EnumerateArray().Select(e => e.GetProperty("txn_ref").GetString()!);
}
