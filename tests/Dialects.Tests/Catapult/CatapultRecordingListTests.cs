using Switchhook.Calls;
using Switchhook.Calls.Ports;

namespace Switchhook.Dialects.Tests.Catapult;

/// <summary>An account's recordings among many.</summary>
public sealed class CatapultRecordingListTests
{
    [Fact]
    public async Task A_recording_is_found_however_many_newer_ones_others_have_and_pages_go_on_behind_it()
    {
        var world = new CatapultWorld { Recordings = new Shelf(12_000, own: [3, 7_000, 11_999]) };

        var first = await world.GetAsync("recordings?size=2");
        var second = await world.GetAsync("recordings?size=2&page=1");
        var third = await world.GetAsync("recordings?size=2&page=2");

        Assert.Equal((2, 1, 0), (first.Json.GetArrayLength(), second.Json.GetArrayLength(), third.Json.GetArrayLength()));
        Assert.Contains("rel=\"next\"", first.Headers["Link"].ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("rel=\"next\"", second.Headers["Link"].ToString(), StringComparison.Ordinal);
        Assert.Equal(3, first.Json.EnumerateArray().Concat(second.Json.EnumerateArray()).Select(static r => r.GetProperty("id").GetString()).Distinct().Count());
    }

    /// <summary>A recording of each of so many calls, the account's own and another's.</summary>
    private sealed class Shelf(int calls, HashSet<long> own) : IRecordingShelf
    {
        public IReadOnlyList<KeptRecording> Of(CallId call) =>
            [new KeptRecording(call, 1, 1, "finished", CatapultWorld.Start, TimeSpan.FromSeconds(2), ["wav"]) { Accounts = [own.Contains(call.Value) ? "crm" : "other"] }];

        public IReadOnlyList<CallId> Calls(CallId? before, int most)
        {
            var newest = before is { } known ? known.Value - 1 : calls;
            return [.. Enumerable.Range(0, (int)Math.Min(most, newest)).Select(i => new CallId(newest - i))];
        }

        public Stream? Open(CallId call, int number, string format) => null;

        public bool Delete(CallId call, int number, string format) => false;

        public string? Playable(CallId call, int number, string format) => null;
    }
}
