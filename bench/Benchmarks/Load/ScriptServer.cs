using System.Net;
using System.Text;
using Switchhook.TestKit.Rtp;

namespace Switchhook.Benchmarks.Load;

/// <summary>The web server behind extension 500 of <c>bench/provision.json</c>: one script for every call, and two prompts.</summary>
internal sealed class ScriptServer : IAsyncDisposable
{
    public const int LowHz = 440;
    public const int HighHz = 1_000;
    public const string Low = "http://127.0.0.1:7500/low.wav";
    public const string High = "http://127.0.0.1:7500/high.wav";

    private const int PromptSeconds = 180;

    private readonly HttpListener _listener = new();
    private readonly byte[] _low = WavFiles.Sine(PromptSeconds, LowHz);
    private readonly byte[] _high = WavFiles.Sine(PromptSeconds, HighHz);
    private readonly Task _serving;

    public ScriptServer()
    {
        _listener.Prefixes.Add("http://127.0.0.1:7500/");
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>What the calls do: the elements inside the root.</summary>
    public string Script { get; set; } = "";

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                var asked = await _listener.GetContextAsync();
                var (type, body) = asked.Request.Url!.AbsolutePath switch
                {
                    "/low.wav" => ("audio/wav", _low),
                    "/high.wav" => ("audio/wav", _high),
                    _ => ("application/xml", Encoding.UTF8.GetBytes($"<?xml version=\"1.0\"?>\n<Response>{Script}</Response>")),
                };
                (asked.Response.ContentType, asked.Response.ContentLength64) = (type, body.Length);
                if (type == "audio/wav") asked.Response.Headers["Cache-Control"] = "max-age=3600";
                await asked.Response.OutputStream.WriteAsync(body);
                asked.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                if (!_listener.IsListening) return;
            }
        }
    }
}
