using System.Globalization;
using System.Text;

namespace Switchhook.TestKit.Sip;

/// <summary>Where a message came from, so that an answer can go back the same way.</summary>
public interface IWirePath
{
    /// <summary>Sends bytes that way.</summary>
    Task SendAsync(ReadOnlyMemory<byte> bytes);
}

/// <summary>A SIP message as it came off the wire, read by rules of its own and as text.</summary>
public sealed class WireMessage
{
    private static readonly Dictionary<string, string> Compact = new(StringComparer.OrdinalIgnoreCase)
    {
        ["v"] = "Via",
        ["f"] = "From",
        ["t"] = "To",
        ["i"] = "Call-ID",
        ["m"] = "Contact",
        ["l"] = "Content-Length",
        ["c"] = "Content-Type",
        ["e"] = "Content-Encoding",
        ["s"] = "Subject",
        ["k"] = "Supported",
    };

    private readonly List<(string Name, string Value)> _headers = [];

    private WireMessage(string text, string startLine, string body, IWirePath path)
    {
        Text = text;
        StartLine = startLine;
        Body = body;
        Path = path;
    }

    /// <summary>The whole message.</summary>
    public string Text { get; }
    public string StartLine { get; }
    public string Body { get; }
    public IWirePath Path { get; }
    public IReadOnlyList<(string Name, string Value)> Headers => _headers;

    /// <summary>True for a request that came before, as a far side repeats it over UDP until it is answered (RFC 3261 §17.1).</summary>
    public bool IsRepeat { get; internal set; }

    public bool IsRequest => !StartLine.StartsWith("SIP/2.0", StringComparison.Ordinal);

    /// <summary>The status, or 0 for a request.</summary>
    public int Status => IsRequest ? 0 : int.Parse(StartLine.Split(' ')[1], CultureInfo.InvariantCulture);

    /// <summary>The method of a request, or of the request a response answers.</summary>
    public string Method => IsRequest ? StartLine.Split(' ')[0] : SequenceMethod;

    /// <summary>The URI of a request.</summary>
    public string RequestUri => StartLine.Split(' ')[1];
    public string CallId => Header("Call-ID");
    public uint Sequence => uint.Parse(Header("CSeq").Split(' ')[0], CultureInfo.InvariantCulture);
    public string SequenceMethod => Header("CSeq").Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1];
    public string FromTag => Parameter(Header("From"), "tag");
    public string ToTag => Parameter(Header("To"), "tag");
    public string Branch => Parameter(Header("Via"), "branch");

    /// <summary>The URI of the first Contact.</summary>
    public string ContactUri => UriOf(Header("Contact"));

    /// <summary>Method or status, for a predicate's readers.</summary>
    public string Summary => IsRequest ? Method : $"{Status} ({SequenceMethod})";

    /// <summary>The first value of a header, or an empty text.</summary>
    public string Header(string name) => _headers.FirstOrDefault(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value ?? "";

    /// <summary>Every row of a header.</summary>
    public IReadOnlyList<string> All(string name) =>
        [.. _headers.Where(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value)];

    /// <summary>True for that request.</summary>
    public bool Is(string method) => IsRequest && Method == method;

    /// <summary>True for that status to a request of that method.</summary>
    public bool Is(int status, string method) => Status == status && SequenceMethod == method;

    /// <summary>The Q.850 cause of a Reason header, or 0.</summary>
    public int Q850 => All("Reason").Where(r => r.StartsWith("Q.850", StringComparison.OrdinalIgnoreCase))
        .Select(r => int.TryParse(Parameter(r, "cause"), CultureInfo.InvariantCulture, out var cause) ? cause : 0).FirstOrDefault();

    /// <summary>Reads a message; throws for what is not one, which fails the test that got it.</summary>
    public static WireMessage Read(ReadOnlySpan<byte> bytes, IWirePath path)
    {
        var text = Encoding.Latin1.GetString(bytes);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
            throw new FormatException($"Not a SIP message: {text}");
        var lines = text[..end].Split("\r\n");
        var message = new WireMessage(text, lines[0], text[(end + 4)..], path);
        foreach (var line in lines.Skip(1))
            message.AddHeader(line);
        return message;
    }

    private void AddHeader(string line)
    {
        if (line.Length > 0 && line[0] is ' ' or '\t' && _headers.Count > 0)
        {
            _headers[^1] = (_headers[^1].Name, $"{_headers[^1].Value} {line.Trim()}");
            return;
        }
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            throw new FormatException($"Not a header: {line}");
        var name = line[..colon].Trim();
        _headers.Add((Compact.GetValueOrDefault(name, name), line[(colon + 1)..].Trim()));
    }

    /// <summary>A parameter outside the angle brackets.</summary>
    public static string Parameter(string value, string name)
    {
        var tail = value[(value.LastIndexOf('>') + 1)..];
        foreach (var part in tail.Split(';', StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && part[..equals].Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
                return part[(equals + 1)..].Trim().Trim('"');
        }
        return "";
    }

    /// <summary>The URI of an address, with or without angle brackets.</summary>
    public static string UriOf(string address)
    {
        var open = address.IndexOf('<', StringComparison.Ordinal);
        if (open < 0)
            return address.Split(';')[0].Trim();
        return address[(open + 1)..address.IndexOf('>', open)];
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
