using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using static Switchhook.Dialects.Tests.OpenVox.OpenVoxTold;

namespace Switchhook.Dialects.Tests.OpenVox;

/// <summary>The recording in the record of a call.</summary>
public class OpenVoxRecordReportTests
{
    private static readonly Call Talking = OpenVoxWorld.Internal();
    private static readonly Call Over = OpenVoxWorld.Ended(Talking, new HangupBy.Caller());

    [Fact]
    public async Task A_record_names_the_file_of_the_first_recording_before_the_serial_number()
    {
        var told = await TellAsync(Started(1), Ended(1, $"{OpenVoxWorld.First}-1.mp3"), Started(2), End(Over));

        Assert.EndsWith($$"""
            "status":"ANSWERED","type":"Internal","recording":"{{OpenVoxWorld.First}}-1.wav",{{Sn}}}
            """, told.Last(IsRecord), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recording_that_could_not_be_made_is_none()
    {
        var told = await TellAsync(Started(1), Ended(1, null), End(Over));
        var second = await TellAsync(Started(1), Ended(1, null), Started(2), End(Over));

        Assert.DoesNotContain("recording", told.Last(IsRecord), StringComparison.Ordinal);
        Assert.Contains($"\"recording\":\"{OpenVoxWorld.First}-2.wav\"", second.Last(IsRecord), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_crash_the_recording_that_was_under_way_is_named()
    {
        var recovered = Over with { Audio = new CallAudio { Recordings = [new CallAudio.Recording(3, 1, new RecordingTerms())], LastRecording = 3 } };

        var told = await TellAsync(End(recovered));

        Assert.Contains($"\"recording\":\"{OpenVoxWorld.First}-3.wav\"", told.Last(IsRecord), StringComparison.Ordinal);
    }

    private static bool IsRecord(string report) => report.Contains("NewCdr", StringComparison.Ordinal);

    private static RecordingStarted Started(int number) =>
        new() { Call = Talking, Sequence = 5, At = OpenVoxWorld.Start, Leg = new LegId(OpenVoxWorld.First, 1), Recording = number };

    private static RecordingEnded Ended(int number, string? file) => new()
    {
        Call = Talking,
        Sequence = 6,
        At = OpenVoxWorld.Start,
        Leg = new LegId(OpenVoxWorld.First, 1),
        Recording = number,
        Outcome = new RecordingOutcome(file is null ? RecordingEnding.Failed : RecordingEnding.Stopped, TimeSpan.FromSeconds(3), file),
    };
}
