using System.Text;
using Switchhook.Dialects.Ozeki;
using Switchhook.Dialects.Ozeki.Wire;

namespace Switchhook.Dialects.Tests.Ozeki;

/// <summary>What <c>RecordURL</c> leads to.</summary>
public class OzekiRecordingsTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(static n => (byte)n)];

    private static string Name => $"{OzekiWorld.First}-1.mp3";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_address_that_was_told_needs_no_credentials(bool classic)
    {
        var told = OzekiRecordings.Address("http://pbx.test:9509/", Key, Name);

        var answer = await World(classic).SendAsync("GET", new Uri(told).AbsolutePath);

        Assert.StartsWith("http://pbx.test:9509/recordings/", told, StringComparison.Ordinal);
        Assert.EndsWith($"/{Name}", told, StringComparison.Ordinal);
        Assert.Equal((200, "audio/mpeg", $"sound of {Name}"), answer);
    }

    [Fact]
    public async Task The_head_of_a_recording_has_its_length_alone()
    {
        var answer = await World().SendAsync("HEAD", PathOf(Name));

        Assert.Equal((200, "audio/mpeg", ""), answer);
    }

    [Fact]
    public async Task Any_other_address_is_a_bare_404()
    {
        var told = PathOf(Name);
        var world = World();
        string[] guesses =
        [
            told.Replace("-1.mp3", "-2.mp3", StringComparison.Ordinal), told.Replace(".mp3", ".wav", StringComparison.Ordinal), told + "/", told.ToUpperInvariant(),
            $"/recordings/{Name}", $"/recordings//{Name}", $"/recordings/{new string('0', 32)}/{Name}", "/recordings/", $"/recordings/{new string('0', 31)}é/{Name}",
        ];

        foreach (var guess in guesses)
            Assert.Equal((404, null, ""), await world.SendAsync("GET", guess));
    }

    [Theory]
    [InlineData("../../switchhook.db")]
    [InlineData("x-1.mp3")]
    [InlineData("recordings-key.json")]
    public async Task No_other_file_is_ever_sent(string file)
    {
        var answer = await World().SendAsync("GET", PathOf(file));

        Assert.Equal(404, answer.Status);
    }

    [Fact]
    public async Task A_recording_that_is_gone_is_404_and_another_method_405()
    {
        var world = new OzekiWorld { Options = new OzekiOptions { RecordingKey = Key } };

        Assert.Equal(404, (await world.SendAsync("GET", PathOf(Name))).Status);
        Assert.Equal(405, (await world.SendAsync("POST", PathOf(Name))).Status);
    }

    [Fact]
    public async Task Without_a_key_none_is_served()
    {
        var world = new OzekiWorld { Options = new OzekiOptions { OpenRecording = Open } };

        Assert.Equal(404, (await world.SendAsync("GET", new Uri(OzekiRecordings.Address("http://a.test", [], Name)).AbsolutePath)).Status);
    }

    [Fact]
    public async Task An_address_that_may_not_send_commands_gets_no_recording_either()
    {
        var world = new OzekiWorld { Options = new OzekiOptions { RecordingKey = Key, OpenRecording = Open, Deny = [System.Net.IPNetwork.Parse("127.0.0.0/8")] } };

        Assert.Equal(404, (await world.SendAsync("GET", PathOf(Name))).Status);
    }

    private static OzekiWorld World(bool classic = false) => new() { IsClassic = classic, Options = new OzekiOptions { RecordingKey = Key, OpenRecording = Open } };

    private static string PathOf(string file) => OzekiRecordings.Address("http://a.test", Key, file)["http://a.test".Length..];

    private static MemoryStream Open(string file) => new(Encoding.UTF8.GetBytes($"sound of {file}"));
}
