using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Commands;

namespace Switchhook.Dialects.Tests.Hoiio;

/// <summary>Hold is the call's own: what this dialect holds every other sees held, and the other way round.</summary>
public sealed class HoiioHoldTests : IAsyncDisposable
{
    private const string Next = HoiioWorld.Url + "/next";
    private readonly HoiioWorld _world = new();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Hold_and_unhold_hold_the_call_itself_while_the_music_of_the_block_plays()
    {
        var session = await _world.ReadyAsync();

        await _world.StatusAsync("ivr/middle/hold", ("session", session), ("msg", "Please wait"));
        _world.Held(session);
        await _world.StatusAsync("ivr/middle/unhold", ("session", session), ("notify_url", Next));
        _world.Unheld(session);
        await _world.PlayedAsync(session, PlaybackEnding.Stopped);

        Assert.Equal(["Play", "Hold", "Unhold", "StopPlaying"], Carried());
        Assert.Equal(["dial ongoing", "unhold ongoing"], _world.Heads);
    }

    [Fact]
    public async Task What_another_dialect_holds_is_on_hold_here_and_brought_back_by_unhold()
    {
        var session = await _world.ReadyAsync();

        _world.Held(session);
        var play = await _world.StatusAsync("ivr/middle/play", ("session", session), ("msg", "x"));
        var unhold = await _world.StatusAsync("ivr/middle/unhold", ("session", session), ("notify_url", Next));

        Assert.Equal(("error_session_not_ready", "success_ok"), (play, unhold));
        await _world.CommandAsync<CallCommand.Unhold>("the call is brought back");
    }

    [Fact]
    public async Task What_another_dialect_brings_back_hears_no_music_any_more_and_is_not_on_hold_here()
    {
        var session = await _world.ReadyAsync();
        await _world.StatusAsync("ivr/middle/hold", ("session", session));
        _world.Held(session);

        _world.Unheld(session);
        await _world.OrderAsync<AudioOrder.StopPlaying>(session);
        await _world.PlayedAsync(session, PlaybackEnding.Stopped);
        var unhold = await _world.StatusAsync("ivr/middle/unhold", ("session", session));
        var play = await _world.StatusAsync("ivr/middle/play", ("session", session), ("msg", "x"), ("notify_url", Next));

        Assert.Equal(("error_session_not_on_hold", "success_ok"), (unhold, play));
        Assert.Equal(["dial ongoing"], _world.Heads);
    }

    [Fact]
    public async Task A_call_of_another_dialect_that_is_held_already_is_a_session_on_hold()
    {
        var session = _world.Foreign("crm");
        _world.Held(session);

        var play = await _world.StatusAsync("ivr/middle/play", ("session", session), ("msg", "x"));
        var unhold = await _world.StatusAsync("ivr/middle/unhold", ("session", session), ("notify_url", Next));

        Assert.Equal(("error_session_not_ready", "success_ok"), (play, unhold));
    }

    private IEnumerable<string> Carried() => _world.Asked
        .Where(c => c is CallCommand.Sound or CallCommand.Hold or CallCommand.Unhold)
        .Select(c => c is CallCommand.Sound sound ? sound.Order.GetType().Name : c.GetType().Name);
}
