using Switchhook.Calls;
using Switchhook.Calls.Ports;
using Switchhook.Calls.Scripts;
using Switchhook.Dialects.Ozeki.Scripts;
using Switchhook.Ivr;
using Switchhook.Ivr.Simulation;

namespace Switchhook.Dialects.Tests.Ozeki;

/// <summary>What scripts of voicemail find set: whose messages they are about, and which there are.</summary>
public class OzekiVoicemailTests : IMediaFiles
{
    private const string Url = "http://app.test/in";

    private static readonly CallId Left = new(123_456_789_099);

    private readonly List<string> _asked = [];
    private MediaFileEntry[] _entries = [new($"{Left}-1.mp3", OzekiWorld.Start), new("greeting.wav", OzekiWorld.Start.AddHours(1))];

    public MediaFileOutcome Delete(string file) => MediaFileOutcome.NoSuchFile;

    public MediaFileOutcome Move(string file, string directory)
    {
        _asked.Add($"move {file} to {directory}");
        return MediaFileOutcome.Done;
    }

    public IReadOnlyList<MediaFileEntry> List(string folder, string old)
    {
        _asked.Add($"list {folder} with {old}");
        return _entries;
    }

    [Fact]
    public async Task Messages_are_told_and_played_in_the_vendors_words()
    {
        var story = await RunAsync("""
            <Response><Speak>Hello $username.</Speak>
              <ForEach source="voicemails"><Speak>$item.from at $item.date</Speak><Play>$item.message</Play></ForEach>
              <Speak>Old ones are in $oldmessagepath</Speak></Response>
            """, Own());

        Assert.Equal(
            ["\"Hello 201.\"", "\"+3615550100 at 2026-05-06 14:02:11\"", $"recordings:voicemail/201/{Left}-1.mp3", "\"at 2026-05-06 15:02:11\"",
                "recordings:voicemail/201/greeting.wav", "\"Old ones are in voicemail/201/old\""],
            story.Of(SimulationKind.Hears));
        Assert.Equal(["list voicemail/201 with old"], _asked);
    }

    [Fact]
    public async Task A_message_that_was_heard_is_moved_to_the_old_ones()
    {
        var fetch = await FetchAsync("<Response><ForEach source='VoiceMails'><MoveFile SourceFile='$item.message' TargetDirectory='$OldMessagePath'/></ForEach></Response>", Own());

        var list = Assert.IsType<Verb.SetList>(fetch.Verbs[2]);
        var template = Assert.IsType<Verb.Template>(Assert.IsType<Verb.ForEach>(fetch.Verbs[3]).Body[0]);
        var move = template.Of.Bind(new ScriptScope(ScriptVariables.None.With("oldmessagepath", "voicemail/201/old")!, list.Items[0]));
        Assert.Null(await Assert.IsType<Verb.Errand>(move).Work.RunAsync(default));
        Assert.Equal($"move voicemail/201/{Left}-1.mp3 to voicemail/201/old", _asked[^1]);
    }

    [Theory]
    [InlineData("204", "201", "204")]   // rang 204 first and came on from there
    [InlineData("900", "201", "201")]   // asks for its own
    [InlineData("900", "+3615550100", null)]
    [InlineData("977", "800", null)]
    public async Task The_mailbox_is_of_the_phone_that_was_dialled_or_else_of_the_one_that_calls(string dialed, string caller, string? user)
    {
        var fetch = await FetchAsync("<Response><Record RecordPath='voicemail/$username'/></Response>", Own() with { Dialed = dialed, Caller = new Party(caller) });

        Assert.Equal(user, fetch.Verbs.OfType<Verb.Set>().FirstOrDefault(v => v.Variable == "username")?.Value);
        Assert.Equal(user is null ? [] : [$"list voicemail/{user} with old"], _asked);
    }

    [Fact]
    public async Task A_variable_the_script_has_set_itself_keeps_what_it_has()
    {
        var web = new SimulatedWeb().Answer(Url, "<Response><Var ID='username'>Ann</Var><GoTo>next</GoTo></Response>")
            .Answer("http://app.test/next", "<Response><Speak>$username</Speak></Response>");

        var story = await new ScriptSimulation(Scripts(web), Own(), web, new SimulationOptions()).RunAsync(new ScriptRef("ozeki", Url));

        Assert.Equal(["\"Ann\""], story.Of(SimulationKind.Hears));
    }

    [Theory]
    [InlineData("<Response><Speak>Hello.</Speak></Response>")]
    [InlineData("<Response><Reject/><Speak>$username</Speak></Response>")]
    [InlineData("<Response/>")]
    public async Task A_script_that_speaks_of_none_of_it_and_a_refusal_stay_as_they_are(string script)
    {
        var fetch = await FetchAsync(script, Own());

        Assert.Empty(fetch.Verbs.OfType<Verb.Set>());
        Assert.Empty(_asked);
    }

    [Theory]
    [InlineData("voicemail/201/a.mp3", "recordings:voicemail/201/a.mp3")]
    [InlineData("voicemail/977/a.mp3", "voicemail/977/a.mp3")]          // no phone
    [InlineData("voicemail/209/a.mp3", "voicemail/209/a.mp3")]          // nobody's
    [InlineData("voicemail/a.mp3", "voicemail/a.mp3")]
    [InlineData("Voicemail/201/a.mp3", "Voicemail/201/a.mp3")]
    public async Task Only_messages_of_the_accounts_own_phones_are_played_from_the_recordings(string file, string played)
    {
        var fetch = await FetchAsync($"<Response><Play>{file}</Play></Response>", Own());

        Assert.Equal(played, Assert.IsType<Verb.Play>(Assert.Single(fetch.Verbs)).AudioFile);
    }

    [Fact]
    public async Task However_many_there_are_the_list_stays_within_what_a_script_may_hold()
    {
        _entries = [.. Enumerable.Range(1, 1000).Select(n => new MediaFileEntry($"{Left}-{n}.mp3", OzekiWorld.Start))];

        var fetch = await FetchAsync("<Response><ForEach source='voicemails'/></Response>", Own());

        var list = Assert.IsType<Verb.SetList>(fetch.Verbs[2]);
        Assert.Equal(200, list.Items.Length);
        Assert.NotNull(ScriptVariables.None.With("voicemails", list.Items));
    }

    private static Call Own() => OzekiWorld.Incoming() with { Origin = new CallOrigin { Kind = CallOriginKind.Extension, Account = "ops", ApiExtension = "900" }, Caller = new Party("201"), Dialed = "900" };

    private async Task<SimulationResult> RunAsync(string script, Call call)
    {
        var web = new SimulatedWeb().Answer(Url, script);
        return await new ScriptSimulation(Scripts(web), call, web, new SimulationOptions()).RunAsync(new ScriptRef("ozeki", Url));
    }

    private async Task<Script> FetchAsync(string script, Call call) =>
        Assert.IsType<ScriptFetch.Loaded>(await Scripts(new SimulatedWeb().Answer(Url, script)).FetchAsync(new ScriptRequest(call, new ScriptRef("ozeki", Url), ScriptOccasion.IncomingCall, null), default)).Script;

    private OzekiScripts Scripts(IHttpCaller web)
    {
        var history = new FakeHistory();
        history.Calls.Add(OzekiWorld.Incoming() with { Id = Left });
        return new OzekiScripts(web, new FakeDirectory(OzekiWorld.Provisioned), files: this) { History = history };
    }
}
