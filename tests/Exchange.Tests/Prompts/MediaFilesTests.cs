using Switchhook.Calls.Ports;
using Switchhook.Exchange.Prompts;
using Switchhook.TestKit.Programs;

namespace Switchhook.Exchange.Tests.Prompts;

public sealed class MediaFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly MediaFiles _files;

    public MediaFilesTests()
    {
        Directory.CreateDirectory(_folder.At("recordings/kept"));
        Directory.CreateDirectory(_folder.At("prompts"));
        Directory.CreateDirectory(_folder.At("secrets"));
        foreach (var file in (string[])["recordings/a.wav", "prompts/hello.wav", "secrets/key.pem"])
            File.WriteAllText(_folder.At(file), "x");
        File.CreateSymbolicLink(_folder.At("recordings/link.pem"), _folder.At("secrets/key.pem"));
        Directory.CreateSymbolicLink(_folder.At("prompts/out"), _folder.At("secrets"));
        _files = new MediaFiles(_folder.At("recordings"), _folder.At("prompts"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_of_the_recordings_lists_its_audio_oldest_first_and_has_one_for_the_old()
    {
        var start = new DateTime(2026, 5, 6, 14, 2, 11, DateTimeKind.Utc);
        Directory.CreateDirectory(_folder.At("recordings/kept/older"));
        foreach (var (file, minute) in new[] { ("b.mp3", 2), ("c.wav", 1), ("note.json", 0), ("older/d.wav", 0) })
        {
            File.WriteAllText(_folder.At($"recordings/kept/{file}"), "x");
            File.SetLastWriteTimeUtc(_folder.At($"recordings/kept/{file}"), start.AddMinutes(minute));
        }

        var listed = _files.List("kept", "old");

        Assert.Equal([new("c.wav", start.AddMinutes(1)), new("b.mp3", start.AddMinutes(2))], listed);
        Assert.True(Directory.Exists(_folder.At("recordings/kept/old")));
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("../prompts")]
    [InlineData("../secrets")]
    [InlineData("a.wav")]
    [InlineData("way/out")]
    [InlineData("")]
    public void Any_other_folder_has_none_and_nothing_is_made_in_it(string folder)
    {
        Directory.CreateDirectory(_folder.At("recordings/way"));
        Directory.CreateSymbolicLink(_folder.At("recordings/way/out"), _folder.At("secrets"));
        File.WriteAllText(_folder.At("secrets/secret.wav"), "x");

        Assert.Empty(_files.List(folder, "old"));

        Assert.Empty(Directory.GetDirectories(_folder.Path, "old", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("a.wav", "recordings/a.wav")]
    [InlineData("hello.wav", "prompts/hello.wav")]
    [InlineData("kept/../a.wav", "recordings/a.wav")]
    public void A_file_of_the_directories_is_deleted(string name, string file)
    {
        Assert.Equal(MediaFileOutcome.Done, _files.Delete(name));

        Assert.False(File.Exists(_folder.At(file)));
    }

    [Theory]
    [InlineData("../secrets/key.pem")]
    [InlineData("link.pem")]
    [InlineData("out/key.pem")]
    [InlineData("kept/../../secrets/key.pem")]
    [InlineData("kept")]
    [InlineData("nothing.wav")]
    [InlineData("")]
    [InlineData("a\0.wav")]
    public void Nothing_else_is_deleted(string name)
    {
        Assert.Equal(MediaFileOutcome.NoSuchFile, _files.Delete(name));
        Assert.Equal(MediaFileOutcome.NoSuchFile, _files.Delete(_folder.At("secrets/key.pem")));

        Assert.True(File.Exists(_folder.At("secrets/key.pem")));
        Assert.True(File.Exists(_folder.At("recordings/a.wav")));
    }

    [Fact]
    public void A_file_is_moved_into_a_directory_below_and_replaces_one_of_its_name()
    {
        File.WriteAllText(_folder.At("recordings/kept/a.wav"), "old");

        Assert.Equal(MediaFileOutcome.Done, _files.Move(_folder.At("recordings/a.wav"), "kept"));

        Assert.Equal("x", File.ReadAllText(_folder.At("recordings/kept/a.wav")));
        Assert.False(File.Exists(_folder.At("recordings/a.wav")));
    }

    [Theory]
    [InlineData("a.wav", "../secrets", MediaFileOutcome.NoSuchDirectory)]
    [InlineData("a.wav", "out", MediaFileOutcome.NoSuchDirectory)]
    [InlineData("a.wav", "nowhere", MediaFileOutcome.NoSuchDirectory)]
    [InlineData("a.wav", "/tmp", MediaFileOutcome.NoSuchDirectory)]
    [InlineData("link.pem", "kept", MediaFileOutcome.NoSuchFile)]
    public void Nothing_is_moved_out_or_in(string file, string directory, MediaFileOutcome outcome)
    {
        Assert.Equal(outcome, _files.Move(file, directory));

        Assert.True(File.Exists(_folder.At("recordings/a.wav")));
        Assert.Equal(["key.pem"], Directory.GetFiles(_folder.At("secrets")).Select(Path.GetFileName));
    }
}
