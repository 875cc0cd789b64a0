using System.Collections.Concurrent;
using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Sip.Messages;

namespace Switchhook.Exchange.Shards;

/// <summary>Counters and gauges of one shard: its thread writes, any thread may read.</summary>
internal sealed class SwitchCounts
{
    private readonly ConcurrentDictionary<(HangupCause, string), long> _ended = new();
    private readonly long[] _hangups = new long[ExchangeFigures.HangupBuckets.Count + 1];
    private readonly long[] _requestsIn = new long[Enum.GetValues<SipMethod>().Length];
    private readonly long[] _requestsOut = new long[Enum.GetValues<SipMethod>().Length];
    private readonly long[] _responsesIn = new long[700];
    private readonly long[] _responsesOut = new long[700];
    private readonly ConcurrentDictionary<string, long> _rejected = new(StringComparer.Ordinal);
    private long _calls, _legs, _scripts, _recordings, _ignored;
    private double _hangupSeconds;

    public long LiveCalls => Volatile.Read(ref _calls);
    public long LiveLegs => Volatile.Read(ref _legs);
    public long LiveScripts => Volatile.Read(ref _scripts);
    /// <summary>Recordings whose end was not told yet.</summary>
    public long LiveRecordings => Volatile.Read(ref _recordings);
    public long InputsIgnored => Volatile.Read(ref _ignored);
    public IReadOnlyDictionary<(HangupCause, string), long> Ended => _ended;
    public IReadOnlyDictionary<string, long> Rejected => _rejected;
    public double HangupSeconds => Volatile.Read(ref _hangupSeconds);

    public void CallBegan(int legs)
    {
        _calls++;
        _legs += legs;
    }

    public void LegBegan() => _legs++;

    public void LegEnded() => _legs--;

    public void CallEnded(Call call)
    {
        _calls--;
        _ended.AddOrUpdate((call.Cause ?? HangupCause.Unspecified, call.By?.Word ?? "fault"), 1, static (_, n) => n + 1);
    }

    public void ScriptBegan() => _scripts++;

    public void ScriptEnded() => _scripts--;

    public void RecordingBegan() => _recordings++;

    public void RecordingEnded() => _recordings--;

    public void InputIgnored() => _ignored++;

    public void Reject(string reason) => _rejected.AddOrUpdate(reason, 1, static (_, n) => n + 1);

    public void HangupTook(TimeSpan time)
    {
        var bucket = 0;
        while (bucket < ExchangeFigures.HangupBuckets.Count && time.TotalSeconds > ExchangeFigures.HangupBuckets[bucket])
            bucket++;
        _hangups[bucket]++;
        _hangupSeconds += time.TotalSeconds;
    }

    public void Message(bool incoming, SipMessage message)
    {
        switch (message)
        {
            case SipRequest request:
                (incoming ? _requestsIn : _requestsOut)[(int)request.Method]++;
                break;
            case SipResponse { Status: > 0 and < 700 } response:
                (incoming ? _responsesIn : _responsesOut)[response.Status]++;
                break;
        }
    }

    /// <summary>Hangups per bucket, not cumulated.</summary>
    public IReadOnlyList<long> HangupBuckets() => [.. _hangups];

    public Dictionary<(string, string), long> Messages()
    {
        Dictionary<(string, string), long> counts = [];
        Collect(counts, "in", _requestsIn, _responsesIn);
        Collect(counts, "out", _requestsOut, _responsesOut);
        return counts;
    }

    private static void Collect(Dictionary<(string, string), long> counts, string direction, long[] requests, long[] responses)
    {
        for (var method = 0; method < requests.Length; method++)
        {
            if (requests[method] > 0)
                counts[(direction, ((SipMethod)method).ToString().ToUpperInvariant())] = requests[method];
        }
        for (var status = 0; status < responses.Length; status++)
        {
            if (responses[status] > 0)
                counts[(direction, status.ToString(System.Globalization.CultureInfo.InvariantCulture))] = responses[status];
        }
    }
}
