using Switchhook.Server.Json;

namespace Switchhook.Server.ProvisioningFiles;

/// <summary>What may stand in a document only once.</summary>
internal sealed class Uniqueness
{
    private readonly Dictionary<(string Kind, string Name), int> _lines = [];

    public void Claim(MemberReader m, string member, string kind, string? name)
    {
        if (string.IsNullOrEmpty(name))
            return;
        if (!_lines.TryAdd((kind, name), m.LineOf(member)))
            m.Wrong(member, $"repeats the {kind} of line {_lines[(kind, name)]}");
    }
}
