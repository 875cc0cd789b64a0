using Switchhook.Calls.Events;

namespace Switchhook.Calls.Ports;

/// <summary>
/// What the log is still to store, kept where the death of the process does not reach it: added on the shard before the messages that follow
/// from it leave, and stored in the log by the next start where the log had not come to it. The loss of power may take it; the log is what
/// outlives that.
/// </summary>
public interface IFlightRecorder : IDisposable
{
    /// <summary>Begins. Asked once, before anything else.</summary>
    /// <param name="lastCursor">The greatest cursor the log has.</param>
    /// <returns>What the process before this one added and the log does not have, in order; without notifications.</returns>
    /// <exception cref="StorageUnavailableException">There is no place to record, or another process has it.</exception>
    IReadOnlyList<LogWrite> Open(long lastCursor);

    /// <summary>The log has all that <see cref="Open"/> returned.</summary>
    void LeftIsStored();

    /// <summary>Adds an event. This, the other <c>Add</c>s and <see cref="Flush"/> are for one thread and never throw for what the disk does.</summary>
    /// <returns>A ticket: ascending, for <see cref="Stored"/>.</returns>
    long Add(long cursor, CallEvent happened);

    /// <summary>Adds how the far side of a leg is reached.</summary>
    /// <param name="after">The cursor of the last event added.</param>
    /// <param name="leg">The leg.</param>
    /// <param name="dialog">As <see cref="LogWrite.DialogKept"/> has it.</param>
    long Add(long after, LegId leg, string dialog);

    /// <summary>Adds the bindings an extension has from now on.</summary>
    long Add(long after, string extension, IReadOnlyList<StoredBinding> bindings);

    /// <summary>After a <see cref="Problem"/>: true when it is over. For the thread that adds.</summary>
    bool TryAgain();

    /// <summary>What was added outlives the process when this returns.</summary>
    void Flush();

    /// <summary>The log has what was added up to this ticket; its room may be used again. From any thread.</summary>
    void Stored(long ticket);

    /// <summary>What <see cref="Open"/> found odd, for an operator to read.</summary>
    IReadOnlyList<string> Remarks { get; }

    /// <summary>Why what is added now is not kept; null when it is. From any thread.</summary>
    string? Problem { get; }
}
