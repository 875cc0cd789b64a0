using System.Text.Json.Nodes;
using Switchhook.Media.Codecs;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Timing;

namespace Switchhook.Benchmarks.Load;

/// <summary>Calls of two G.711 legs, both speaking: relayed alone first, then recorded, both sides into one WAV file each.</summary>
internal static class RecordScene
{
    private const int CallerHz = 500;
    private const int CalleeHz = 700;
    private const int Checked = 5;

    public static async Task RunAsync(LoadOptions options, LoadCalls calls)
    {
        var legs = new List<RtpLeg>();
        var ids = new List<string>();
        var count = options.Calls ?? 200;
        for (var i = 0; i < count; i++)
        {
            var (id, first, second) = await calls.PlaceAsync("300", AudioCodec.Pcmu, CallerHz, CalleeHz);
            legs.AddRange([first, second]);
            ids.Add(id);
        }
        await LoadWindow.MeasureAsync("calls relayed", options, calls.Audio, legs, count, "call");

        await EachAsync(calls, ids, new JsonObject { ["action"] = "start", ["sides"] = "both" });
        await LoadWindow.MeasureAsync("calls recorded", options, calls.Audio, legs, count, "call");
        await EachAsync(calls, ids, new JsonObject { ["action"] = "stop" });
        var good = 0;
        foreach (var id in ids.Take(Checked)) good += await HasBothAsync(calls, id) ? 1 : 0;
        Console.WriteLine($"  files            {good} of {Math.Min(Checked, count)} looked into have both parties' tones; 16,000 octets a second each");
    }

    private static async Task EachAsync(LoadCalls calls, List<string> ids, JsonObject body)
    {
        foreach (var id in ids)
        {
            var answer = await calls.Api.PostAsync($"calls/{id}/record", body.DeepClone());
            if (answer.Status != 200) throw new InvalidOperationException($"No recording: {answer.Status} {answer.Text}");
        }
    }

    private static async Task<bool> HasBothAsync(LoadCalls calls, string id)
    {
        var recording = $"recordings/{id}-1";
        _ = await Eventually.GetAsync(() => calls.Api.GetAsync(recording), a => a.Text.Contains("\"finished\"", StringComparison.Ordinal), "a finished recording");
        var samples = WavFiles.Read(await calls.Api.DownloadAsync(new Uri(calls.Api.Address, $"/switchhook/v1/{recording}/audio?format=wav").ToString()));
        return Goertzel.BestShare(samples, CallerHz) > 0.3 && Goertzel.BestShare(samples, CalleeHz) > 0.3;
    }
}
