using System.Collections.Concurrent;
using Switchhook.Calls.Ports;

namespace Switchhook.Webhooks;

/// <summary>Running totals of a <see cref="Notifier"/>. Safe from any thread.</summary>
public sealed class NotifierCounts
{
    /// <summary>Result of a delivery answered with a 2xx.</summary>
    public const string DeliveredResult = "delivered";

    /// <summary>Result of a delivery answered with any other status.</summary>
    public const string RefusedResult = "refused";

    /// <summary>Result of a notification that could not be tried in time, because its target's circuit stayed open.</summary>
    public const string CircuitOpenResult = "circuit-open";

    /// <summary>Counted besides the last attempt's result when nothing more is tried.</summary>
    public const string GivenUpResult = "given-up";

    private readonly ConcurrentDictionary<string, long> _results = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _terminal = new(StringComparer.Ordinal);

    /// <summary>Attempts by result: the constants above, or the failure in words such as <c>timed-out</c>.</summary>
    public IReadOnlyDictionary<string, long> Results => _results;

    /// <summary>Terminal notifications taken when they were stored, by dialect: each once, however often it is tried.</summary>
    public IReadOnlyDictionary<string, long> TerminalEvents => _terminal;

    internal long Delivered => _results.GetValueOrDefault(DeliveredResult);

    internal long Failed => _results.GetValueOrDefault(GivenUpResult);

    internal void Add(string result) => _results.AddOrUpdate(result, 1, static (_, count) => count + 1);

    internal void AddTerminal(string dialect) => _terminal.AddOrUpdate(dialect, 1, static (_, count) => count + 1);

    internal static string Word(HttpReply reply) => reply.Failure switch
    {
        HttpFailure.None => reply.Succeeded ? DeliveredResult : RefusedResult,
        HttpFailure.InvalidUrl => "invalid-url",
        HttpFailure.SchemeNotAllowed => "scheme-not-allowed",
        HttpFailure.PortNotAllowed => "port-not-allowed",
        HttpFailure.AddressNotAllowed => "address-not-allowed",
        HttpFailure.NameNotFound => "name-not-found",
        HttpFailure.CannotConnect => "cannot-connect",
        HttpFailure.TimedOut => "timed-out",
        HttpFailure.TooLarge => "too-large",
        HttpFailure.TooManyRedirects => "too-many-redirects",
        HttpFailure.Broken => "broken",
        HttpFailure.Busy => "busy",
    };
}
