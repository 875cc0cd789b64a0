using Switchhook.Dialects.OpenVox.Sessions;

namespace Switchhook.Server.Running;

/// <summary>The logins of the OpenVox dialect. The file holds hashes of tokens, never a token.</summary>
internal sealed class OpenVoxSessionFile(string path, ILogger log) : IOpenVoxSessionStore
{
    private readonly StateFile<List<OpenVoxSession?>> _file = new(path, "the logins of the OpenVox dialect", log);

    /// <inheritdoc/>
    public IReadOnlyList<OpenVoxSession> Load() => [.. (_file.Load() ?? []).OfType<OpenVoxSession>().Where(IsWhole)];

    /// <inheritdoc/>
    public void Save(IReadOnlyList<OpenVoxSession> sessions) => _file.Save([.. sessions]);

    private static bool IsWhole(OpenVoxSession session) => session is { Key: not null, Account: not null, Source: not null, Target: not null };
}
