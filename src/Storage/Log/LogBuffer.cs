using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Switchhook.Storage.Log;

/// <summary>Octets that are written, bound and forgotten, again and again.</summary>
internal sealed class LogBuffer : IDisposable
{
    private readonly ArrayBufferWriter<byte> _octets = new(8192);
    private readonly Utf8JsonWriter _json;

    public LogBuffer() => _json = new Utf8JsonWriter(_octets, new JsonWriterOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,   // it goes into a database, not into a web page
        SkipValidation = true,
    });

    /// <summary>What the work writes, good until the next time.</summary>
    public ReadOnlySpan<byte> Write<T>(T value, Action<Utf8JsonWriter, T> work)
    {
        _octets.ResetWrittenCount();
        _json.Reset();
        work(_json, value);
        _json.Flush();
        return _octets.WrittenSpan;
    }

    public void Dispose() => _json.Dispose();
}
