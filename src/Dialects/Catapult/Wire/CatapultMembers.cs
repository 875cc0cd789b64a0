using System.Collections;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Switchhook.Dialects.Catapult.Wire;

/// <summary>An object of the vendor's, member by member in order. What is null is left out: absent values are never told as null.</summary>
internal sealed class CatapultMembers : IEnumerable<KeyValuePair<string, object>>
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<KeyValuePair<string, object>> _members = [];

    public void Add(string name, string? value) => Put(name, value);

    public void Add(string name, bool? value) => Put(name, value);

    public void Add(string name, long? value) => Put(name, value);

    public void Add(string name, CatapultMembers? value) => Put(name, value);

    public void Add(string name, IReadOnlyList<CatapultMembers>? value) => Put(name, value);

    public void Add(string name, IReadOnlyList<string>? value) => Put(name, value);

    /// <summary>An object of texts that was kept as JSON; null when there is none.</summary>
    public static CatapultMembers? OfTexts(string? json)
    {
        if (json is null || JsonSerializer.Deserialize(json, CatapultTexts.Default.DictionaryStringString) is not { Count: > 0 } texts)
            return null;
        var members = new CatapultMembers();
        foreach (var (name, value) in texts)
            members.Add(name, value);
        return members;
    }

    public byte[] ToJson() => Write(this, static (json, members) => members.WriteTo(json));

    public static byte[] ToJson(IEnumerable<CatapultMembers> list) => Write(list, static (json, all) =>
    {
        json.WriteStartArray();
        foreach (var members in all)
            members.WriteTo(json);
        json.WriteEndArray();
    });

    /// <summary>The members as parameters of a query; what is no text, number or truth travels as JSON.</summary>
    public IEnumerable<KeyValuePair<string, string>> ToQuery() => _members.Select(static m => KeyValuePair.Create(m.Key, m.Value switch
    {
        string text => text,
        bool truth => truth ? "true" : "false",
        long number => number.ToString(CultureInfo.InvariantCulture),
        var other => System.Text.Encoding.UTF8.GetString(Write(other, static (json, value) => WriteValue(json, value))),
    }));

    public IEnumerator<KeyValuePair<string, object>> GetEnumerator() => _members.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Put(string name, object? value)
    {
        if (value is not null)
            _members.Add(new(name, value));
    }

    private void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var (name, value) in _members)
        {
            json.WritePropertyName(name);
            WriteValue(json, value);
        }
        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, object value)
    {
        switch (value)
        {
            case string text: json.WriteStringValue(text); break;
            case bool truth: json.WriteBooleanValue(truth); break;
            case long number: json.WriteNumberValue(number); break;
            case CatapultMembers members: members.WriteTo(json); break;
            case IReadOnlyList<CatapultMembers> list:
                json.WriteStartArray();
                foreach (var members in list)
                    members.WriteTo(json);
                json.WriteEndArray();
                break;
            case IReadOnlyList<string> texts:
                json.WriteStartArray();
                foreach (var text in texts)
                    json.WriteStringValue(text);
                json.WriteEndArray();
                break;
            default: throw new InvalidOperationException($"no member of that kind: {value.GetType()}");
        }
    }

    private static byte[] Write<T>(T value, Action<Utf8JsonWriter, T> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Plain))
            write(json, value);
        return bytes.ToArray();
    }
}
