using System.Text.Json.Nodes;
using Switchhook.Media.Codecs;

namespace Switchhook.Benchmarks.Load;

/// <summary>Conferences: the first legs of each room send a tone of their own, all hear the others.</summary>
internal static class ConferenceScene
{
    public static async Task RunAsync(LoadOptions options, LoadCalls calls)
    {
        var (perRoom, speaking) = (options.Calls ?? 100, options.Speaking ?? 20);
        var legs = new List<RtpLeg>();
        var sipIds = new List<string>();
        for (var i = 0; i < options.Rooms * perRoom; i++)
        {
            var (call, leg) = await calls.CallAsync("200", AudioCodec.Pcmu, i % perRoom < speaking ? 300 + (i % perRoom * 70) : 0);
            legs.Add(leg);
            sipIds.Add(call.CallId);
        }
        var ids = await calls.IdsAsync();
        for (var i = 0; i < legs.Count; i++)
        {
            var answer = await calls.Api.PostAsync($"calls/{ids[sipIds[i]]}/conference", new JsonObject { ["action"] = "join", ["room"] = $"room{i / perRoom}", ["signals"] = false });
            if (answer.Status != 200) throw new InvalidOperationException($"A leg cannot join: {answer.Status} {answer.Text}");
        }

        await LoadWindow.MeasureAsync($"{options.Rooms} conferences of {perRoom}, {speaking} speaking", options, calls.Audio, legs, legs.Count, "leg");
        await calls.Audio.DoAsync(() => Console.WriteLine($"  hear the others  {Enumerable.Range(0, legs.Count).Count(i => HearsOthers(legs, i, perRoom, speaking))} of {legs.Count}, and not themselves"));
    }

    /// <summary>Every other speaker's tone has its part in what the leg hears, a quarter of an equal one at least; its own has none.</summary>
    private static bool HearsOthers(List<RtpLeg> legs, int index, int perRoom, int speaking)
    {
        var (leg, first) = (legs[index], index / perRoom * perRoom);
        var others = legs.GetRange(first, speaking).Where(l => l != leg).ToList();
        return others.All(o => leg.ShareOf(o.ToneHz) > 0.25 / others.Count) && (leg.ToneHz == 0 || leg.ShareOf(leg.ToneHz) < 0.05 / others.Count);
    }
}
