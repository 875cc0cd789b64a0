using Microsoft.Extensions.Logging;
using Switchhook.Calls.Ports;

namespace Switchhook.Webhooks.Deliveries;

/// <summary>
/// The one that talks to the outbox: saves outcomes in batches and reads what is not in memory, in turns and never both at once, so that
/// nothing is read as pending whose delivery is being saved. A storage that fails is asked again until it works.
/// </summary>
internal sealed partial class OutboxKeeper(IOutbox outbox, DeliveryBoard board, TimeProvider time, ILogger log)
{
    private const int MostSaved = 512;
    private const int PageSize = 512;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            do
            {
                while (board.TakeUnsaved(MostSaved) is { Count: > 0 } batch)
                    await SaveAsync(batch, stopping).ConfigureAwait(false);
                await ScanAsync(stopping).ConfigureAwait(false);
            }
            while (await board.KeeperWantedAsync(stopping).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            SaveLast();
        }
    }

    private async Task SaveAsync(List<DeliveryAttempt> batch, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                outbox.Save(batch);
                break;
            }
            catch (StorageUnavailableException e)
            {
                LogSaveFailed(batch.Count, e.Message);
                await Task.Delay(RetryAfter, time, stopping).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // An outcome the storage cannot take is a bug; it must not keep the others from being stored.
            catch (Exception bug)
#pragma warning restore CA1031
            {
                if (batch.Count == 1)
                    LogNotStorable(bug, batch[0].Id);
                else
                {
                    foreach (var one in batch)
                        await SaveAsync([one], stopping).ConfigureAwait(false);
                }
                break;
            }
        }
        board.Saved(batch);
    }

    private async Task ScanAsync(CancellationToken stopping)
    {
        for (var after = board.BeginScan(); after is { } place;)
        {
            board.BeginPage();
            if (Read(place) is { } page)
            {
                after = board.TakePage(page, isLast: page.Count < PageSize);
                // Outcomes are not held up by a long scan, nor is the scan misled: they are saved between two pages.
                while (board.TakeUnsaved(MostSaved) is { Count: > 0 } batch)
                    await SaveAsync(batch, stopping).ConfigureAwait(false);
            }
            else
                await Task.Delay(RetryAfter, time, stopping).ConfigureAwait(false);
            stopping.ThrowIfCancellationRequested();
        }
    }

    private IReadOnlyList<OutboxEntry>? Read(long after)
    {
        try
        {
            return outbox.Pending(after, PageSize);
        }
#pragma warning disable CA1031 // Whatever keeps the outbox from being read, what is in it stays and is asked for again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogReadFailed(e is StorageUnavailableException ? null : e, e.Message);
            return null;
        }
    }

    /// <summary>Once more, when the server stops; what cannot be stored now is delivered again after the next start.</summary>
    private void SaveLast()
    {
        var batch = board.Unsaved();
        try
        {
            if (batch.Count > 0)
                outbox.Save(batch);
        }
#pragma warning disable CA1031 // The server stops; there is nobody left to tell but the log.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogGivenUp(e, batch.Count);
        }
    }

    [LoggerMessage(EventId = 11, EventName = "OutcomesNotStored", Level = LogLevel.Error, Message = "{Count} outcomes of deliveries could not be stored and will be tried again: {Reason}")]
    private partial void LogSaveFailed(int count, string reason);

    [LoggerMessage(EventId = 12, EventName = "OutcomeNotStorable", Level = LogLevel.Critical, Message = "the outcome of notification {Id} cannot be stored")]
    private partial void LogNotStorable(Exception bug, string id);

    [LoggerMessage(EventId = 13, EventName = "OutboxNotRead", Level = LogLevel.Error, Message = "pending notifications could not be read and will be asked for again: {Reason}")]
    private partial void LogReadFailed(Exception? bug, string reason);

    [LoggerMessage(EventId = 14, EventName = "OutcomesGivenUp", Level = LogLevel.Error, Message = "{Count} outcomes of deliveries were not stored: those notifications will be delivered again")]
    private partial void LogGivenUp(Exception reason, int count);
}
