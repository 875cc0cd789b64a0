using System.Collections.Concurrent;
using Switchhook.Calls.Ports;
using Switchhook.Exchange.Prompts;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Timing;

namespace Switchhook.Exchange.Tests.Prompts;

public sealed class UrlPromptsTests : IHttpCaller
{
    private const string Url = "http://media.test/sounds/hello.wav?v=1";

    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch);
    private readonly ConcurrentQueue<HttpCall> _asked = new();
    private readonly UrlPrompts _prompts;
    private Func<HttpCall, Task<HttpReply>> _server = _ => Task.FromResult(Wav(0.1));

    public UrlPromptsTests() => _prompts = new UrlPrompts(this, _time);

    public async ValueTask<HttpReply> SendAsync(HttpCall call, CancellationToken cancellation)
    {
        _asked.Enqueue(call);
        return await _server(call);
    }

    [Fact]
    public async Task The_audio_behind_an_address_is_fetched_with_a_GET_and_played()
    {
        var reply = await _prompts.LoadAsync(Url, default);

        Assert.Null(reply.Error);
        Assert.Equal(TimeSpan.FromMilliseconds(100), reply.Prompt!.Length);
        Assert.Equal(("GET", Url), (Assert.Single(_asked).Method, _asked.Single().Url));
    }

    [Fact]
    public async Task What_has_not_changed_is_asked_about_by_tag_and_date_and_not_sent_again()
    {
        _server = _ => Task.FromResult(Wav(0.1) with { ETag = "\"a1\"", LastModified = "Sat, 21 Nov 2026 05:00:00 GMT" });
        var first = await _prompts.LoadAsync(Url, default);
        _server = _ => Task.FromResult(new HttpReply(304, default, HttpFailure.None, null));

        var (second, third) = (await _prompts.LoadAsync(Url, default), await _prompts.LoadAsync(Url, default));

        Assert.Same(first.Prompt, second.Prompt);
        Assert.Same(first.Prompt, third.Prompt);
        Assert.All(_asked.Skip(1), call =>
        {
            Assert.Contains(new("If-None-Match", "\"a1\""), call.Headers);
            Assert.Contains(new("If-Modified-Since", "Sat, 21 Nov 2026 05:00:00 GMT"), call.Headers);
        });
    }

    [Fact]
    public async Task What_has_changed_is_played_as_it_is_now()
    {
        await _prompts.LoadAsync(Url, default);
        _server = _ => Task.FromResult(Wav(0.3));

        Assert.Equal(TimeSpan.FromMilliseconds(300), (await _prompts.LoadAsync(Url, default)).Prompt!.Length);
    }

    [Fact]
    public async Task What_is_fresh_is_not_asked_about_until_its_time_is_over()
    {
        _server = _ => Task.FromResult(Wav(0.1) with { FreshFor = TimeSpan.FromSeconds(60) });
        await _prompts.LoadAsync(Url, default);

        _time.Advance(TimeSpan.FromSeconds(59));
        await _prompts.LoadAsync(Url, default);
        var before = _asked.Count;
        _time.Advance(TimeSpan.FromSeconds(2));
        await _prompts.LoadAsync(Url, default);

        Assert.Equal((1, 2), (before, _asked.Count));
    }

    [Theory]
    [InlineData(500, HttpFailure.None)]
    [InlineData(0, HttpFailure.CannotConnect)]
    public async Task While_the_server_fails_what_is_kept_is_played(int status, HttpFailure failure)
    {
        var first = await _prompts.LoadAsync(Url, default);
        _server = _ => Task.FromResult(new HttpReply(status, default, failure, null));

        Assert.Same(first.Prompt, (await _prompts.LoadAsync(Url, default)).Prompt);
    }

    [Fact]
    public async Task What_may_not_be_kept_is_not()
    {
        _server = _ => Task.FromResult(Wav(0.1) with { MayKeep = false, ETag = "\"a1\"" });
        await _prompts.LoadAsync(Url, default);
        _server = _ => Task.FromResult(new HttpReply(503, default, HttpFailure.None, null));

        Assert.Equal($"'{Url}' cannot be fetched: HTTP 503", (await _prompts.LoadAsync(Url, default)).Error);
    }

    [Theory]
    [InlineData(404, HttpFailure.None, "HTTP 404")]
    [InlineData(0, HttpFailure.AddressNotAllowed, "AddressNotAllowed")]
    [InlineData(0, HttpFailure.TooLarge, "TooLarge")]
    public async Task Why_it_cannot_be_fetched_is_named(int status, HttpFailure failure, string why)
    {
        _server = _ => Task.FromResult(new HttpReply(status, default, failure, null));

        Assert.Equal($"'{Url}' cannot be fetched: {why}", (await _prompts.LoadAsync(Url, default)).Error);
    }

    [Fact]
    public async Task A_page_in_the_place_of_audio_is_named_and_not_kept()
    {
        _server = _ => Task.FromResult(new HttpReply(200, "<html>not here</html>"u8.ToArray(), HttpFailure.None, null));

        Assert.Contains("cannot be played", (await _prompts.LoadAsync(Url, default)).Error, StringComparison.Ordinal);
        Assert.Contains("cannot be played", (await _prompts.LoadAsync(Url, default)).Error, StringComparison.Ordinal);
        Assert.Equal(2, _asked.Count);
    }

    [Fact]
    public async Task Calls_that_ask_at_the_same_time_share_one_fetch_and_one_that_gives_up_ends_it_for_nobody()
    {
        var answer = new TaskCompletionSource<HttpReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        _server = _ => answer.Task;
        using var gone = new CancellationTokenSource();

        var first = _prompts.LoadAsync(Url, gone.Token).AsTask();
        var others = Enumerable.Range(0, 20).Select(_ => _prompts.LoadAsync(Url, default).AsTask()).ToList();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        answer.SetResult(Wav(0.1));

        Assert.All(await Task.WhenAll(others), r => Assert.NotNull(r.Prompt));
        Assert.Single(_asked);
    }

    [Fact]
    public async Task Many_addresses_do_not_grow_without_bound()
    {
        for (var i = 0; i < 300; i++)
            await _prompts.LoadAsync($"http://media.test/{i}.wav", default);
        _server = _ => Task.FromResult(new HttpReply(503, default, HttpFailure.None, null));
        var kept = 0;
        for (var i = 0; i < 300; i++)
            kept += (await _prompts.LoadAsync($"http://media.test/{i}.wav", default)).Prompt is null ? 0 : 1;

        Assert.Equal(256, kept);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_looked_at_before_it_is_played_is_asked_for_once(bool mayKeep)
    {
        _server = _ => Task.FromResult(Wav(0.1) with { MayKeep = mayKeep });

        var looked = await _prompts.PrepareAsync(Url, default);
        var played = await _prompts.LoadAsync(Url, default);
        var before = _asked.Count;
        await _prompts.LoadAsync(Url, default);

        Assert.Same(looked.Prompt, played.Prompt);
        Assert.Equal((1, 2), (before, _asked.Count));
    }

    [Fact]
    public async Task What_was_looked_at_is_good_for_a_moment_and_whoever_looks_again_sees_what_is_there_now()
    {
        await _prompts.PrepareAsync(Url, default);
        _server = _ => Task.FromResult(Wav(0.3));

        var again = await _prompts.PrepareAsync(Url, default);
        _time.Advance(TimeSpan.FromSeconds(6));
        var later = await _prompts.LoadAsync(Url, default);

        Assert.Equal((300, 300), (again.Prompt!.Length.TotalMilliseconds, later.Prompt!.Length.TotalMilliseconds));
        Assert.Equal(3, _asked.Count);
    }

    [Fact]
    public async Task What_cannot_be_played_is_asked_for_again()
    {
        _server = _ => Task.FromResult(new HttpReply(404, default, HttpFailure.None, null));
        Assert.Null((await _prompts.PrepareAsync(Url, default)).Prompt);
        _server = _ => Task.FromResult(Wav(0.1));

        Assert.NotNull((await _prompts.LoadAsync(Url, default)).Prompt);
    }

    private static HttpReply Wav(double seconds) => new(200, WavFiles.Sine(seconds), HttpFailure.None, null);
}
