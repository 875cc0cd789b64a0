using System.Security.Cryptography;
using System.Text;

namespace Switchhook.Dialects.OpenVox.Sessions;

/// <summary>What a token is worth.</summary>
internal enum OpenVoxTokenState
{
    Live,
    Unknown,
    TimedOut,
}

/// <summary>
/// Logins by token. A token lives half an hour from its last use; every request with it, and every report sent because of it, is a use. Safe
/// from any thread.
/// </summary>
public sealed class OpenVoxSessions
{
    /// <summary>How long a token lives unused.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(30);

    /// <summary>How long a token that timed out is told from one that never was.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromDays(1);

    /// <summary>Uses alone are saved this often: after a crash a token may seem so much older.</summary>
    private static readonly TimeSpan SaveEvery = TimeSpan.FromMinutes(1);

    private const int MostOfOneAccount = 50;
    private const int MostInAll = 5000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, OpenVoxSession> _byKey = new(StringComparer.Ordinal);
    private readonly IOpenVoxSessionStore _store;
    private readonly TimeProvider _time;
    private DateTimeOffset _savedAt;

    public OpenVoxSessions(IOpenVoxSessionStore store, TimeProvider time)
    {
        (_store, _time) = (store, time);
        foreach (var session in store.Load())
            _byKey[session.Key] = session;
        _savedAt = time.GetUtcNow();
    }

    /// <summary>Opens a login: its token, 32 lowercase hexadecimal digits.</summary>
    public string Open(string account, string source, string target)
    {
        var token = RandomNumberGenerator.GetHexString(32, lowercase: true);
        lock (_lock)
        {
            MakeRoom(account);
            _byKey[KeyOf(token)] = new OpenVoxSession(KeyOf(token), account, source, target, _time.GetUtcNow());
            Save();
        }
        return token;
    }

    /// <summary>Uses a token, which restarts its life.</summary>
    internal OpenVoxTokenState Use(string token, out OpenVoxSession session)
    {
        lock (_lock)
        {
            if (!_byKey.TryGetValue(KeyOf(token), out session!))
                return OpenVoxTokenState.Unknown;
            var now = _time.GetUtcNow();
            if (!IsLive(session, now))
                return OpenVoxTokenState.TimedOut;
            _byKey[session.Key] = session = session with { LastUsed = now };
            if (now - _savedAt >= SaveEvery)
                Save();
            return OpenVoxTokenState.Live;
        }
    }

    /// <summary>Reports go elsewhere from now on.</summary>
    internal void Move(OpenVoxSession session, string target)
    {
        lock (_lock)
        {
            if (_byKey.TryGetValue(session.Key, out var current) && current.Target != target)
            {
                _byKey[session.Key] = current with { Target = target };
                Save();
            }
        }
    }

    /// <summary>Ends a login.</summary>
    internal void Close(OpenVoxSession session)
    {
        lock (_lock)
        {
            if (_byKey.Remove(session.Key))
                Save();
        }
    }

    /// <summary>True while nobody is logged in.</summary>
    internal bool IsEmpty
    {
        get
        {
            lock (_lock)
                return _byKey.Count == 0;
        }
    }

    /// <summary>The live logins that one of those accounts has, one for each target; each of them counts as used.</summary>
    internal IReadOnlyList<OpenVoxSession> Report(Func<string, bool> account)
    {
        lock (_lock)
        {
            if (_byKey.Count == 0)
                return [];
            var now = _time.GetUtcNow();
            List<OpenVoxSession> told = [];
            foreach (var session in _byKey.Values)
            {
                if (IsLive(session, now) && account(session.Account))
                    told.Add(session);
            }
            foreach (var session in told)
                _byKey[session.Key] = session with { LastUsed = now };
            return told.Count < 2 ? told : [.. told.DistinctBy(static s => s.Target, StringComparer.Ordinal)];
        }
    }

    /// <summary>Saves the times of last use, for a stop.</summary>
    public void Flush()
    {
        lock (_lock)
            Save();
    }

    private static bool IsLive(OpenVoxSession session, DateTimeOffset now) => now - session.LastUsed < Life;

    private void Save()
    {
        var now = _savedAt = _time.GetUtcNow();
        foreach (var old in _byKey.Values.Where(s => now - s.LastUsed > Memory).Select(static s => s.Key).ToList())
            _byKey.Remove(old);
        _store.Save([.. _byKey.Values]);
    }

    /// <summary>A client that only ever logs in must not take the memory: what was used longest ago goes.</summary>
    private void MakeRoom(string account)
    {
        var own = _byKey.Values.Where(s => string.Equals(s.Account, account, StringComparison.OrdinalIgnoreCase)).ToList();
        var crowd = own.Count >= MostOfOneAccount ? own : _byKey.Count >= MostInAll ? [.. _byKey.Values] : [];
        if (crowd.MinBy(static s => s.LastUsed) is { } oldest)
            _byKey.Remove(oldest.Key);
    }

    private static string KeyOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
