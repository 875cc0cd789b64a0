using Switchhook.Calls;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Catapult;
using Switchhook.Dialects.Catapult.Bridges;
using Switchhook.Dialects.Tests.Ozeki;
using Switchhook.TestKit.Timing;

namespace Switchhook.Dialects.Tests.Catapult;

/// <summary>Who may change a bridge when.</summary>
public sealed class CatapultBridgesTests
{
    private readonly SlowHistory _history = new();

    [Fact]
    public async Task A_change_waits_for_whoever_looks_and_is_in_the_way_of_other_changes_alone()
    {
        await using var bridges = new CatapultBridges(new NoStore(), new ManualTime());
        bridges.Start(new FakeExchange(), _history);
        var bridge = bridges.Create("crm", audio: true)!;
        await bridges.SetAsync(bridge.Id, null, [CatapultId.Of(_history.Call.Legs[0].Id)], CancellationToken.None);
        _history.MayAnswer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var look = bridges.FindAsync("crm", bridge.Id, CancellationToken.None).AsTask();
        var first = bridges.SetAsync(bridge.Id, false, null, CancellationToken.None).AsTask();
        var second = await bridges.SetAsync(bridge.Id, true, null, CancellationToken.None);
        var lookedAt = look.IsCompleted;
        _history.MayAnswer.SetResult();

        Assert.False(lookedAt);
        Assert.Equal(CatapultBridging.Conflict, second);
        Assert.Equal(CatapultBridging.Done, await first);
        Assert.True((await look)!.Audio);
        Assert.Equal(CatapultBridging.Done, await bridges.SetAsync(bridge.Id, true, null, CancellationToken.None));
    }

    [Fact]
    public async Task A_change_that_is_given_up_while_it_waits_is_in_nobodys_way()
    {
        await using var bridges = new CatapultBridges(new NoStore(), new ManualTime());
        bridges.Start(new FakeExchange(), _history);
        var bridge = bridges.Create("crm", audio: true)!;
        await bridges.SetAsync(bridge.Id, null, [CatapultId.Of(_history.Call.Legs[0].Id)], CancellationToken.None);
        _history.MayAnswer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var givenUp = new CancellationTokenSource();

        var look = bridges.FindAsync("crm", bridge.Id, CancellationToken.None).AsTask();
        var first = bridges.SetAsync(bridge.Id, false, null, givenUp.Token).AsTask();
        await givenUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        var second = bridges.SetAsync(bridge.Id, false, null, CancellationToken.None).AsTask();
        _history.MayAnswer.SetResult();
        await look;

        Assert.Equal(CatapultBridging.Done, await second);
    }

    /// <summary>Knows one call, and tells of it when it may.</summary>
    private sealed class SlowHistory : ICallHistory
    {
        public Call Call { get; } = CatapultWorld.Outbound();

        public TaskCompletionSource? MayAnswer { get; set; }

        public async ValueTask<Call?> FindAsync(CallId id, CancellationToken cancellation)
        {
            if (MayAnswer is { } wait)
                await wait.Task;
            return Call;
        }

        public ValueTask<CallPage> QueryAsync(CallQuery query, CancellationToken cancellation) => throw new NotSupportedException();

        public CallId LastId() => default;
    }

    private sealed class NoStore : ICatapultBridgeStore
    {
        public IReadOnlyList<byte[]> Load() => [];

        public void Save(string id, byte[] document)
        {
        }

        public void Delete(string id)
        {
        }
    }
}
