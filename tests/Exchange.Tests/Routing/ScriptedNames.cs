using System.Collections.Immutable;
using System.Net;
using Switchhook.Sip.Resolution;

namespace Switchhook.Exchange.Tests.Routing;

/// <summary>A DNS that says what it is told to.</summary>
internal sealed class ScriptedNames : IDnsQueries
{
    private readonly Lock _lock = new();
    private readonly List<DnsRecord> _records = [];
    private readonly List<DnsQuestion> _asked = [];

    /// <summary>While true nobody answers.</summary>
    public bool IsSilent { get; set; }

    public IReadOnlyList<DnsQuestion> Asked
    {
        get
        {
            lock (_lock)
                return [.. _asked];
        }
    }

    public ScriptedNames Host(string name, string address, int seconds = 300)
    {
        _records.Add(new DnsRecord.Address(name, TimeSpan.FromSeconds(seconds), IPAddress.Parse(address)));
        return this;
    }

    public ScriptedNames Service(string name, ushort priority, ushort port, string target, int seconds = 300)
    {
        _records.Add(new DnsRecord.Service(name, TimeSpan.FromSeconds(seconds), priority, 0, port, target));
        return this;
    }

    public void Clear() => _records.Clear();

    public ValueTask<DnsAnswer> QueryAsync(string name, DnsType type, CancellationToken cancellation)
    {
        lock (_lock)
            _asked.Add(new DnsQuestion(name, type));
        if (IsSilent)
            return ValueTask.FromResult(DnsAnswer.Without(DnsOutcome.Unanswered));
        ImmutableArray<DnsRecord> found = [.. _records.Where(r => r.Name == name && r.Is(type))];
        return ValueTask.FromResult(found.IsEmpty
            ? DnsAnswer.Without(DnsOutcome.NoData, TimeSpan.FromMinutes(10))
            : new DnsAnswer(DnsOutcome.Found, found, found.Min(r => r.TimeToLive)));
    }
}
