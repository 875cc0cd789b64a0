using System.Text;

namespace Switchhook.Dialects.OpenVox.Wire;

/// <summary>Text that may have come from anybody, made fit for JSON.</summary>
internal static class OpenVoxText
{
    /// <summary>The text with every lone half of a surrogate pair replaced by U+FFFD.</summary>
    public static string Whole(string text) => text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : text;
}
