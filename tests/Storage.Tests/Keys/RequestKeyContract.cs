using Switchhook.Calls.Ports;
using Switchhook.Storage.Tests.Log;
using Switchhook.TestKit.Servers;

namespace Switchhook.Storage.Tests.Keys;

/// <summary>What every implementation of <see cref="IRequestKeys"/> does.</summary>
public abstract class RequestKeyContract(ITestStorage storage) : IDisposable
{
    private static readonly RequestKey Key = new("demo", "k1");

    public void Dispose()
    {
        storage.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_key_is_taken_once_until_it_is_given_back_or_a_day_is_over_and_its_answer_outlives_a_kill()
    {
        var first = await TakeAsync();
        var underWay = await TakeAsync();
        storage.RequestKeys.Answer(Key, new RequestAnswer("/calls/7", "{}"u8.ToArray()));
        storage.Restart();
        var kept = await TakeAsync();
        var expired = await TakeAsync(hours: 24);
        var again = await TakeAsync(hours: 24);
        storage.RequestKeys.Free(Key);

        Assert.Null(first);
        Assert.Equal(new KeptRequest("digest", null), underWay);
        Assert.Equal("/calls/7", kept!.Answer!.Location);
        Assert.Equal("{}"u8.ToArray(), kept.Answer.Body.ToArray());
        Assert.Null(expired);
        Assert.Equal(new KeptRequest("digest", null), again);
        Assert.Null(await TakeAsync(hours: 24));
    }

    [Fact]
    public async Task Of_many_who_take_a_key_at_once_one_gets_it()
    {
        var taken = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => TakeAsync())));

        Assert.Single(taken, t => t is null);
    }

    private Task<KeptRequest?> TakeAsync(int hours = 0) =>
        storage.RequestKeys.TakeAsync(Key, "digest", Samples.Start.AddHours(hours), CancellationToken.None).AsTask();
}

public sealed class SqliteRequestKeyTests() : RequestKeyContract(new SqliteTestStorage());

public sealed class PostgresRequestKeyTests(PostgresServer server) : RequestKeyContract(new PostgresTestStorage(server));
