namespace Switchhook.Server.Json;

/// <summary>A text that stands elsewhere: <c>{"file": "PATH"}</c> or <c>{"env": "NAME"}</c>.</summary>
internal static class SecretText
{
    public static bool Is(JsonPiece.Members members) => members.All is [{ Name: "file" or "env", Value: JsonPiece.Text }];

    /// <summary>The text, or null and why there is none.</summary>
    public static string? Read(JsonPiece.Members members, Func<string, string?> environment, out string? mistake)
    {
        mistake = null;
        var where = ((JsonPiece.Text)members.All[0].Value).Value;
        if (members.All[0].Name == "env")
        {
            var value = environment(where);
            if (value is null)
                mistake = $"takes its value from the environment variable {where}, which is not set";
            return value;
        }
        try
        {
            return File.ReadAllText(where).TrimEnd('\r', '\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            mistake = $"takes its value from the file '{where}', which cannot be read: {e.Message}";
            return null;
        }
    }
}
