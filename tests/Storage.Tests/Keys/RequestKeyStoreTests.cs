using System.Globalization;
using System.Text;
using Switchhook.Calls.Ports;
using Switchhook.Storage.Keys;
using Switchhook.Storage.Sqlite;

namespace Switchhook.Storage.Tests.Keys;

public sealed class RequestKeyStoreTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RequestKey Key = new("demo", "k1");
    private static readonly RequestAnswer Answer = new("/calls/7", Encoding.UTF8.GetBytes("""{ "id": "7", "name": "Zoë" }"""));

    [Fact]
    public async Task A_key_is_taken_once_and_its_answer_outlives_a_kill()
    {
        using var database = new TemporaryDatabase();
        using var storage = database.Open();

        var first = await TakeAsync(storage.RequestKeys);
        var underWay = await TakeAsync(storage.RequestKeys, digest: "other");
        storage.RequestKeys.Answer(Key, Answer);
        using var copy = database.CopyAsLeftByAKill();
        using var again = copy.Open();
        var kept = await TakeAsync(again.RequestKeys, Now.AddHours(23));
        var ofAnother = await TakeAsync(again.RequestKeys, key: new RequestKey("other", "k1"));

        Assert.Null(first);
        Assert.Equal(new KeptRequest("d1", null), underWay);
        Assert.Equal(("d1", Answer.Location), (kept!.Digest, kept.Answer!.Location));
        Assert.Equal(Answer.Body.ToArray(), kept.Answer.Body.ToArray());
        Assert.Null(ofAnother);
    }

    [Fact]
    public async Task A_key_that_was_given_back_can_be_taken()
    {
        using var database = new TemporaryDatabase();
        using var storage = database.Open();
        await TakeAsync(storage.RequestKeys);

        storage.RequestKeys.Free(Key);

        Assert.Null(await TakeAsync(storage.RequestKeys));
    }

    [Fact]
    public async Task After_a_day_a_key_is_free_again_and_its_row_goes()
    {
        using var database = new TemporaryDatabase();
        using var storage = database.Open();
        await TakeAsync(storage.RequestKeys);
        storage.RequestKeys.Answer(Key, Answer);
        await TakeAsync(storage.RequestKeys, key: new RequestKey("demo", "k2"));

        var again = await TakeAsync(storage.RequestKeys, Now.AddHours(24), digest: "d2");
        var repeat = await TakeAsync(storage.RequestKeys, Now.AddHours(24), digest: "d2");

        Assert.Null(again);
        Assert.Equal(new KeptRequest("d2", null), repeat);
        Assert.Equal(1, Rows(storage));
    }

    [Fact]
    public async Task When_there_are_too_many_keys_the_oldest_goes()
    {
        using var database = new TemporaryDatabase();
        using var storage = database.Open();
        using var readers = new ReadConnections(SqliteOptions.Parse(database.Path));
        var keys = new RequestKeyStore(storage.Writer, readers, capacity: 3);

        for (var i = 1; i <= 5; i++)
            await TakeAsync(keys, key: new RequestKey("demo", i.ToString(CultureInfo.InvariantCulture)));

        Assert.Equal(3, Rows(storage));
        Assert.NotNull(await TakeAsync(keys, key: new RequestKey("demo", "3")));
        Assert.Null(await TakeAsync(keys, key: new RequestKey("demo", "2")));
    }

    [Fact]
    public async Task Of_many_who_take_a_key_at_once_one_gets_it()
    {
        using var database = new TemporaryDatabase();
        using var storage = database.Open();

        var taken = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => TakeAsync(storage.RequestKeys))));

        Assert.Single(taken, t => t is null);
    }

    private static Task<KeptRequest?> TakeAsync(IRequestKeys keys, DateTimeOffset? now = null, string digest = "d1", RequestKey? key = null) =>
        keys.TakeAsync(key ?? Key, digest, now ?? Now, CancellationToken.None).AsTask();

    private static long Rows(SqliteStorage storage)
    {
        var rows = 0L;
        storage.Writer.Commit(0, (connection, _) =>
        {
            using var command = new SqliteCommand(connection, "SELECT count(*) FROM request_keys");
            rows = (long)command.ExecuteScalar()!;
        });
        return rows;
    }
}
