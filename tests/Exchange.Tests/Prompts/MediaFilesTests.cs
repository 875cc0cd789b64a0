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
