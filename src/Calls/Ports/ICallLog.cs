using Switchhook.Calls.Events;

namespace Switchhook.Calls.Ports;

/// <summary>
/// The durable log of everything that happens to calls, in one order. What a call's end makes durable, its record, its events and the
/// notifications about it, is one write; what is needed to end the call after a crash is in it too.
/// </summary>
public interface ICallLog
{
    /// <summary>The greatest cursor ever stored, or zero. Asked once, before the first <see cref="Append"/>.</summary>
    long LastCursor();

    /// <summary>Stores the writes in one durable transaction, in order; returns when they are safe. Called by one writer at a time.</summary>
    /// <exception cref="StorageUnavailableException">Nothing of the batch was stored.</exception>
    void Append(IReadOnlyList<LogWrite> writes);

    /// <summary>Calls that the log leaves live: what was up when the program before this one stopped. Asked before the first <see cref="Append"/>.</summary>
    IReadOnlyList<UnfinishedCall> Unfinished();

    /// <summary>
    /// At most <paramref name="most"/> events behind a cursor that the filter wants, in order. How far a read goes is bounded: it may come back
    /// with few or none although there are more further on, and says up to where it looked.
    /// </summary>
    ValueTask<LogPage> ReadAsync(long after, int most, EventFilter filter, CancellationToken cancellation);
}

/// <summary>A part of the log.</summary>
/// <param name="Events">What was found.</param>
/// <param name="Through">There is nothing else up to this cursor: the place to go on from. That of the question when nothing was behind it.</param>
/// <param name="Horizon">The cursor before the oldest event still kept: a reader further back has missed some.</param>
public sealed record LogPage(IReadOnlyList<LoggedEvent> Events, long Through, long Horizon);

/// <summary>One durable change.</summary>
public abstract record LogWrite
{
    /// <summary>Something happened to a call. Its end brings the call's record with it, and what is kept for recovery goes.</summary>
    /// <param name="Cursor">Its place in the order of all events: from 1, always greater than the one before.</param>
    /// <param name="Event">What happened.</param>
    /// <param name="Notifications">Who is to be told of it; delivered later, stored now.</param>
    public sealed record Happened(long Cursor, CallEvent Event, IReadOnlyList<Notification> Notifications) : LogWrite;

    /// <summary>How the far side of an answered leg can be reached after a crash; replaces what was kept for that leg.</summary>
    /// <param name="Leg">The leg.</param>
    /// <param name="Dialog">The dialog as the exchange writes and reads it; nobody else looks inside.</param>
    public sealed record DialogKept(LegId Leg, string Dialog) : LogWrite;

    /// <summary>An extension has these bindings from now on, and no others.</summary>
    public sealed record BindingsKept(string Extension, IReadOnlyList<StoredBinding> Bindings) : LogWrite;

    /// <summary>Something is to be told that is no event of a call: a start, a phone that came or went.</summary>
    public sealed record Told(IReadOnlyList<Notification> Notifications) : LogWrite;

    private LogWrite() { }
}

/// <summary>A stored event.</summary>
public sealed record LoggedEvent(long Cursor, CallEvent Event);

/// <summary>A call that was live when the program stopped.</summary>
/// <param name="Call">As the last stored event left it.</param>
/// <param name="LastSequence">Number of that event within the call.</param>
/// <param name="Dialogs">What was kept of its legs' dialogs.</param>
public sealed record UnfinishedCall(Call Call, int LastSequence, IReadOnlyDictionary<LegId, string> Dialogs);
