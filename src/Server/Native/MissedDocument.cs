using System.Globalization;
using System.Text.Json;

namespace Switchhook.Server.Native;

/// <summary>Tells a reader that events are gone.</summary>
/// <param name="Horizon">The cursor it goes on behind.</param>
internal sealed record MissedDocument(string Horizon, string Detail)
{
    public static byte[] Of(long horizon) => JsonSerializer.SerializeToUtf8Bytes(
        new MissedDocument(horizon.ToString(CultureInfo.InvariantCulture), "Events up to the horizon are no longer kept; read the calls themselves."),
        NativeJson.Shown.MissedDocument);
}
