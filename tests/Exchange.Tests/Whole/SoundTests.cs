using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>Prompts, keys, recordings and conferences on live calls, by commands, heard at the phones.</summary>
public sealed class SoundTests
{
    private static readonly HangupBy Api = new HangupBy.Api("native", "demo");
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_prompt_is_heard_by_one_party_and_its_end_is_told()
    {
        await using var trio = await StartAsync();
        await File.WriteAllBytesAsync(trio.Loopback.Prompts.At("a.wav"), WavFiles.Sine(0.6, 800));
        var (near, call) = await TalkAsync(trio);

        var reply = await SoundAsync(trio, call, new AudioOrder.Play(2, new AudioSource.File("a.wav"), Tag: "t"));
        await trio.B.Rtp.HearToneAsync(800, Long);

        Assert.True(reply.Done);
        var ended = (PlaybackEnded)await trio.Loopback.Ports.EventAsync(e => e is PlaybackEnded);
        Assert.Equal((2, PlaybackEnding.Finished, "t"), (ended.Leg.Number, ended.Ending, ended.Tag));
        Assert.True(trio.A.Rtp.ShareOf(800) < 0.2);
        await EndAsync(trio, near);
    }

    [Fact]
    public async Task A_prompt_that_is_not_there_is_told_with_its_error()
    {
        await using var trio = await StartAsync();
        var (near, call) = await TalkAsync(trio);

        await SoundAsync(trio, call, new AudioOrder.Play(1, new AudioSource.File("../gone.wav")));

        var ended = (PlaybackEnded)await trio.Loopback.Ports.EventAsync(e => e is PlaybackEnded);
        Assert.Equal(PlaybackEnding.Failed, ended.Ending);
        Assert.Contains("outside the prompt directory", ended.Error, StringComparison.Ordinal);
        await EndAsync(trio, near);
    }

    [Fact]
    public async Task Keys_by_event_and_by_INFO_are_gathered_once_each()
    {
        await using var trio = await StartAsync();
        var (near, call) = await TalkAsync(trio);
        await SoundAsync(trio, call, new AudioOrder.Gather(1, new GatherTerms { MaxDigits = 3, FirstTimeout = Long, DigitTimeout = Long }));

        await trio.A.Rtp.SendDigitAsync('4');
        await KeyAsync(trio, 1);
        await InfoAsync(near, "application/dtmf-relay", "Signal=4\r\nDuration=160\r\n");      // the same press
        await InfoAsync(near, "application/dtmf-relay", "Signal= 5\r\nDuration=160\r\n");
        await InfoAsync(near, "application/dtmf", "11");
        await InfoAsync(near, "application/dtmf", "77");
        await InfoAsync(near, "text/plain", "6");

        var ended = (GatherEnded)await trio.Loopback.Ports.EventAsync(e => e is GatherEnded);
        Assert.Equal(("45", GatherEnding.EndKey), (ended.Digits, ended.Ending));
        await EndAsync(trio, near);
        Assert.Equal("45#", string.Concat(trio.Loopback.Ports.Events.OfType<DigitHeard>().Select(d => d.Key)));
    }

    [Fact]
    public async Task A_key_counts_while_it_is_still_held()
    {
        await using var trio = await StartAsync();
        var (near, call) = await TalkAsync(trio);
        await SoundAsync(trio, call, new AudioOrder.Gather(1, new GatherTerms { MaxDigits = 1, FirstTimeout = Long, DigitTimeout = Long }));
        var gathered = trio.Loopback.Ports.EventAsync(e => e is GatherEnded);

        await trio.A.Rtp.HoldDigitAsync('4', until: gathered);

        Assert.Equal("4", ((GatherEnded)await gathered).Digits);
        await EndAsync(trio, near);
        Assert.Equal("4", string.Concat(trio.Loopback.Ports.Events.OfType<DigitHeard>().Select(d => d.Key)));
    }

    [Theory]
    [InlineData(false, "????????????????????????", "?", "'??'")]
    [InlineData(true, "Signal=4\r\nDuration=160\r\n", "4", "'45'")]
    public async Task Keys_stand_in_the_trace_only_when_they_may(bool shown, string body, string key, string gathered)
    {
        await using var trio = await StartAsync();
        trio.Loopback.Ports.ShowsKeys = shown;
        var (near, call) = await TalkAsync(trio);
        await SoundAsync(trio, call, new AudioOrder.Gather(1, new GatherTerms { MaxDigits = 2, FirstTimeout = Long, DigitTimeout = Long }));

        await InfoAsync(near, "application/dtmf-relay", "Signal=4\r\nDuration=160\r\n");
        await InfoAsync(near, "application/dtmf", "5");
        await trio.Loopback.Ports.EventAsync(e => e is GatherEnded);
        await EndAsync(trio, near);

        var trace = trio.Loopback.Ports.Find(call)!;
        var info = trace.First(e => e.Kind == "sip-in" && e.Summary.StartsWith("INFO", StringComparison.Ordinal));
        Assert.EndsWith("\r\n\r\n" + body, info.Detail, StringComparison.Ordinal);
        Assert.Contains("\r\nCSeq: ", info.Detail, StringComparison.Ordinal);
        Assert.Equal($"digit.heard {call}-1 {key}", trace.First(e => e.Summary.StartsWith("digit", StringComparison.Ordinal)).Summary);
        Assert.Equal($"gather.ended {call}-1 {gathered} MaxDigits", trace.First(e => e.Summary.StartsWith("gather.ended", StringComparison.Ordinal)).Summary);
    }

    [Fact]
    public async Task A_muted_party_is_heard_by_nobody_until_it_is_unmuted()
    {
        await using var trio = await StartAsync();
        var (near, call) = await TalkAsync(trio);
        await SoundAsync(trio, call, new AudioOrder.Mute(1, true));
        using var stop = new CancellationTokenSource();
        var talk = Task.WhenAll(trio.A.Rtp.SendToneAsync(440, Long, stop: stop.Token), trio.B.Rtp.SendToneAsync(1000, Long, stop: stop.Token));
        await trio.A.Rtp.HearToneAsync(1000, Long);
        var before = trio.B.Rtp.ShareOf(440);

        await SoundAsync(trio, call, new AudioOrder.Mute(1, false));
        await trio.B.Rtp.HearToneAsync(440, Long);

        await stop.CancelAsync();
        await talk;
        Assert.True(before < 0.2, $"heard {before} of the muted party");
        await EndAsync(trio, near);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_recording_ends_with_its_call_and_can_be_read(bool byPhone)
    {
        await using var trio = await StartAsync();
        var (near, call) = await TalkAsync(trio);
        await SoundAsync(trio, call, new AudioOrder.Record(1, new RecordingTerms { Stereo = true, Tag = "x" }));
        Assert.Equal(CallRefusal.AlreadyRecording, (await SoundAsync(trio, call, new AudioOrder.Record(1, new RecordingTerms()))).Refusal);
        await Trio.HearAsync(trio.A, trio.B);

        if (byPhone)
            await near.HangUpAsync();
        else
            await trio.Loopback.AskAsync(new CallCommand.HangUp(call, Api));

        var ended = (RecordingEnded)await trio.Loopback.Ports.EventAsync(e => e is RecordingEnded);
        Assert.Equal((RecordingEnding.HungUp, $"{call}-1.wav", "x"), (ended.Outcome.Ending, ended.Outcome.File, ended.Tag));
        Assert.True(ended.Outcome.Length > TimeSpan.Zero);
        var file = trio.Loopback.Prompts.At($"recordings/{call}/{call}-1.wav");
        var octets = await File.ReadAllBytesAsync(file);
        Assert.Equal(octets.Length - 44, BitConverter.ToInt32(octets, 40));
        await trio.Loopback.QuietAsync();
    }

    [Fact]
    public async Task A_recording_that_cannot_be_made_is_told_and_the_call_goes_on()
    {
        await using var trio = await StartAsync();
        var (near, call) = await TalkAsync(trio);
        await File.WriteAllTextAsync(trio.Loopback.Prompts.At("recordings"), "a file where a directory should be");

        await SoundAsync(trio, call, new AudioOrder.Record(1, new RecordingTerms()));

        var ended = (RecordingEnded)await trio.Loopback.Ports.EventAsync(e => e is RecordingEnded);
        Assert.Equal((RecordingEnding.Failed, (string?)null), (ended.Outcome.Ending, ended.Outcome.File));
        Assert.NotNull(ended.Outcome.Error);
        Assert.IsType<CallState.Talking>(trio.Loopback.Exchange.Find(call)!.State);
        await EndAsync(trio, near);
    }

    [Fact]
    public async Task Three_calls_confer_and_two_go_on_when_one_hangs_up()
    {
        await using var trio = await StartAsync();
        var room = new RoomName("demo", "r");
        var a = await AloneAsync(trio, trio.A);
        var b = await AloneAsync(trio, trio.B);
        var c = await AloneAsync(trio, trio.C);
        foreach (var (call, _) in ((CallId, ScriptedCall)[])[a, b, c])
            Assert.True((await SoundAsync(trio, call, new AudioOrder.JoinConference(room, new SeatTerms()))).Done);
        await Trio.HearAsync(trio.A, trio.C);

        await c.Leg.HangUpAsync();
        await trio.Loopback.Ports.EventAsync(e => e is ConferenceLeft left && left.Call.Id == c.Call && left.Why == ConferenceLeaving.HungUp);
        await Trio.HearAsync(trio.A, trio.B);

        Assert.True((await SoundAsync(trio, a.Call, new AudioOrder.LeaveConference())).Done);
        Assert.Equal(CallRefusal.NotInConference, (await SoundAsync(trio, a.Call, new AudioOrder.LeaveConference())).Refusal);
        await a.Leg.HangUpAsync();
        await b.Leg.HangUpAsync();
        await trio.Loopback.QuietAsync();
        Assert.Equal(0, trio.Loopback.Exchange.Figures().Live["mixer_seat"]);
    }

    [Fact]
    public async Task A_supervisor_hears_both_parties_and_they_go_on_alone_when_he_leaves()
    {
        await using var trio = await StartAsync();
        var (near, call) = await TalkAsync(trio);
        var supervisor = await AloneAsync(trio, trio.C);

        Assert.True((await trio.Loopback.AskAsync(new CallCommand.Supervise(supervisor.Call, call, MemberRole.Listener))).Done);
        using (var stop = new CancellationTokenSource())
        {
            var talk = Task.WhenAll(trio.A.Rtp.SendToneAsync(440, Long, stop: stop.Token), trio.B.Rtp.SendToneAsync(1000, Long, stop: stop.Token));
            await Eventually.GetAsync(
                () => Task.FromResult((A: trio.C.Rtp.ShareOf(440), B: trio.C.Rtp.ShareOf(1000))), heard => heard is { A: > 0.3, B: > 0.3 }, "both parties are heard", Long);
            await stop.CancelAsync();
            await talk;
        }
        await supervisor.Leg.HangUpAsync();
        await Trio.HearAsync(trio.A, trio.B);

        await EndAsync(trio, near);
        Assert.Equal(0, trio.Loopback.Exchange.Figures().Live["mixer_seat"]);
    }

    [Fact]
    public async Task A_supervisor_is_told_when_the_call_he_listens_to_ends_and_keeps_his_own()
    {
        await using var trio = await StartAsync();
        var (near, call) = await TalkAsync(trio);
        var supervisor = await AloneAsync(trio, trio.C);
        await trio.Loopback.AskAsync(new CallCommand.Supervise(supervisor.Call, call, MemberRole.Member));

        await near.HangUpAsync();

        var left = (ConferenceLeft)await trio.Loopback.Ports.EventAsync(e => e is ConferenceLeft);
        Assert.Equal((supervisor.Call, ConferenceLeaving.Closed), (left.Call.Id, left.Why));
        await supervisor.Leg.HangUpAsync();
        await trio.Loopback.QuietAsync();
    }

    private static async Task<Trio> StartAsync()
    {
        var trio = await Trio.StartAsync();
        foreach (var ear in (Ear[])[trio.A, trio.B, trio.C])
            ear.Phone.AlwaysAnswer("BYE", 200);
        return trio;
    }

    private static ValueTask<CallReply> SoundAsync(Trio trio, CallId call, AudioOrder order) => trio.Loopback.AskAsync(new CallCommand.Sound(call, order));

    private static async Task<(ScriptedCall Near, CallId Call)> TalkAsync(Trio trio)
    {
        var (near, far) = await trio.TalkAsync(trio.A, trio.B);
        return (near, trio.CallOf(far));
    }

    /// <summary>The phone is called and stays up alone.</summary>
    private static async Task<(CallId Call, ScriptedCall Leg)> AloneAsync(Trio trio, Ear ear)
    {
        var reply = await trio.Loopback.AskAsync(new CallCommand.Originate
        {
            Dialect = "native",
            Account = "demo",
            Caller = new Party("switchhook"),
            Dialed = ear.Phone.User,
            Then = new OnAnswer.Wait(),
        });
        var leg = await ear.Phone.IncomingAsync();
        await leg.AnswerAsync(Sdp.Audio(ear.Rtp.Local, "0 101"));
        ear.Rtp.Remote = Sdp.AudioEndpoint(leg.RemoteSdp);
        await trio.Loopback.Ports.EventAsync(e => e is CallAnswered && e.Call.Id == reply.Call!.Id);
        return (reply.Call!.Id, leg);
    }

    private static async Task InfoAsync(ScriptedCall call, string type, string body)
    {
        await call.Phone.SendAsync(call.InDialog("INFO").WithBody(type, body));
        await call.Phone.ReceiveAsync(m => m.Status == 200 && m.SequenceMethod == "INFO", "200 to the INFO");
    }

    private static Task<CallEvent> KeyAsync(Trio trio, int leg) => trio.Loopback.Ports.EventAsync(e => e is DigitHeard heard && heard.Leg.Number == leg);

    private static async Task EndAsync(Trio trio, ScriptedCall near)
    {
        await near.HangUpAsync();
        await trio.Loopback.QuietAsync();
    }
}
