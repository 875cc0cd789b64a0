using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Runtime.InteropServices;
using Switchhook.Media.Codecs;
using Switchhook.Media.Prompts;
using Switchhook.Media.Sdp;

namespace Switchhook.Media.Transport;

/// <summary>
/// The RTP of one leg on its own pair of ports. Every method may be called from any thread: it posts a command to the media
/// thread that owns the session, and commands posted by one thread are carried out in order.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Close ends the session; its media thread lets go of what it holds, in its own time.")]
public sealed partial class MediaSession : ITicked
{
    private long _lastPlayback;
    private int _waiting;
    private int _closed;
    private object? _owner;

    internal MediaSession(MediaThread thread, PortPair ports, IPEndPoint local, IPEndPoint advertised, object? owner)
    {
        (Thread, Ports, Local, Advertised, _owner) = (thread, ports, local, advertised, owner);
        Span<byte> chance = stackalloc byte[10];
        thread.Engine.Chance.Fill(chance);                  // a guessable source could be forged (RFC 3550 §8.1, §9)
        _out = new OutgoingStream(thread, ports.Rtp, MemoryMarshal.Read<uint>(chance), MemoryMarshal.Read<ushort>(chance[4..]),
            MemoryMarshal.Read<uint>(chance[6..]));
    }

    /// <summary>The socket's own address and (even) RTP port; RTCP has the next port.</summary>
    public IPEndPoint Local { get; }

    /// <summary>What to name in a session description: <see cref="Local"/>, or the advertised address with its port.</summary>
    public IPEndPoint Advertised { get; }

    /// <summary>Codecs to offer and accept, the most wanted first (<see cref="MediaOptions.Codecs"/>).</summary>
    public IReadOnlyList<AudioCodec> Codecs => Thread.Engine.Codecs;

    /// <summary>Whatever was given when it was opened, until it is given to another; news under way may still name the one before.</summary>
    public object? Owner
    {
        get => Volatile.Read(ref _owner);
        set => Volatile.Write(ref _owner, value);
    }

    /// <summary>True once <see cref="Close"/> was called, or a fault closed the session.</summary>
    public bool IsClosed => Volatile.Read(ref _closed) != 0;

    internal MediaThread Thread { get; }

    internal PortPair Ports { get; }

    /// <summary>
    /// Says where to send and what to expect, after each offer and answer. A changed remote address forgets the latched source
    /// and lets the next valid one in. Nothing is sent or accepted before the first call.
    /// </summary>
    /// <returns>False when the session is closed or too many commands wait for the media thread.</returns>
    public bool Configure(in MediaFlow flow) => TryPost(new MediaCommand(MediaCommandKind.Configure, this, Flow: flow));

    /// <summary>
    /// Joins two sessions: what one receives the other sends, the payload untouched when the codec agrees, A-law and µ-law
    /// translated, anything else decoded and encoded anew; telephone events pass and are reported as well. Ends an earlier bridge of either, and echo.
    /// </summary>
    /// <returns>False when a session is closed, or the two were opened on different threads (see <see cref="MediaEngine.TryOpen"/>).</returns>
    public bool Bridge(MediaSession other) =>
        other.Thread == Thread && !other.IsClosed && TryPost(new MediaCommand(MediaCommandKind.Bridge, this, other));

    /// <summary>Parts this session from its partner; nothing happens without one.</summary>
    public bool Unbridge() => TryPost(new MediaCommand(MediaCommandKind.Unbridge, this));

    /// <summary>Plays a prompt, in place of what a bridged partner sends; replaces one being played.</summary>
    /// <returns>The playback's number for <see cref="IMediaSink.OnPlaybackEnded"/>, or 0 when refused.</returns>
    public long Play(Prompt prompt, bool loop)
    {
        var number = Interlocked.Increment(ref _lastPlayback);
        return TryPost(new MediaCommand(MediaCommandKind.Play, this, prompt, loop, number)) ? number : 0;
    }

    /// <summary>Ends what is being played; nothing happens without it.</summary>
    public bool StopPlaying() => TryPost(new MediaCommand(MediaCommandKind.StopPlaying, this));

    /// <summary>
    /// Sends digits, 100 ms each with a pause of at least 50 ms, in place of other audio: as telephone events (RFC 4733) when
    /// they were agreed, else as tones (ITU-T Q.23). Characters other than 0–9, *, #, A–D are left out; of more than 64 waiting
    /// the rest is dropped.
    /// </summary>
    /// <returns>False when the session is closed or too many commands wait.</returns>
    public bool SendDigits(string digits) => TryPost(new MediaCommand(MediaCommandKind.SendDigits, this, digits));

    /// <summary>Sends the far side's own audio back to it; ends a bridge.</summary>
    public bool SetEcho(bool on) => TryPost(new MediaCommand(MediaCommandKind.SetEcho, this, Flag: on));

    /// <summary>On hold nothing is relayed to or from the session and silence is not watched; prompts still play.</summary>
    public bool SetHold(bool on) => TryPost(new MediaCommand(MediaCommandKind.SetHold, this, Flag: on));

    /// <summary>What a muted session's far side says is relayed and mixed for nobody; it hears as before, its keys are told, and recordings of it hear it.</summary>
    public bool SetMute(bool on) => TryPost(new MediaCommand(MediaCommandKind.SetMute, this, Flag: on));

    /// <summary>Ends media at once; the ports return as soon as the media thread has let go. Further calls do nothing.</summary>
    public void Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0) Thread.Post(new MediaCommand(MediaCommandKind.Close, this));
    }

    private bool TryPost(in MediaCommand command)
    {
        if (IsClosed) return false;
        if (Interlocked.Increment(ref _waiting) > CommandInbox.MostPerSession)
        {
            Interlocked.Decrement(ref _waiting);
            return false;
        }

        Thread.Post(command);
        return true;
    }
}
