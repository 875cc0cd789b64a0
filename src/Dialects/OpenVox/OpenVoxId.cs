using System.Globalization;
using Switchhook.Calls;

namespace Switchhook.Dialects.OpenVox;

/// <summary>
/// Legs in the vendor's shape, <c>1717401605.234567</c>: the second the call began and a counter, which is here the leg's number and the
/// call's fraction of a second. The other way round the same leg comes out.
/// </summary>
internal static class OpenVoxId
{
    private static readonly long Epoch = CallId.Epoch.ToUnixTimeSeconds();

    public static string Of(LegId leg) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Epoch + (leg.Call.Value / CallId.StepsPerSecond)}.{((long)leg.Number * CallId.StepsPerSecond) + (leg.Call.Value % CallId.StepsPerSecond)}");

    /// <summary>The id of a leg: the one it had before an attended transfer brought it to its call.</summary>
    public static string Of(Leg leg) => Of(leg.From ?? leg.Id);

    /// <summary>Reads what <see cref="Of(LegId)"/> writes; false for anything else.</summary>
    public static bool TryParse(string text, out LegId leg)
    {
        leg = default;
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0
            || !long.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var second)
            || !long.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var counter)
            || second < Epoch || second - Epoch > CallId.MaxValue / CallId.StepsPerSecond || counter / CallId.StepsPerSecond > int.MaxValue)
            return false;
        leg = new LegId(
            new CallId(((second - Epoch) * CallId.StepsPerSecond) + (counter % CallId.StepsPerSecond)), (int)(counter / CallId.StepsPerSecond));
        return Of(leg) == text;
    }
}
