using System.Text;

namespace Switchhook.Sip.Messages;

/// <summary>
/// What requests and responses are built with alike. Headers leave in the order they are given, Content-Length last.
/// CR and LF in a value become spaces, so no value can start a header of its own. For one message only.
/// </summary>
/// <typeparam name="TSelf">The builder itself, for chaining.</typeparam>
public abstract class SipMessageBuilder<TSelf>
    where TSelf : SipMessageBuilder<TSelf>
{
    private SipWriter _writer;
    private byte[] _body = [];
    private readonly SipScratch? _scratch;
    private bool _built;

    private protected SipMessageBuilder(SipScratch? scratch = null) => _scratch = scratch;

    private protected ref SipWriter Writer => ref _writer;

    /// <summary>Adds a row.</summary>
    public TSelf Header(HeaderName name, ReadOnlySpan<byte> value)
    {
        Begin(name);
        _writer.Text(value);
        return End();
    }

    /// <inheritdoc cref="Header(HeaderName, ReadOnlySpan{byte})"/>
    public TSelf Header(HeaderName name, string value)
    {
        Begin(name);
        _writer.Text(value);
        return End();
    }

    /// <inheritdoc cref="Header(HeaderName, ReadOnlySpan{byte})"/>
    public TSelf Header(HeaderName name, long value)
    {
        Begin(name);
        _writer.Number(value);
        return End();
    }

    /// <summary>Adds a row with any name. One that is no token or frames the message (Content-Length) is left out.</summary>
    public TSelf Header(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!MayBegin(name)) return (TSelf)this;
        _writer.Raw(name);
        _writer.Raw(": "u8);
        _writer.Text(value);
        return End();
    }

    /// <inheritdoc cref="Header(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    public TSelf Header(string name, string value)
    {
        Span<byte> room = stackalloc byte[64];
        if (!Encoding.UTF8.TryGetBytes(name, room, out var length)) return Header(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
        if (!MayBegin(room[..length])) return (TSelf)this;
        _writer.Raw(room[..length]);
        _writer.Raw(": "u8);
        _writer.Text(value);
        return End();
    }

    /// <summary>Adds an address: <c>"display" &lt;uri&gt;;tag=tag</c> (RFC 3261 §20.10). An empty display name or tag is left out.</summary>
    public TSelf Address(HeaderName name, string? displayName, ReadOnlySpan<byte> uri, ReadOnlySpan<byte> tag = default)
    {
        Begin(name);
        if (!string.IsNullOrEmpty(displayName))
        {
            _writer.Quoted(displayName);
            _writer.Raw(" "u8);
        }

        _writer.Raw("<"u8);
        _writer.Uri(uri);
        _writer.Raw(">"u8);
        if (!tag.IsEmpty)
        {
            _writer.Raw(";tag="u8);
            _writer.Text(tag);
        }

        return End();
    }

    /// <summary>Adds all rows this header has in another message, in their order.</summary>
    public TSelf CopyFrom(SipMessage message, HeaderName name)
    {
        foreach (var value in message.Rows(name)) Header(name, value);
        return (TSelf)this;
    }

    /// <summary>Adds the first comma-separated value this header has in another message: the Via of a CANCEL or ACK (§9.1, §17.1.1.3).</summary>
    public TSelf CopyFirst(SipMessage message, HeaderName name)
    {
        foreach (var value in message.Values(name)) return Header(name, value);
        return (TSelf)this;
    }

    /// <summary>Adds every row of another message, known or not, except these headers and Content-Length.</summary>
    public TSelf CopyAllExcept(SipMessage message, params ReadOnlySpan<HeaderName> excluded)
    {
        foreach (var row in message.AllRows)
        {
            if (row.Name == HeaderName.Other) Header(row.WrittenName, row.Value);
            else if (row.Name != HeaderName.ContentLength && !excluded.Contains(row.Name)) Header(row.Name, row.Value);
        }

        return (TSelf)this;
    }

    /// <summary>Sets the body with its Content-Type; the last one given counts.</summary>
    public TSelf Body(ReadOnlySpan<byte> contentType, ReadOnlySpan<byte> bytes)
    {
        Header(HeaderName.ContentType, contentType);
        return Body(bytes);
    }

    /// <inheritdoc cref="Body(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    public TSelf Body(string contentType, ReadOnlySpan<byte> bytes)
    {
        Header(HeaderName.ContentType, contentType);
        return Body(bytes);
    }

    /// <summary>Sets the body of a message whose Content-Type is among its headers already.</summary>
    public TSelf Body(ReadOnlySpan<byte> bytes)
    {
        _body = bytes.ToArray();
        return (TSelf)this;
    }

    private protected SipMessage Finish()
    {
        if (_built) throw new InvalidOperationException("A builder makes one message.");
        _built = true;
        _writer.Raw(HeaderName.ContentLength.Wire());
        _writer.Raw(": "u8);
        _writer.Number(_body.Length);
        _writer.Raw("\r\n\r\n"u8);
        _writer.Raw(_body);
        return (_scratch is null ? SipParser.Adopt(_writer.Take()) : SipParser.Adopt(_writer.Written, _scratch)) ?? throw new InvalidOperationException("The start line is not readable.");
    }

    /// <summary>Begins another message in the same scratch.</summary>
    private protected void Restart()
    {
        _writer.Clear();
        _body = [];
        _built = false;
    }

    private static bool MayBegin(ReadOnlySpan<byte> name) => SipText.IsToken(name) && HeaderNames.Parse(name) != HeaderName.ContentLength;

    private protected void Begin(HeaderName name)
    {
        if (name is HeaderName.Other or HeaderName.ContentLength)
            throw new ArgumentOutOfRangeException(nameof(name), name, "Give other headers by their name; Content-Length is written by Build.");
        _writer.Raw(name.Wire());
        _writer.Raw(": "u8);
    }

    private protected TSelf End()
    {
        _writer.Raw("\r\n"u8);
        return (TSelf)this;
    }
}
