using System.Globalization;
using Switchhook.Media.Codecs;

namespace Switchhook.Benchmarks.Load;

/// <summary>Calls of two legs, G.711 on one side and Opus on the other, both speaking; beside it what the codecs alone take on this core.</summary>
internal static class TranscodeScene
{
    private const int CallerHz = 500;
    private const int CalleeHz = 700;

    public static async Task RunAsync(LoadOptions options, LoadCalls calls)
    {
        var legs = new List<RtpLeg>();
        var count = options.Calls ?? 20;
        var bare = BareCall();
        for (var i = 0; i < count; i++)
        {
            var (_, caller, callee) = await calls.JoinAsync("300", AudioCodec.Pcmu, CallerHz, AudioCodec.Opus, CalleeHz);
            legs.AddRange([caller, callee]);
        }
        await LoadWindow.MeasureAsync($"{count} calls G.711 to Opus", options, calls.Audio, legs, count, "call");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  codecs alone     {bare:0.000} % of this core a call"));
        await calls.Audio.DoAsync(() => Console.WriteLine($"  hear each other  {legs.Count(l => l.ShareOf(l.ToneHz == CallerHz ? CalleeHz : CallerHz) > 0.8)} of {legs.Count} legs"));
    }

    /// <summary>Percent of a core that one call's encoding and decoding take, both ways.</summary>
    private static double BareCall()
    {
        const int frames = 3_000;
        var (g711, opus) = (Tones.Of(AudioCodec.Pcmu, CallerHz), Tones.Of(AudioCodec.Opus, CalleeHz));
        using var fromG711 = AudioCodecs.CreateDecoder(AudioCodec.Pcmu);
        using var toG711 = AudioCodecs.CreateEncoder(AudioCodec.Pcmu);
        using var fromOpus = AudioCodecs.CreateDecoder(AudioCodec.Opus);
        using var toOpus = AudioCodecs.CreateEncoder(AudioCodec.Opus);
        var (narrow, wide, payload) = (new short[160], new short[320], new byte[AudioCodecs.MostFrameOctets]);
        var began = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < frames; i++)
        {
            _ = fromG711.Decode(g711[i % g711.Length], narrow);
            // Doubled without a filter: resampling is the server's own matter, the encoder's time hardly depends on it.
            for (var s = 0; s < narrow.Length; s++) wide[2 * s] = wide[(2 * s) + 1] = narrow[s];
            _ = toOpus.Encode(wide, payload);
            _ = fromOpus.Decode(opus[i % opus.Length], wide);
            _ = toG711.Encode(narrow, payload);
        }
        return (Environment.CpuUsage.TotalTime - began).TotalMilliseconds / (frames * 20) * 100;
    }
}
