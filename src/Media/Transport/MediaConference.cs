using Switchhook.Media.Mixing;
using Switchhook.Media.Prompts;
using Switchhook.Media.Recording;

namespace Switchhook.Media.Transport;

/// <summary>
/// Legs that hear each other. Methods may be called from any thread: they post to the media thread that owns the conference and
/// its legs, in order. A leg that is closed, bridged or set to echo leaves by itself; a leg has one conference at most.
/// </summary>
public sealed partial class MediaConference : ITicked
{
    private const int MostWaiting = 4_096;

    private readonly MediaEngine _engine;
    private readonly MediaThread _thread;
    private readonly ConferenceOptions _options;
    private int _waiting;
    private int _closed;
    private int _seatCount;

    internal MediaConference(MediaEngine engine, MediaThread thread, ConferenceOptions options, object? owner)
    {
        (_engine, _thread, _options, Owner) = (engine, thread, options, owner);
        foreach (var prompt in (Prompt?[])[options.JoinTone, options.LeaveTone, options.WaitingMusic])
        {
            _ = prompt?.SamplesAt(8_000);                   // both rates now, so that the tick need not
            _ = prompt?.SamplesAt(16_000);
        }
    }

    /// <summary>Whatever was given when it was created.</summary>
    public object? Owner { get; }

    /// <summary>True once <see cref="Close"/> was called, or a fault ended it.</summary>
    public bool IsClosed => Volatile.Read(ref _closed) != 0;

    /// <summary>Legs in it.</summary>
    public int Seats => Volatile.Read(ref _seatCount);

    /// <summary>Takes a leg in; ends its bridge or echo, and another conference it is in.</summary>
    /// <returns>False when either is closed, too much waits, the conference is full, or the leg is on another media thread (open it near another leg).</returns>
    public bool Join(MediaSession session, ConferenceRole role = ConferenceRole.Member)
    {
        if (session.Thread != _thread || session.IsClosed || Seats >= _options.MostSeats) return false;
        return TryPost(() => OnJoin(session, role));
    }

    /// <summary>Lets a leg out; nothing happens when it is not in.</summary>
    public bool Leave(MediaSession session) => TryPost(() => OnLeave(session));

    /// <summary>A muted leg hears and is not heard.</summary>
    public bool SetMute(MediaSession session, bool on) => TryPost(() => { if (Find(session) is { } seat) seat.IsMuted = on; });

    /// <summary>A leg held is neither heard nor hears; play music to it with <see cref="MediaSession.Play"/>.</summary>
    public bool SetHold(MediaSession session, bool on) =>
        TryPost(() => { if (Find(session) is { } seat) seat.IsMuted = seat.IsDeaf = on; });

    /// <summary>Says whether one leg hears another, whatever the speaker's role: whispering, barging in, keeping two apart.</summary>
    public bool SetRoute(MediaSession speaker, MediaSession listener, bool heard) =>
        TryPost(() => { if (Find(speaker) is { } from && Find(listener) is { } to && from != to) from.Route(to, heard); });

    /// <summary>Plays a prompt to all, over what they say; replaces one being played.</summary>
    public bool Announce(Prompt prompt)
    {
        _ = prompt.SamplesAt(8_000);
        _ = prompt.SamplesAt(16_000);
        return TryPost(() => (_announcement, _announced) = (prompt, 0));
    }

    /// <summary>Records what everybody says together, in mono; ends an earlier recording of it.</summary>
    /// <returns>Null when the conference is closed or the file cannot be made.</returns>
    public MediaRecording? StartRecording(RecordingSettings settings)
    {
        if (IsClosed || _engine.TryRecord(null, settings with { Sides = RecordingSides.Heard }, 16_000) is not { } recording) return null;
        if (TryPost(() => OnRecord(recording.Recorder))) return recording;
        recording.Stop();
        return null;
    }

    /// <summary>Ends it: every leg leaves and goes on without it.</summary>
    public void Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0) _thread.Post(new MediaCommand(MediaCommandKind.Conference, null, this, Action: OnClose));
    }

    internal void On(in MediaCommand command)
    {
        Interlocked.Decrement(ref _waiting);
        command.Action!();
    }

    private bool TryPost(Action action)
    {
        if (IsClosed) return false;
        if (Interlocked.Increment(ref _waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return false;
        }

        _thread.Post(new MediaCommand(MediaCommandKind.Conference, null, this, Action: action));
        return true;
    }
}
