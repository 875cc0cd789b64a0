using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Switchhook.Server.Json;

/// <summary>Reads JSON with comments and trailing commas into pieces that know their lines. Bad JSON is a mistake, never an exception.</summary>
internal ref struct JsonDocumentReader
{
    private const int MaxDepth = 32;

    private readonly ReadOnlySpan<byte> _utf8;
    private readonly string _source;
    private readonly List<Mistake> _mistakes;
    private Utf8JsonReader _reader;
    private int _line;
    private int _counted;

    private JsonDocumentReader(ReadOnlySpan<byte> utf8, string source, List<Mistake> mistakes)
    {
        _utf8 = utf8;
        _source = source;
        _mistakes = mistakes;
        _reader = new Utf8JsonReader(
            utf8, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = MaxDepth });
        _line = 1;
    }

    /// <summary>The document, or null with a mistake added.</summary>
    public static JsonPiece? Read(ReadOnlySpan<byte> utf8, string source, List<Mistake> mistakes)
    {
        var bom = Encoding.UTF8.Preamble;
        var reader = new JsonDocumentReader(utf8.StartsWith(bom) ? utf8[bom.Length..] : utf8, source, mistakes);
        try
        {
            return reader.ReadDocument();
        }
        catch (JsonException e)
        {
            mistakes.Add(new Mistake(source, (int)(e.LineNumber ?? 0) + 1, "", $"is not JSON: {Reason(e)}"));
            return null;
        }
        catch (InvalidOperationException)
        {
            mistakes.Add(new Mistake(source, reader._line, "", "is not JSON: a text holds bytes that are not UTF-8"));
            return null;
        }
    }

    private JsonPiece? ReadDocument()
    {
        if (!_reader.Read())
        {
            _mistakes.Add(new Mistake(_source, 1, "", "is empty"));
            return null;
        }
        var piece = ReadValue("");
        // Whatever follows the document raises the reader's own exception here.
        _ = _reader.Read();
        return piece;
    }

    private JsonPiece ReadValue(string path)
    {
        var line = CurrentLine();
        return _reader.TokenType switch
        {
            JsonTokenType.StartObject => ReadMembers(path, line),
            JsonTokenType.StartArray => ReadItems(path, line),
            JsonTokenType.String => new JsonPiece.Text(_reader.GetString()!, line),
            JsonTokenType.Number => new JsonPiece.Number(Encoding.ASCII.GetString(_reader.ValueSpan), line),
            JsonTokenType.True or JsonTokenType.False => new JsonPiece.Truth(_reader.TokenType == JsonTokenType.True, line),
            _ => new JsonPiece.Nothing(line),
        };
    }

    private JsonPiece.Members ReadMembers(string path, int line)
    {
        var members = ImmutableArray.CreateBuilder<JsonMember>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = _reader.GetString()!;
            var nameLine = CurrentLine();
            var at = path.Length == 0 ? name : $"{path}.{name}";
            _ = _reader.Read();
            var value = ReadValue(at);
            if (seen.Add(name))
                members.Add(new JsonMember(name, value, nameLine));
            else
                _mistakes.Add(new Mistake(_source, nameLine, at, "is given twice"));
        }
        return new JsonPiece.Members(members.ToImmutable(), line);
    }

    private JsonPiece.Items ReadItems(string path, int line)
    {
        var items = ImmutableArray.CreateBuilder<JsonPiece>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
            items.Add(ReadValue($"{path}[{items.Count}]"));
        return new JsonPiece.Items(items.ToImmutable(), line);
    }

    private int CurrentLine()
    {
        var position = (int)_reader.TokenStartIndex;
        _line += _utf8[_counted..position].Count((byte)'\n');
        _counted = position;
        return _line;
    }

    /// <summary>The reader's message without its own account of the place.</summary>
    private static string Reason(JsonException e)
    {
        var end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? e.Message : e.Message[..end].TrimEnd();
    }
}
