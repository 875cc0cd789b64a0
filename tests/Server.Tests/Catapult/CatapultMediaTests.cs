using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Switchhook.TestKit.Rtp;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Catapult;

/// <summary>Files of an account, and recordings of its calls, over the whole server.</summary>
[Collection(CatapultLabCollection.Name)]
public sealed class CatapultMediaTests(CatapultLab lab)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private CatapultApi Catapult => lab.Catapult;

    [Fact]
    public async Task A_file_is_uploaded_listed_fetched_replaced_and_deleted()
    {
        var first = await PutAsync("greeting 1.txt", "hello", "text/plain; charset=utf-8");
        var listed = await Catapult.GetAsync("media");
        var fetched = await Catapult.GetAsync("media/greeting%201.txt");
        var second = await PutAsync("greeting 1.txt", "again", null);
        var replaced = await Catapult.GetAsync("media/greeting%201.txt");
        var deleted = await Catapult.DeleteAsync("media/greeting%201.txt");
        var gone = await Catapult.GetAsync("media/greeting%201.txt");

        Assert.Equal((200, "", null), (first.Status, first.Text, first.ContentType));
        var entry = listed.Json.EnumerateArray().Single(m => m.GetProperty("mediaName").GetString() == "greeting 1.txt");
        Assert.Equal(5, entry.GetProperty("contentLength").GetInt32());
        Assert.EndsWith($"/v1/users/{CatapultLab.User}/media/greeting%201.txt", entry.GetProperty("content").GetString(), StringComparison.Ordinal);
        Assert.Equal((200, "text/plain; charset=utf-8", "hello"), (fetched.Status, fetched.ContentType, fetched.Text));
        Assert.Equal((200, "application/octet-stream", "again"), (second.Status, replaced.ContentType, replaced.Text));
        Assert.Equal((200, ""), (deleted.Status, deleted.Text));
        Assert.Equal((404, "media-not-found"), (gone.Status, gone["code"]));
    }

    [Fact]
    public async Task Each_user_has_files_of_its_own_and_no_name_leads_to_others()
    {
        await PutAsync("mine.txt", "mine", null);

        Assert.Equal(404, (await lab.Other.GetAsync("media/mine.txt")).Status);
        Assert.Equal(404, (await lab.Other.DeleteAsync("media/mine.txt")).Status);
        Assert.DoesNotContain("mine.txt", (await lab.Other.GetAsync("media")).Text, StringComparison.Ordinal);
        foreach (var name in (string[])["..%2Fmine.txt", "..%5Cmine.txt", ".hidden", "a%00b", "%2Fetc%2Fpasswd"])
        {
            Assert.NotEqual(200, (await PutAsync(name, "x", null)).Status);
            Assert.True((await Catapult.GetAsync($"media/{name}")).Status is 400 or 404, name);
        }
        Assert.Equal("mine", (await Catapult.GetAsync("media/mine.txt")).Text);
    }

    [Fact]
    public async Task An_upload_says_how_large_it_is_and_is_not_larger_than_may_be()
    {
        using var chunked = new StringContent("x");
        chunked.Headers.ContentLength = null;
        var unsaid = await RawAsync("Transfer-Encoding: chunked", "1\r\nx\r\n0\r\n\r\n");
        var large = await RawAsync($"Content-Length: {(65L << 20) + 1}", "");
        var fits = await PutAsync("one-mebibyte", new string('a', 1 << 20), null);

        Assert.Contains("400 Bad Request", unsaid, StringComparison.Ordinal);
        Assert.Contains("The media size must be specified by the 'Content-Length' header", unsaid, StringComparison.Ordinal);
        Assert.Contains("403 Forbidden", large, StringComparison.Ordinal);
        Assert.Contains("media-size-overflow", large, StringComparison.Ordinal);
        Assert.Contains("The media size '68157441' bytes is larger than the maximum '68157440' bytes", large, StringComparison.Ordinal);
        Assert.Equal(200, fits.Status);
        await Catapult.DeleteAsync("media/one-mebibyte");
    }

    [Fact]
    public async Task A_file_of_the_account_s_own_is_played_by_its_address_and_nobody_else_s()
    {
        using var wav = new ByteArrayContent(WavFiles.Sine(1.5, 800));
        await Catapult.SendAsync(HttpMethod.Put, "media/own.wav", wav);
        await using var probe = new RtpProbe();
        var (id, offered) = await AnsweredAsync(probe, new { });

        var foreign = await Catapult.PostAsync($"calls/{id}/audio", new { fileUrl = $"{lab.Server.Http}v1/users/{CatapultLab.OtherUser}/media/own.wav" });
        var played = await Catapult.PostAsync($"calls/{id}/audio", new { fileUrl = $"{lab.Server.Http}v1/users/{CatapultLab.User}/media/own.wav" });
        await probe.HearToneAsync(800, Deadline);
        await offered.HangUpAsync();

        Assert.NotEqual(200, foreign.Status);
        Assert.Equal(200, played.Status);
    }

    [Fact]
    public async Task A_recorded_call_tells_its_recording_which_is_listed_and_can_be_played()
    {
        await using var probe = new RtpProbe();
        var (id, offered) = await AnsweredAsync(probe, new { recordingEnabled = "true", tag = "r" });
        await Eventually.GetAsync(() => Catapult.GetAsync($"calls/{id}/recordings"), r => r.Text.Contains("\"recording\"", StringComparison.Ordinal), "the recording under way", Deadline);
        await probe.SendToneAsync(1000, TimeSpan.FromSeconds(1));

        var stopped = await Catapult.PostAsync($"calls/{id}", new { recordingEnabled = false });
        var told = await lab.EventAsync("recording", id);
        var playing = await Catapult.PostAsync($"calls/{id}/audio", new { fileUrl = $"{lab.Server.Http}v1/users/{CatapultLab.User}/media/{id}-1.wav" });
        await probe.HearToneAsync(1000, Deadline);
        await offered.HangUpAsync();
        var recording = await Catapult.GetAsync(CatapultLab.Of(told, "recordingUri"));
        var paged = await Catapult.GetAsync("recordings?size=1");
        var empty = await Catapult.GetAsync($"recordings/{recording["id"]}/transcriptions");

        Assert.Equal((200, 200), (stopped.Status, playing.Status));
        Assert.Equal(("complete", "complete"), (CatapultLab.Of(told, "state"), CatapultLab.Of(told, "status")));
        Assert.Equal("complete", recording["state"]);
        Assert.NotEqual("", recording["endTime"]);
        Assert.Equal(1, paged.Json.GetArrayLength());
        Assert.Equal("[]", empty.Text);
        Assert.Equal((404, "recording-not-found"), ((await Catapult.GetAsync("recordings/rec-aaaaaaaaaaaaaaaaaaaaaaaa")).Status, (await Catapult.GetAsync("recordings/rec-x"))["code"]));
    }

    private async Task<CatapultAnswer> PutAsync(string name, string text, string? contentType)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        if (contentType is not null)
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        return await Catapult.SendAsync(HttpMethod.Put, $"media/{(name.Contains('%', StringComparison.Ordinal) ? name : Uri.EscapeDataString(name))}", content);
    }

    /// <summary>A PUT as no client would send it; the answer as it came.</summary>
    private async Task<string> RawAsync(string header, string body)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(lab.Server.Http.Host, lab.Server.Http.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{CatapultLab.Token}:{CatapultLab.Secret}"));
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"PUT /v1/users/{CatapultLab.User}/media/raw HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Basic {credentials}\r\n{header}\r\n\r\n{body}"),
            TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Deadline, TestContext.Current.CancellationToken);
    }

    private async Task<(string Id, ScriptedCall Offered)> AnsweredAsync(RtpProbe probe, object more)
    {
        var number = lab.NextNumber();
        var body = more.GetType().GetProperties().ToDictionary(p => p.Name, p => p.GetValue(more));
        (body["from"], body["to"], body["callbackUrl"]) = (CatapultLab.Own, number, $"{lab.App.Url}/events");
        var created = await Catapult.PostAsync("calls", body);
        var offered = await lab.Carrier.IncomingAsync(m => m.RequestUri.Contains(number, StringComparison.Ordinal), Deadline);
        await offered.AnswerAsync(Sdp.Audio(probe.Local));
        probe.Remote = Sdp.AudioEndpoint(offered.RemoteSdp);
        // The first to send is the one whose audio is taken; nobody else's left-over packets are to be.
        await probe.SendToneAsync(0, TimeSpan.FromMilliseconds(40));
        await lab.EventAsync("answer", created.Id);
        return (created.Id, offered);
    }
}
