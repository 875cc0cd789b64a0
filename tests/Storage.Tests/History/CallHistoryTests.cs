using Dapper;
using Switchhook.Calls;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Storage.Sqlite;

namespace Switchhook.Storage.Tests.History;

public sealed class CallHistoryTests
{
    [Fact]
    public async Task A_confirmation_is_filled_in_once_and_only_on_its_leg()
    {
        using var database = new TemporaryDatabase();
        using var storage = database.Open();
        var call = Samples.Call(7, legs: 2);
        storage.Append([Samples.Ended(call)]);

        storage.Append([Samples.Confirmed(call, 2, HangupConfirmation.Timeout)]);
        storage.Append([Samples.Confirmed(call, 2, HangupConfirmation.Yes)]);

        var found = await storage.History.FindAsync(call.Id, default);
        Assert.Null(found!.Legs[0].Record!.Confirmed);
        Assert.Equal(HangupConfirmation.Timeout, found.Legs[1].Record!.Confirmed);
        var listed = await storage.History.QueryAsync(new CallQuery { Call = call.Id }, default);
        Same.Assert(found, Assert.Single(listed.Calls));
    }

    [Fact]
    public async Task A_call_that_ends_and_is_confirmed_in_one_batch_has_both()
    {
        using var database = new TemporaryDatabase();
        using var storage = database.Open();
        var call = Samples.Call(7);

        storage.Append([Samples.Ended(call), Samples.Confirmed(call, 1, HangupConfirmation.Yes)]);

        Assert.Equal(HangupConfirmation.Yes, (await storage.History.FindAsync(call.Id, default))!.Legs[0].Record!.Confirmed);
    }

    [Fact]
    public async Task Of_two_ends_of_one_call_the_first_is_kept()
    {
        using var database = new TemporaryDatabase();
        using var storage = database.Open();
        var first = Samples.Call(7, legs: 2);

        storage.Append([Samples.Ended(first)]);
        storage.Append([Samples.Ended(Samples.Call(7, legs: 1) with { Dialed = "other" })]);

        Same.Assert(first, await storage.History.FindAsync(first.Id, default));
        Assert.Equal(1, (await storage.History.QueryAsync(new CallQuery(), default)).Total);
    }

    [Fact]
    public async Task Nothing_of_a_batch_is_stored_when_one_write_of_it_fails()
    {
        using var database = new TemporaryDatabase();
        using var storage = database.Open();
        var live = Samples.Call(2) with { State = new CallState.Talking() };

        Assert.Throws<ArgumentException>(() => storage.Append([Samples.Ended(Samples.Call(1)), Samples.Ended(live)]));

        Assert.Equal(0, (await storage.History.QueryAsync(new CallQuery(), default)).Total);
        storage.Append([Samples.Ended(Samples.Call(1))]);
        Assert.NotNull(await storage.History.FindAsync(new CallId(1), default));
    }

    [Fact]
    public void The_last_id_is_the_greatest_and_zero_when_there_is_none()
    {
        using var database = new TemporaryDatabase();
        using var storage = database.Open();
        var before = storage.History.LastId();

        storage.Append([Samples.Ended(Samples.Call(90)), Samples.Ended(Samples.Call(40))]);

        Assert.Equal(new CallId(0), before);
        Assert.Equal(new CallId(90), storage.History.LastId());
    }

    [Fact]
    public async Task Readers_see_whole_batches_while_a_writer_writes()
    {
        const int batches = 60, batchSize = 20;
        using var database = new TemporaryDatabase();
        using var storage = database.Open();
        var token = TestContext.Current.CancellationToken;
        var writing = Task.Run(() =>
        {
            for (var batch = 0; batch < batches; batch++)
                storage.Append([.. Enumerable.Range(1, batchSize).Select(n => Samples.Ended(Samples.Call((batch * batchSize) + n)))]);
        }, token);

        var readers = Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            long last = 0;
            while (last < batches * batchSize)
            {
                var page = await storage.History.QueryAsync(new CallQuery { PageSize = 10 }, token);
                Assert.Equal(0, page.Total % batchSize);
                Assert.True(page.Total >= last);
                if (page.Total > 0)
                    Assert.Equal(page.Total, page.Calls[0].Id.Value);
                last = page.Total;
                token.ThrowIfCancellationRequested();
            }
        }, token)).ToArray();

        await writing.WaitAsync(TimeSpan.FromSeconds(60), token);
        await Task.WhenAll(readers).WaitAsync(TimeSpan.FromSeconds(60), token);
    }

    [Fact]
    public async Task A_cancelled_query_throws_and_leaves_the_history_usable()
    {
        using var database = new TemporaryDatabase();
        using var storage = database.Open();
        storage.Append([Samples.Ended(Samples.Call(1))]);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await storage.History.QueryAsync(new CallQuery(), new CancellationToken(canceled: true)));

        Assert.Equal(1, (await storage.History.QueryAsync(new CallQuery(), default)).Total);
    }
}
