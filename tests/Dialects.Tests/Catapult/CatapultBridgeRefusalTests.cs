using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Catapult;
using Switchhook.Dialects.Catapult.Bridges;
using Switchhook.Dialects.Tests.Ozeki;
using Switchhook.TestKit.Timing;

namespace Switchhook.Dialects.Tests.Catapult;

/// <summary>What an application is told when a bridge cannot be had now.</summary>
public sealed class CatapultBridgeRefusalTests : IAsyncDisposable
{
    private static readonly Call Live = CatapultWorld.Outbound(new LegState.Answered(), answered: CatapultWorld.Start);

    private readonly CatapultBridges _bridges = new(new Shelf(), new ManualTime());

    public ValueTask DisposeAsync() => _bridges.DisposeAsync();

    [Fact]
    public async Task A_call_that_gets_no_seat_makes_no_bridge_and_is_free_for_the_next()
    {
        var world = new CatapultWorld { Bridges = _bridges };
        _bridges.Start(world.Exchange, world.History);
        world.Exchange.Calls.Add(Live);
        world.Exchange.Answers = static command => new CallReply(command is CallCommand.Sound ? CallRefusal.Congestion : CallRefusal.None, null);
        var ids = $$"""{"callIds":["{{CatapultId.Of(Live.Legs[0].Id)}}"]}""";

        var refused = await world.PostAsync("bridges", ids);
        var listed = await world.GetAsync("bridges");
        world.Exchange.Answers = null;
        var made = await world.PostAsync("bridges", ids);

        Assert.Equal((503, "unavailable", "bridge-create-error"), (refused.Status, refused.Json.GetProperty("category").GetString(), refused.Code));
        Assert.Equal("[]", listed.Body);
        Assert.Equal(201, made.Status);
    }

    [Fact]
    public async Task A_call_that_gets_no_seat_in_a_bridge_there_is_makes_the_change_fail()
    {
        var world = new CatapultWorld { Bridges = _bridges };
        _bridges.Start(world.Exchange, world.History);
        world.Exchange.Calls.Add(Live);
        var bridge = (await world.PostAsync("bridges", "{}")).Headers.Location.ToString().Split('/')[^1];
        world.Exchange.Answers = static command => new CallReply(command is CallCommand.Sound ? CallRefusal.Congestion : CallRefusal.None, null);

        var refused = await world.PostAsync($"bridges/{bridge}", $$"""{"callIds":["{{CatapultId.Of(Live.Legs[0].Id)}}"]}""");

        Assert.Equal((503, "unavailable", "bridge-update-error"), (refused.Status, refused.Json.GetProperty("category").GetString(), refused.Code));
        Assert.Equal(("bridgeId", bridge), (refused.Json.GetProperty("details")[0].GetProperty("name").GetString(), refused.Json.GetProperty("details")[0].GetProperty("value").GetString()));
    }

    [Fact]
    public async Task Of_two_changes_at_once_the_second_is_a_conflict()
    {
        var (forRequest, forBridge) = (new Slow(), new Slow());
        var world = new CatapultWorld { Bridges = _bridges, OtherHistory = forRequest };
        _bridges.Start(new FakeExchange(), forBridge);
        var bridge = _bridges.Create("crm", audio: true)!.Id;
        var id = CatapultId.Of(Live.Legs[0].Id);
        await _bridges.SetAsync(bridge, null, [id], CancellationToken.None);

        // The request has seen the bridge, and looks for its call while another change begins.
        forRequest.Hold();
        var request = world.PostAsync($"bridges/{bridge}", $$"""{"callIds":["{{id}}"]}""");
        await forRequest.Asked.Task.WaitAsync(Eventually.Deadline);
        forBridge.Hold();
        var change = _bridges.SetAsync(bridge, false, null, CancellationToken.None).AsTask();
        forRequest.Release();
        var refused = await request;
        forBridge.Release();

        Assert.Equal((409, "conflict", "bridge-update-conflict"), (refused.Status, refused.Json.GetProperty("category").GetString(), refused.Code));
        Assert.Equal(CatapultBridging.Done, await change);
    }

    /// <summary>Knows one call, and tells of it when it may.</summary>
    private sealed class Slow : ICallHistory
    {
        private TaskCompletionSource? _held;

        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Hold() => _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Release() => _held!.SetResult();

        public async ValueTask<Call?> FindAsync(CallId id, CancellationToken cancellation)
        {
            if (_held is { } wait)
            {
                Asked.TrySetResult();
                await wait.Task;
            }
            return Live;
        }

        public ValueTask<CallPage> QueryAsync(CallQuery query, CancellationToken cancellation) => throw new NotSupportedException();

        public CallId LastId() => default;
    }

    private sealed class Shelf : ICatapultBridgeStore
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
