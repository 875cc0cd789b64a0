using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Ozeki.Scripts;
using Switchhook.Ivr;

namespace Switchhook.Dialects.Tests.Ozeki;

/// <summary>MoveFile and DeleteFile of scripts.</summary>
public class OzekiFilesTests : IMediaFiles
{
    private readonly List<string> _asked = [];
    private MediaFileOutcome _outcome = MediaFileOutcome.Done;

    public MediaFileOutcome Delete(string file)
    {
        _asked.Add($"delete {file}");
        return _outcome;
    }

    public MediaFileOutcome Move(string file, string directory)
    {
        _asked.Add($"move {file} to {directory}");
        return _outcome;
    }

    [Theory]
    [InlineData("<DeleteFile SourceFile='a.mp3'/>", "delete a.mp3")]
    [InlineData("<deletefile>a.mp3</deletefile>", "delete a.mp3")]
    [InlineData("<MoveFile SourceFile='new/a.mp3' TargetDirectory='old'/>", "move new/a.mp3 to old")]
    public async Task A_file_is_moved_and_deleted_when_its_turn_comes(string element, string done)
    {
        var verb = Assert.IsType<Verb.Errand>(Read(element));
        Assert.Empty(_asked);

        Assert.Null(await verb.Work.RunAsync(default));

        Assert.Equal([done], _asked);
    }

    [Theory]
    [InlineData(MediaFileOutcome.NoSuchFile, "SourceFile")]
    [InlineData(MediaFileOutcome.Failed, "SourceFile")]
    [InlineData(MediaFileOutcome.NoSuchDirectory, "TargetDirectory")]
    public async Task What_cannot_be_done_is_302_on_its_attribute(MediaFileOutcome outcome, string attribute)
    {
        _outcome = outcome;

        var error = await Assert.IsType<Verb.Errand>(Read("<MoveFile SourceFile='a' TargetDirectory='b'/>")).Work.RunAsync(default);

        Assert.Equal(new ScriptError(302, $"Missing or invalid parameter '{attribute}' for command 'MoveFile'"), error);
    }

    [Fact]
    public void A_file_may_be_named_by_a_variable()
    {
        var verb = Assert.IsType<Verb.Template>(Read("<DeleteFile>$oldmessagepath</DeleteFile>"));

        Assert.Equal("DeleteFile", verb.Name);
    }

    private Verb Read(string element) =>
        Assert.Single(Ozml.ReadParameter($"<Response>{element}</Response>", new OzmlContext(new CallDirectory(OzekiWorld.Provisioned), "ops", "900") { Files = this }).Verbs);
}
