using Switchhook.Calls.Ports;
using Switchhook.Dialects.Ozeki.Wire;
using Switchhook.Ivr;

namespace Switchhook.Dialects.Ozeki.Commands;

/// <summary>MoveFile and DeleteFile of scripts: files of the exchange's own recordings and prompts, and no others.</summary>
/// <param name="Name">Which of the two.</param>
/// <param name="File">The file.</param>
/// <param name="Directory">Where it goes; null to delete it.</param>
internal sealed record OzekiFiles(string Name, string File, string? Directory, IMediaFiles Files) : IScriptErrand
{
    public ValueTask<ScriptError?> RunAsync(CancellationToken cancellation) => new((Directory is null ? Files.Delete(File) : Files.Move(File, Directory)) switch
    {
        MediaFileOutcome.Done => null,
        MediaFileOutcome.NoSuchDirectory => Wrong("TargetDirectory"),
        MediaFileOutcome.NoSuchFile or MediaFileOutcome.Failed => Wrong("SourceFile"),
    });

    private ScriptError Wrong(string parameter)
    {
        var answer = OzekiAnswer.InvalidParameter(parameter, Name);
        return new ScriptError(answer.Code, answer.Message);
    }
}
