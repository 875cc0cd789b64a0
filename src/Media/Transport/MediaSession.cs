using System.Net;
using Switchhook.Media.Prompts;
using Switchhook.Media.Sdp;

namespace Switchhook.Media.Transport;

/// <summary>
/// The RTP of one leg on its own pair of ports. Every method may be called from any thread: it posts a command to the media
/// thread that owns the session, and commands posted by one thread are carried out in order.
/// </summary>
public sealed class MediaSession
{
    private bool _open = true;

    internal MediaSession(IPEndPoint local, IPEndPoint advertised, object? owner) => (Local, Advertised, Owner) = (local, advertised, owner);

    /// <summary>The socket's own address and (even) RTP port; RTCP has the next port.</summary>
    public IPEndPoint Local { get; }

    /// <summary>What to name in a session description: <see cref="Local"/>, or the advertised address with its port.</summary>
    public IPEndPoint Advertised { get; }

    /// <summary>Whatever was given when it was opened.</summary>
    public object? Owner { get; }

    /// <summary>
    /// Says where to send and what to expect, after each offer and answer. A changed remote address forgets the latched source
    /// and lets the next valid one in. Nothing is sent or accepted before the first call.
    /// </summary>
    /// <returns>False when the session is closed or too many commands wait for the media thread.</returns>
    public bool Configure(in MediaFlow flow) => _open;

    /// <summary>
    /// Joins two sessions: what one receives the other sends, the payload untouched when the codec agrees, A-law and µ-law
    /// translated when not; telephone events pass and are reported as well. Ends an earlier bridge of either, and echo.
    /// </summary>
    /// <returns>False when a session is closed, or the two were opened on different threads (see <see cref="MediaEngine.TryOpen"/>).</returns>
    public bool Bridge(MediaSession other) => _open;

    /// <summary>Parts this session from its partner; nothing happens without one.</summary>
    public bool Unbridge() => _open;

    /// <summary>Plays a prompt, in place of what a bridged partner sends; replaces one being played.</summary>
    /// <returns>The playback's number for <see cref="IMediaSink.OnPlaybackEnded"/>, or 0 when refused.</returns>
    public long Play(Prompt prompt, bool loop) => _open ? 1 : 0;

    /// <summary>Ends what is being played; nothing happens without it.</summary>
    public bool StopPlaying() => _open;

    /// <summary>
    /// Sends digits as telephone events (RFC 4733), 100 ms each with a pause of at least 50 ms, in place of other audio.
    /// Characters other than 0–9, *, #, A–D are left out. At most 64 digits wait; the rest is dropped.
    /// </summary>
    /// <returns>False when the session is closed or too many commands wait.</returns>
    public bool SendDigits(string digits) => _open;

    /// <summary>Sends the far side's own audio back to it; ends a bridge.</summary>
    public bool SetEcho(bool on) => _open;

    /// <summary>On hold nothing is relayed to or from the session and silence is not watched; prompts still play.</summary>
    public bool SetHold(bool on) => _open;

    /// <summary>The figures so far; final ones after <see cref="Close"/>.</summary>
    public MediaFigures Snapshot() => _open ? new() : new();

    /// <summary>Ends media at once; the ports return as soon as the media thread has let go. Further calls do nothing.</summary>
    public void Close() => _open = false;
}
