using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Events;

namespace Switchhook.Dialects.OpenVox.Reports;

/// <summary>
/// The first recording of each live call whose file there is or is being made, as far as events tell; the call's record names it. Belongs to the
/// thread that writes the log.
/// </summary>
internal sealed class OpenVoxRecordings
{
    private readonly Dictionary<CallId, int> _numbers = [];

    /// <summary>Takes an event in.</summary>
    /// <returns>The file of an ended call's recording; null while the call lives, and for one that was not recorded.</returns>
    public string? On(CallEvent happened)
    {
        switch (happened)
        {
            case RecordingStarted started when !happened.Call.HasEnded:
                _numbers.TryAdd(happened.Call.Id, started.Recording);
                break;
            case RecordingEnded { Outcome.File: null } failed when _numbers.TryGetValue(happened.Call.Id, out var number) && number == failed.Recording:
                _numbers.Remove(happened.Call.Id);
                break;
            case CallEnded:
                return FileOf(happened.Call);
        }
        return null;
    }

    private string? FileOf(Call call)
    {
        // What was under way at a crash is still in the call when it is ended after it.
        if (!_numbers.Remove(call.Id, out var number) && call.Audio.Recordings is [var open, ..])
            number = open.Number;
        return number == 0 ? null : KeptAudio.FileOf(call.Id, number, "wav");
    }
}
