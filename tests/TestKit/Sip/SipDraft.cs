using System.Globalization;
using System.Text;

namespace Switchhook.TestKit.Sip;

/// <summary>A SIP message being written, right or wrong: nothing is checked, everything can be replaced.</summary>
public sealed class SipDraft(string startLine)
{
    private readonly List<(string Name, string Value)> _headers = [];
    private string? _contentLength;

    public string StartLine { get; set; } = startLine;
    public string Body { get; private set; } = "";

    /// <summary>The first value of a header, or an empty text.</summary>
    public string Header(string name) => _headers.FirstOrDefault(h => Same(h.Name, name)).Value ?? "";

    /// <summary>Adds a row.</summary>
    public SipDraft Add(string name, string value)
    {
        _headers.Add((name, value));
        return this;
    }

    /// <summary>Replaces every row of a header by one, in the first one's place.</summary>
    public SipDraft Set(string name, string value)
    {
        var at = _headers.FindIndex(h => Same(h.Name, name));
        Remove(name);
        _headers.Insert(at < 0 ? _headers.Count : at, (name, value));
        return this;
    }

    /// <summary>Takes every row of a header away.</summary>
    public SipDraft Remove(string name)
    {
        _headers.RemoveAll(h => Same(h.Name, name));
        return this;
    }

    /// <summary>Gives it a body.</summary>
    public SipDraft WithBody(string contentType, string body)
    {
        Set("Content-Type", contentType);
        Body = body;
        return this;
    }

    /// <summary>Gives it an SDP body.</summary>
    public SipDraft WithSdp(string sdp) => WithBody("application/sdp", sdp);

    /// <summary>States another length than the body has.</summary>
    public SipDraft WithContentLength(string value)
    {
        _contentLength = value;
        return this;
    }

    /// <summary>A second message like this one.</summary>
    public SipDraft Copy()
    {
        var copy = new SipDraft(StartLine) { Body = Body };
        copy._headers.AddRange(_headers);
        copy._contentLength = _contentLength;
        return copy;
    }

    /// <summary>The bytes for the wire.</summary>
    public byte[] ToBytes() => Encoding.Latin1.GetBytes(ToString());

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder(StartLine).Append("\r\n");
        foreach (var (name, value) in _headers)
            text.Append(name).Append(": ").Append(value).Append("\r\n");
        text.Append("Content-Length: ").Append(_contentLength ?? Encoding.Latin1.GetByteCount(Body).ToString(CultureInfo.InvariantCulture));
        return text.Append("\r\n\r\n").Append(Body).ToString();
    }

    private static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
