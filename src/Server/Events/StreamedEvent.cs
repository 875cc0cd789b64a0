using System.Text.Json;
using Switchhook.Calls.Events;
using Switchhook.Calls.Ports;
using Switchhook.Server.Native;

namespace Switchhook.Server.Events;

/// <summary>An event on its way to readers. While it is new it is written as JSON once, however many read it.</summary>
internal sealed class StreamedEvent(LoggedEvent stored)
{
    private byte[]? _json;
    private volatile bool _isOld;

    public long Cursor => stored.Cursor;
    public CallEvent Event => stored.Event;

    /// <summary>The event as the native API shows it. Two readers at the same time may both write it; the texts are the same.</summary>
    public byte[] Json()
    {
        var json = Volatile.Read(ref _json);
        if (json is not null)
            return json;
        json = JsonSerializer.SerializeToUtf8Bytes(Event.ToDocument(), NativeJson.Shown.EventDocument);
        if (!_isOld)
            Volatile.Write(ref _json, json);
        return json;
    }

    /// <summary>Few read it from now on: each writes it for itself.</summary>
    public void GrowOld()
    {
        _isOld = true;
        Volatile.Write(ref _json, null);
    }
}
