using Switchhook.Calls.Audio;
using Switchhook.Media.Transport;

namespace Switchhook.Exchange.Running;

/// <summary>A call's recordings whose end was not told yet: being opened, under way, or being closed.</summary>
internal sealed class CallRecordings
{
    private readonly Dictionary<int, MediaRecording?> _open = [];

    public bool IsEmpty => _open.Count == 0;

    /// <summary>Its file is being made.</summary>
    public void Begin(int number) => _open[number] = null;

    /// <summary>Its file is there; what was asked meanwhile is done.</summary>
    public void Opened(int number, MediaRecording recording, CallAudio.Recording? wanted)
    {
        // Its end may have come first.
        if (!_open.ContainsKey(number))
            return;
        _open[number] = recording;
        if (wanted is null or { IsStopping: true })
            recording.Stop();
        else if (wanted.IsPaused)
            recording.Pause();
    }

    public void Pause(int number, bool paused)
    {
        if (_open.GetValueOrDefault(number) is not { } recording)
            return;
        if (paused)
            recording.Pause();
        else
            recording.Resume();
    }

    public void Stop(int number) => _open.GetValueOrDefault(number)?.Stop();

    /// <summary>The call is over, however it got there.</summary>
    public void StopAll()
    {
        foreach (var recording in _open.Values)
            recording?.Stop();
    }

    /// <summary>False when its end was told already.</summary>
    public bool End(int number) => _open.Remove(number);
}

/// <summary>What a recording belongs to: found again when it is over.</summary>
internal sealed record RecordingKey(Calls.CallId Call, int Recording);
