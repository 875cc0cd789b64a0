using System.Globalization;

namespace Switchhook.Dialects.Catapult;

/// <summary>The vendor's words and the shape of its times.</summary>
internal static class CatapultWords
{
    public const string Dialect = "catapult";

    /// <summary>Whole seconds of UTC: <c>2017-03-02T09:14:07Z</c>.</summary>
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string? Time(DateTimeOffset? at) => at is { } known ? Time(known) : null;
}
