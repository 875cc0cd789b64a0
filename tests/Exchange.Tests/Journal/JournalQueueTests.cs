using Switchhook.Exchange.Journal;

namespace Switchhook.Exchange.Tests.Journal;

public sealed class JournalQueueTests : IDisposable
{
    private readonly JournalQueue _queue = new(new JournalPace(TimeSpan.Zero));
    private readonly JournalQueue _patient = new(new JournalPace(TimeSpan.FromDays(1)));

    public void Dispose()
    {
        _queue.Dispose();
        _patient.Dispose();
    }

    [Fact]
    public void What_waits_is_taken_in_order_and_at_most_so_many_at_once()
    {
        var entries = Enumerable.Range(0, 5).Select(_ => Entry()).ToList();
        entries.ForEach(e => _queue.TryAdd(e, urgent: false));
        List<JournalEntry> first = [], second = [];

        Assert.True(_queue.Take(first, 3));
        Assert.True(_queue.Take(second, 3));

        Assert.Equal(entries, first.Concat(second));
        Assert.Equal(3, first.Count);
    }

    [Fact]
    public void What_was_taken_counts_until_it_is_done()
    {
        _queue.TryAdd(Entry(), urgent: false);
        _queue.TryAdd(Entry(), urgent: false);
        List<JournalEntry> batch = [];

        _queue.Take(batch, 10);
        Assert.Equal(2, _queue.Count);
        _queue.Done(batch.Count);

        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public void Somebody_who_waits_ends_the_gathering()
    {
        _patient.TryAdd(Entry(), urgent: true);
        List<JournalEntry> batch = [];

        Assert.True(_patient.Take(batch, 10));

        Assert.Single(batch);
    }

    [Fact]
    public void A_closed_patient_gives_what_it_has_and_takes_no_more()
    {
        _patient.TryAdd(Entry(), urgent: false);
        _patient.Close();
        List<JournalEntry> batch = [];

        Assert.False(_patient.TryAdd(Entry(), urgent: true));
        Assert.True(_patient.Take(batch, 10));
        Assert.False(_patient.Take(batch, 10));

        Assert.Single(batch);
    }

    [Fact]
    public async Task One_entry_at_a_time_always_wakes_the_writer()
    {
        const int Rounds = 20_000;
        var writer = Task.Run(() =>
        {
            List<JournalEntry> batch = [];
            while (_queue.Take(batch, 100))
            {
                batch.ForEach(e => e.Waiter!.TrySetResult(default));
                _queue.Done(batch.Count);
                batch.Clear();
            }
        });

        // Each round waits for the one before, so that the writer is about to sleep again and again.
        for (var i = 0; i < Rounds; i++)
        {
            var entry = Entry();
            _queue.TryAdd(entry, urgent: true);
            await entry.Waiter!.Task.WaitAsync(TimeSpan.FromSeconds(20));
        }
        _queue.Close();
        await writer.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(0, _queue.Count);
    }

    private static JournalEntry Entry() => new() { Waiter = new() };
}
