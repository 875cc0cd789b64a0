using Switchhook.Media.Codecs;
using Switchhook.Media.Prompts;
using Switchhook.Media.Recording;
using Switchhook.Media.Tests.Transport;
using Switchhook.Media.Tones;
using Switchhook.Media.Transport;
using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Timing;

namespace Switchhook.Media.Tests.Recording;

public sealed class RecordingTests : IDisposable
{
    private readonly Studio _studio = new();
    private readonly TempFolder _folder = new();

    public void Dispose()
    {
        _studio.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(AudioCodec.Pcmu)]
    [InlineData(AudioCodec.Opus)]
    public async Task Both_sides_are_recorded_left_and_right(AudioCodec codec)
    {
        using var a = new Talk(_studio, codec, 600);
        a.Session.Play(Tone(900), loop: true);
        var recording = Start(a, new RecordingSettings { Path = _folder.At("both.wav"), Stereo = true, Call = "c1", SampleRateHz = 8_000 });

        Talk.Run(_studio, 75, [a], a);
        await EndAsync(recording);

        var (left, right, rate) = await ReadAsync(recording.Path);
        Assert.Equal(8_000, rate);
        Assert.InRange(left.Length, 11_000, 12_100);
        Assert.InRange(Goertzel.Share(left.AsSpan(3_000, 6_000), 600), 0.8, 1.02);
        Assert.InRange(Goertzel.Share(right.AsSpan(3_000, 6_000), 900), 0.8, 1.02);
        var description = await File.ReadAllTextAsync(_folder.At("both.json"));
        Assert.Contains("\"call\": \"c1\"", description, StringComparison.Ordinal);
        Assert.Contains("\"state\": \"finished\"", description, StringComparison.Ordinal);
        Assert.Contains("\"end\": \"Stopped\"", description, StringComparison.Ordinal);
        Assert.Equal(0, _studio.Engine.Recordings);
    }

    [Fact]
    public async Task A_relayed_call_is_recorded_in_one_channel_with_both_voices()
    {
        using var a = new Talk(_studio, AudioCodec.Pcmu, 600);
        using var b = new Talk(_studio, AudioCodec.Pcma, 900);
        a.Session.Bridge(b.Session);
        var recording = Start(a, new RecordingSettings { Path = _folder.At("mono.wav") });

        Talk.Run(_studio, 75, [a, b], a, b);
        await EndAsync(recording);

        var samples = await SoxTool.ReadAsync(recording.Path);
        Assert.InRange(Goertzel.Share(samples.AsSpan(3_000, 6_000), 600), 0.4, 0.6);
        Assert.InRange(Goertzel.Share(samples.AsSpan(3_000, 6_000), 900), 0.4, 0.6);
    }

    [Fact]
    public async Task Pauses_are_left_out()
    {
        using var a = new Talk(_studio, AudioCodec.Pcmu, 600);
        var recording = Start(a, new RecordingSettings { Path = _folder.At("p.wav"), Sides = RecordingSides.Heard });
        Talk.Run(_studio, 25, [a], a);
        recording.Pause();
        Talk.Run(_studio, 50, [a], a);
        recording.Resume();
        Talk.Run(_studio, 25, [a], a);
        await EndAsync(recording);

        Assert.InRange(recording.Length.TotalMilliseconds, 980, 1_020);
    }

    [Fact]
    public async Task What_counts_as_silence_is_said_by_a_level()
    {
        using var a = new Talk(_studio, AudioCodec.Pcmu, 600);
        var ending = Start(a, new RecordingSettings { Path = _folder.At("e.wav"), EndSilence = TimeSpan.FromMilliseconds(400), SilenceLevel = 32_767 });

        Talk.Run(_studio, 25, [a], a);

        await Eventually.TrueAsync(() => Count() == 1, "the recording to end");
        Assert.Equal(RecordingEnd.Silence, ending.End);
        a.Session.Close();
    }

    [Fact]
    public async Task Silence_a_key_the_length_and_the_end_of_the_leg_end_it()
    {
        using var a = new Talk(_studio, AudioCodec.Pcmu, 600);
        var silence = Start(a, new RecordingSettings { Path = _folder.At("s.wav"), EndSilence = TimeSpan.FromMilliseconds(400) });
        Talk.Run(_studio, 25, [a], a);
        Talk.Run(_studio, 30, [a]);
        var length = Start(a, new RecordingSettings { Path = _folder.At("l.wav"), MostLength = TimeSpan.FromMilliseconds(300) });
        Talk.Run(_studio, 30, [a], a);
        var key = Start(a, new RecordingSettings { Path = _folder.At("k.wav"), EndKeys = "#" });
        Talk.Run(_studio, 5, [a], a);
        a.Phone.SendEvent(11, true, 800);
        Talk.Run(_studio, 5, [a], a);
        var replaced = Start(a, new RecordingSettings { Path = _folder.At("r.wav") });
        var closed = Start(a, new RecordingSettings { Path = _folder.At("c.wav") });
        Talk.Run(_studio, 5, [a], a);
        a.Session.Close();
        _studio.Pass(20);

        await Eventually.TrueAsync(() => Count() == 5, "five recordings to end");
        Assert.Equal(
            [RecordingEnd.Silence, RecordingEnd.Length, RecordingEnd.Key, RecordingEnd.Replaced, RecordingEnd.Closed],
            ((MediaRecording[])[silence, length, key, replaced, closed]).Select(r => r.End));
        Assert.Equal(300, length.Length.TotalMilliseconds);
    }

    [Fact]
    public async Task What_a_killed_process_left_open_can_be_read_and_is_put_right_at_the_start()
    {
        using var a = new Talk(_studio, AudioCodec.Pcmu, 600);
        var recording = Start(a, new RecordingSettings { Path = _folder.At("live.wav"), Sides = RecordingSides.Heard });
        Talk.Run(_studio, 125, [a], a);
        await Eventually.TrueAsync(() => new FileInfo(recording.Path).Length > 30_000, "samples on disk");

        // What is on disk at this moment is what kill -9 leaves.
        Directory.CreateDirectory(_folder.At("after"));
        File.Copy(recording.Path, _folder.At("after/live.wav"));
        File.Copy(_folder.At("live.json"), _folder.At("after/live.json"));
        using (var file = new FileStream(_folder.At("after/live.wav"), FileMode.Append)) file.Write(new byte[1_601]);
        Assert.Equal(PromptError.None, Prompt.TryLoadWav(_folder.At("after/live.wav"), PromptLimits.Default, out var before));

        var repaired = RecordingFiles.Repair(_folder.At("after"));

        Assert.Equal([_folder.At("after/live.wav")], repaired);
        Assert.Equal(PromptError.None, Prompt.TryLoadWav(repaired[0], PromptLimits.Default, out var after));
        Assert.True(after!.Length > before!.Length);
        var description = await File.ReadAllTextAsync(_folder.At("after/live.json"));
        Assert.Contains("\"state\": \"recovered\"", description, StringComparison.Ordinal);
        Assert.DoesNotContain("\"lengthMs\": 0", description, StringComparison.Ordinal);
        Assert.Empty(RecordingFiles.Repair(_folder.At("after")));
    }

    [Fact]
    public async Task An_mp3_is_made_of_it_when_it_is_over()
    {
        using var a = new Talk(_studio, AudioCodec.Pcmu, 600);
        var recording = Start(a, new RecordingSettings { Path = _folder.At("m.wav"), Mp3 = true });
        Talk.Run(_studio, 75, [a], a);
        await EndAsync(recording);
        await Eventually.TrueAsync(() => { lock (_studio.Heard.Converted) return _studio.Heard.Converted.Count == 1; }, "the conversion");

        Assert.Null(_studio.Heard.Converted[0].Failure);
        Assert.Equal(PromptError.None, Prompt.TryLoad(recording.Mp3Path, PromptLimits.Default, out var prompt));
        Assert.InRange(Goertzel.Share(prompt!.SamplesAt(8_000).AsSpan(3_000, 6_000), 600), 0.8, 1.02);
    }

    [Theory]
    [InlineData(false, "c.wav")]
    [InlineData(true, "c.mp3")]
    public async Task A_copy_of_the_finished_file_goes_where_it_is_wanted_too(bool mp3, string name)
    {
        using var a = new Talk(_studio, AudioCodec.Pcmu, 600);
        var recording = Start(a, new RecordingSettings { Path = _folder.At("c.wav"), Mp3 = mp3, AlsoIn = _folder.At("vm/601") });
        Talk.Run(_studio, 75, [a], a);
        await EndAsync(recording);

        var copy = Path.Combine(_folder.At("vm/601"), name);
        var original = mp3 ? recording.Mp3Path : recording.Path;
        await Eventually.TrueAsync(() => File.Exists(copy) && File.Exists(original) && new FileInfo(copy).Length is > 44 and var length && length == new FileInfo(original).Length, "the copy", TimeSpan.FromSeconds(30));
        Assert.Equal(await File.ReadAllBytesAsync(original), await File.ReadAllBytesAsync(copy));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_copy_that_cannot_be_made_is_told_and_the_recording_stands(bool mp3)
    {
        await File.WriteAllTextAsync(_folder.At("taken"), "");
        using var a = new Talk(_studio, AudioCodec.Pcmu, 600);
        var recording = Start(a, new RecordingSettings { Path = _folder.At("n.wav"), Mp3 = mp3, AlsoIn = _folder.At("taken") });
        Talk.Run(_studio, 75, [a], a);
        await EndAsync(recording);
        await Eventually.TrueAsync(() => { lock (_studio.Heard.NotCopied) return _studio.Heard.NotCopied.Count == 1; }, "the failure", TimeSpan.FromSeconds(30));

        Assert.Same(recording, _studio.Heard.NotCopied[0].Recording);
        Assert.Contains(_folder.At("taken"), _studio.Heard.NotCopied[0].Failure, StringComparison.Ordinal);
        Assert.Equal(PromptError.None, Prompt.TryLoad(mp3 ? recording.Mp3Path : recording.Path, PromptLimits.Default, out _));
    }

    [Fact]
    public async Task A_conference_is_recorded_as_it_sounds()
    {
        using var a = new Talk(_studio, AudioCodec.Pcmu, 600);
        using var b = new Talk(_studio, AudioCodec.G722, 900);
        var conference = _studio.Engine.CreateConference(new Media.Mixing.ConferenceOptions());
        conference.Join(a.Session);
        conference.Join(b.Session);
        var recording = conference.StartRecording(new RecordingSettings { Path = _folder.At("conf.wav") })!;
        Talk.Run(_studio, 75, [a, b], a, b);
        conference.Close();
        _studio.Pass(20);
        await Eventually.TrueAsync(() => Count() == 1, "the end");

        var samples = await SoxTool.ReadAsync(recording.Path);
        Assert.Equal(RecordingEnd.Closed, recording.End);
        Assert.InRange(Goertzel.Share(samples.AsSpan(3_000, 6_000), 600), 0.4, 0.6);
        Assert.InRange(Goertzel.Share(samples.AsSpan(3_000, 6_000), 900), 0.4, 0.6);
    }

    [Fact]
    public void A_file_that_cannot_be_made_is_a_refusal_with_a_reason()
    {
        File.WriteAllText(_folder.At("file"), "");
        using var a = new Talk(_studio, AudioCodec.Pcmu, 600);

        Assert.Null(a.Session.StartRecording(new RecordingSettings { Path = _folder.At("file/x.wav") }));
        Assert.Contains("x.wav", _studio.Engine.LastRecordingFailure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_recordings_of_a_leg_go_on_beside_each_other()
    {
        using var a = new Talk(_studio, AudioCodec.Pcmu, 600);
        var whole = Start(a, new RecordingSettings { Path = _folder.At("whole.wav"), Beside = true });
        Talk.Run(_studio, 25, [a], a);
        var part = Start(a, new RecordingSettings { Path = _folder.At("part.wav"), Sides = RecordingSides.Heard, EndKeys = "#" });

        Talk.Run(_studio, 50, [a], a);
        await EndAsync(part);
        Talk.Run(_studio, 25, [a], a);
        whole.Stop();
        _studio.Pass(20);
        await Eventually.TrueAsync(() => Count() == 2, "the other recording to end");

        var (longer, shorter) = (await SoxTool.ReadAsync(whole.Path), await SoxTool.ReadAsync(part.Path));
        Assert.InRange(shorter.Length, 6_500, 8_500);
        Assert.InRange(longer.Length, 14_500, 16_500);
        Assert.InRange(Goertzel.Share(longer.AsSpan(3_000, 9_000), 600), 0.8, 1.02);
        Assert.Equal(0, _studio.Engine.Recordings);
    }

    private static Prompt Tone(double hz) => Prompt.FromTone("tone", new Tone(hz, 0, TimeSpan.FromSeconds(1), TimeSpan.Zero));

    private int Count()
    {
        lock (_studio.Heard.Recorded) return _studio.Heard.Recorded.Count;
    }

    private MediaRecording Start(Talk talk, RecordingSettings settings)
    {
        var recording = talk.Session.StartRecording(settings);
        Assert.NotNull(recording);
        _studio.Engine.Pump(0);
        return recording;
    }

    private async Task EndAsync(MediaRecording recording)
    {
        recording.Stop();
        _studio.Pass(20);
        await Eventually.TrueAsync(() => Count() == 1, "the recording to end");
        Assert.Same(recording, _studio.Heard.Recorded[0]);
    }

    private static async Task<(short[] Left, short[] Right, int Rate)> ReadAsync(string path)
    {
        var bytes = await File.ReadAllBytesAsync(path);
        Assert.Equal(bytes.Length - 44, BitConverter.ToInt32(bytes, 40));
        Assert.Equal(2, BitConverter.ToInt16(bytes, 22));
        var all = new short[(bytes.Length - 44) / 2];
        Buffer.BlockCopy(bytes, 44, all, 0, all.Length * 2);
        return ([.. all.Where((_, i) => i % 2 == 0)], [.. all.Where((_, i) => i % 2 == 1)], BitConverter.ToInt32(bytes, 24));
    }
}
