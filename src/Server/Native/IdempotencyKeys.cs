using Switchhook.Calls.Ports;

namespace Switchhook.Server.Native;

/// <summary>What came of a request that is to be done once.</summary>
internal abstract record OnceOutcome
{
    /// <summary>It was done, now or before.</summary>
    public sealed record Answered(RequestAnswer Answer) : OnceOutcome;

    /// <summary>It was not done, and may be tried again.</summary>
    public sealed record Failed(IResult Result) : OnceOutcome;

    /// <summary>The key belongs to another request.</summary>
    public sealed record Reused : OnceOutcome;

    /// <summary>The program stopped while it did it: nobody knows how far it came, and it is not done again.</summary>
    public sealed record Unknown : OnceOutcome;

    private OnceOutcome() { }
}

/// <summary>
/// Does a request with an Idempotency-Key once. The key is durable before anything is done and the answer before it is given, so that neither a
/// repeat nor a crash does it twice. Two requests with one key at the same time share one answer.
/// </summary>
internal sealed class IdempotencyKeys(IRequestKeys store, TimeProvider time, int capacity = 10_000)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<RequestKey, Turn> _turns = [];

    /// <param name="key">Which key of which account.</param>
    /// <param name="digest">Stands for the request.</param>
    /// <param name="work">Does it: the answer when it was done, else only what to say.</param>
    /// <param name="cancellation">Ends the waiting for another request with the key; never the work.</param>
    /// <exception cref="StorageUnavailableException">The keys cannot be reached; nothing was done.</exception>
    public async Task<OnceOutcome> OnceAsync(
        RequestKey key, string digest, Func<Task<(IResult Result, RequestAnswer? Answer)>> work, CancellationToken cancellation)
    {
        while (true)
        {
            var turn = Enter(key, digest, out var first);
            if (first)
                return await TakeTurnAsync(key, turn, work);
            if (turn.Digest != digest)
                return new OnceOutcome.Reused();
            // Null: the one before did nothing, so this one may.
            if (await turn.Answer.WaitAsync(cancellation) is { } answer)
            {
                if (turn.IsUnsaved)
                    TrySave(key, turn, answer);
                return new OnceOutcome.Answered(answer);
            }
        }
    }

    private async Task<OnceOutcome> TakeTurnAsync(RequestKey key, Turn turn, Func<Task<(IResult Result, RequestAnswer? Answer)>> work)
    {
        RequestAnswer? answer = null;
        try
        {
            if (await store.TakeAsync(key, turn.Digest, time.GetUtcNow(), CancellationToken.None) is { } known)
            {
                if (known.Digest != turn.Digest)
                    return new OnceOutcome.Reused();
                answer = known.Answer;
                return answer is null ? new OnceOutcome.Unknown() : new OnceOutcome.Answered(answer);
            }
            (var result, answer) = await work();
            if (answer is null)
            {
                TryFree(key);
                return new OnceOutcome.Failed(result);
            }
            turn.IsUnsaved = true;
            TrySave(key, turn, answer);
            return new OnceOutcome.Answered(answer);
        }
        finally
        {
            Leave(key, turn, answer);
        }
    }

    private Turn Enter(RequestKey key, string digest, out bool first)
    {
        lock (_gate)
        {
            first = !_turns.TryGetValue(key, out var turn);
            return turn ?? (_turns[key] = new Turn(digest));
        }
    }

    private void Leave(RequestKey key, Turn turn, RequestAnswer? answer)
    {
        lock (_gate)
        {
            // What could not be saved is remembered here, as long as there is room.
            if (!turn.IsUnsaved || _turns.Count > capacity)
                _turns.Remove(key);
        }
        turn.Finish(answer);
    }

    private void TrySave(RequestKey key, Turn turn, RequestAnswer answer)
    {
        try
        {
            store.Answer(key, answer);
            lock (_gate)
            {
                turn.IsUnsaved = false;
                if (turn.Answer.IsCompleted)
                    _turns.Remove(key);
            }
        }
        catch (StorageUnavailableException)
        {
            // It was done and is answered; the next repeat tries to save it again.
        }
    }

    private void TryFree(RequestKey key)
    {
        try
        {
            store.Free(key);
        }
        catch (StorageUnavailableException)
        {
            // The key stays taken: a repeat is told that the outcome is unknown, and nothing is done twice.
        }
    }

    /// <summary>A request under way, or done and not saved yet.</summary>
    private sealed class Turn(string digest)
    {
        private readonly TaskCompletionSource<RequestAnswer?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Digest => digest;
        public bool IsUnsaved { get; set; }

        /// <summary>The answer; null when nothing was done.</summary>
        public Task<RequestAnswer?> Answer => _answer.Task;

        public void Finish(RequestAnswer? answer) => _answer.TrySetResult(answer);
    }
}
