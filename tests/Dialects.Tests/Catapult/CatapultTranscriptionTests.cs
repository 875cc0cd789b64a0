using System.Text.Json;
using Switchhook.Calls;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Catapult;

namespace Switchhook.Dialects.Tests.Catapult;

/// <summary>Transcriptions, where nothing transcribes.</summary>
public sealed class CatapultTranscriptionTests
{
    [Fact]
    public async Task A_call_that_wants_them_has_one_that_failed_of_each_complete_recording()
    {
        var call = CatapultWorld.Outbound(null, 0, null, ("catapult.transcriptionEnabled", "true"));
        var world = World(call, "finished");
        var recording = CatapultId.Of(CatapultId.Recording, new LegId(call.Id, 1));

        var listed = (await world.GetAsync($"recordings/{recording}/transcriptions")).Json;
        var id = listed[0].GetProperty("id").GetString()!;
        var shown = await world.GetAsync($"recordings/{recording}/transcriptions/{id}");
        var ofCall = await world.GetAsync($"calls/{CatapultId.Of(new LegId(call.Id, 1))}/transcriptions");
        var again = await world.PostAsync($"recordings/{recording}/transcriptions", "{}");
        var unknown = await world.GetAsync($"recordings/{recording}/transcriptions/t-nothing");

        Assert.Equal(1, listed.GetArrayLength());
        Assert.StartsWith("t-", id, StringComparison.Ordinal);
        Assert.Equal($$"""{"id":"{{id}}","state":"error","time":"2026-03-02T09:14:00Z"}""", shown.Body);
        Assert.Equal($"[{shown.Body}]", ofCall.Body);
        Assert.Equal((409, "duplicate-transcription"), (again.Status, again.Code));
        Assert.Equal((404, "transcription-not-found"), (unknown.Status, unknown.Code));
    }

    [Theory]
    [InlineData("finished", 503, "gateway-unavailable", "There is nothing here that transcribes recordings")]
    [InlineData("recording", 403, "invalid-recording-state", "Cannot transcribe the recording '{0}'. The state must be complete")]
    public async Task None_can_be_asked_for(string state, int status, string code, string message)
    {
        var call = CatapultWorld.Outbound();
        var world = World(call, state);
        var recording = CatapultId.Of(CatapultId.Recording, new LegId(call.Id, 1));

        var asked = await world.PostAsync($"recordings/{recording}/transcriptions", "");
        var listed = await world.GetAsync($"recordings/{recording}/transcriptions");
        var foreign = await world.PostAsync($"recordings/{CatapultId.Of(CatapultId.Recording, new LegId(call.Id, 2))}/transcriptions", "{}");

        Assert.Equal((status, code, string.Format(null, message, recording)), (asked.Status, asked.Code, asked.Message));
        Assert.Equal(JsonValueKind.String, asked.Json.GetProperty("details")[0].GetProperty("value").ValueKind);
        Assert.Equal("[]", listed.Body);
        Assert.Equal((404, "recording-not-found"), (foreign.Status, foreign.Code));
    }

    private static CatapultWorld World(Call call, string state)
    {
        var world = new CatapultWorld { Recordings = new OneRecording(call.Id, state) };
        world.Exchange.Calls.Add(call);
        return world;
    }

    /// <summary>A call with one recording.</summary>
    private sealed class OneRecording(CallId call, string state) : IRecordingShelf
    {
        public IReadOnlyList<KeptRecording> Of(CallId asked) => asked != call ? []
            : [new KeptRecording(call, 1, 1, state, CatapultWorld.Start, TimeSpan.FromSeconds(2), ["wav"]) { Accounts = ["crm"] }];

        public IReadOnlyList<CallId> Calls(CallId? before, int most) => before is null ? [call] : [];

        public Stream? Open(CallId asked, int number, string format) => null;

        public bool Delete(CallId asked, int number, string format) => false;

        public string? Playable(CallId asked, int number, string format) => null;
    }
}
