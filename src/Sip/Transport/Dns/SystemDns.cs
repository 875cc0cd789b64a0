namespace Switchhook.Sip.Transport.Dns;

/// <summary>The settings of this machine, read again when their files change.</summary>
public sealed class SystemDns(TimeProvider time, string resolvConf = "/etc/resolv.conf", string hosts = "/etc/hosts")
{
    private const int LongestFile = 1 << 20;
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private DnsSettings? _settings;
    private (DateTime, DateTime) _written;
    private long _lookedAt;

    /// <summary>The settings as they are now, at most a few seconds old. A file that cannot be read counts as empty.</summary>
    public DnsSettings Current()
    {
        lock (_lock)
        {
            if (_settings is not null && time.GetElapsedTime(_lookedAt) < LookAgain) return _settings;
            _lookedAt = time.GetTimestamp();
            var written = (File.GetLastWriteTimeUtc(resolvConf), File.GetLastWriteTimeUtc(hosts));
            if (_settings is not null && written == _written) return _settings;
            _written = written;
            return _settings = DnsSettings.FromResolvConf(Read(resolvConf)) with { Hosts = HostsFile.Parse(Read(hosts)) };
        }
    }

    private static string Read(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return file.Exists && file.Length <= LongestFile ? File.ReadAllText(path) : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
