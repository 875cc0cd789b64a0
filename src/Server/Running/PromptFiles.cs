namespace Switchhook.Server.Running;

/// <summary>Prompts by name: the file of the prompt directory that has that name and one of the suffixes of audio.</summary>
internal sealed class PromptFiles(string directory)
{
    private static readonly string[] Suffixes = [".wav", ".mp3", ".ogg", ".gsm"];

    /// <summary>The file below the prompt directory; null when there is none, or when it is no plain name.</summary>
    public string? Find(string name)
    {
        if (name.Length is 0 or > 200 || name[0] == '.' || !name.All(static c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' or ' '))
            return null;
        return Suffixes.Select(suffix => name + suffix).FirstOrDefault(file => File.Exists(Path.Combine(directory, file)));
    }
}
