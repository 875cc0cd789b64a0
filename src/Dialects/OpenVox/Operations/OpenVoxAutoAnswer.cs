using System.Collections.Immutable;

namespace Switchhook.Dialects.OpenVox.Operations;

/// <summary>How a phone is asked to answer by itself, in the three ways phones know; one that knows none of them rings.</summary>
internal static class OpenVoxAutoAnswer
{
    /// <summary>RFC 5373 §4.1, and the customs that are older than it.</summary>
    public static ImmutableArray<KeyValuePair<string, string>> Headers { get; } =
    [
        new("Answer-Mode", "Auto"),
        new("Call-Info", "<sip:127.0.0.1>;answer-after=0"),
        new("Alert-Info", "<http://127.0.0.1>;info=alert-autoanswer;delay=0"),
    ];

    /// <summary>What is sent along with the call to an extension.</summary>
    public static ImmutableArray<KeyValuePair<string, string>> Of(OpenVoxAsk ask) => ask["autoanswer"] == "yes" ? Headers : [];
}
