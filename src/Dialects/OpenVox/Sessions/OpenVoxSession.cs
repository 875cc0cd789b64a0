namespace Switchhook.Dialects.OpenVox.Sessions;

/// <summary>A login that lives, or timed out not long ago.</summary>
/// <param name="Key">Hash of the token: the token itself is kept nowhere.</param>
/// <param name="Account">Who logged in.</param>
/// <param name="Source">The address the login came from.</param>
/// <param name="Target">Where reports go, an absolute address.</param>
/// <param name="LastUsed">The last interaction between the two sides.</param>
public sealed record OpenVoxSession(string Key, string Account, string Source, string Target, DateTimeOffset LastUsed);

/// <summary>Keeps logins over a restart, so that who was logged in can be told that the system is up again.</summary>
public interface IOpenVoxSessionStore
{
    /// <summary>What was saved last; empty when nothing was, or when it cannot be read.</summary>
    IReadOnlyList<OpenVoxSession> Load();

    /// <summary>Replaces what was saved. A failure is the store's own to report; logins go on in memory.</summary>
    void Save(IReadOnlyList<OpenVoxSession> sessions);
}
