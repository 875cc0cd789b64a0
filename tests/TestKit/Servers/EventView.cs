using System.Text;
using System.Text.Json;

namespace Switchhook.TestKit.Servers;

/// <summary>One event of the server-sent stream.</summary>
public sealed record EventView(string Id, string Name, string Data)
{
    /// <summary>The call it is about, or an empty text.</summary>
    public string Call => Member("call");

    /// <summary>The leg it is about, or an empty text.</summary>
    public string Leg => Member("leg");

    private string Member(string name)
    {
        using var document = JsonDocument.Parse(Data);
        return Find(document.RootElement, name) ?? "";
    }

    /// <summary>The next event with data; null at the end of the stream.</summary>
    public static async Task<EventView?> ReadAsync(StreamReader reader, CancellationToken stop)
    {
        var (id, name, data) = ("", "message", new StringBuilder());
        while (await reader.ReadLineAsync(stop) is { } line)
        {
            if (line.Length == 0)
            {
                if (data.Length > 0)
                    return new EventView(id, name, data.ToString());
                continue;
            }
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var (field, value) = colon < 0 ? (line, "") : (line[..colon], line[(colon + 1)..].TrimStart(' '));
            switch (field)
            {
                case "id":
                    id = value;
                    break;
                case "event":
                    name = value;
                    break;
                case "data":
                    data.Append(value);
                    break;
            }
        }
        return null;
    }

    private static string? Find(JsonElement json, string name)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out var value))
            return null;
        return value.ValueKind == JsonValueKind.Object ? Find(value, "id") : value.ToString();
    }
}
