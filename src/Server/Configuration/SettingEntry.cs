using System.Collections;
using Switchhook.Server.Json;

namespace Switchhook.Server.Configuration;

/// <summary>One value somebody gave: where, and under which key.</summary>
internal sealed record SettingEntry(string Key, JsonPiece Value, string Source, int Line);

/// <summary>Where settings come from; a later source wins over an earlier one, key by key.</summary>
internal static class SettingSources
{
    private const string EnvironmentPrefix = "SWITCHHOOK__";

    /// <summary>Every value of a file, with its key spelled from the root.</summary>
    public static IEnumerable<SettingEntry> FromFile(string file, ReadOnlySpan<byte> utf8, List<Mistake> mistakes)
    {
        var entries = new List<SettingEntry>();
        switch (JsonDocumentReader.Read(utf8, file, mistakes))
        {
            case JsonPiece.Members root:
                Flatten(root, "", file, entries);
                break;
            case { } other:
                mistakes.Add(new Mistake(file, other.Line, "", $"must hold an object, not {other.Kind}"));
                break;
        }
        return entries;
    }

    /// <summary>Variables named <c>SWITCHHOOK__Key__Sub</c>.</summary>
    public static IEnumerable<SettingEntry> FromEnvironment(IDictionary variables) =>
        from name in variables.Keys.Cast<string>()
        where name.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase) && name.Length > EnvironmentPrefix.Length
        orderby name
        let key = name[EnvironmentPrefix.Length..].Replace("__", ":", StringComparison.Ordinal)
        select new SettingEntry(key, new JsonPiece.Text((string?)variables[name] ?? "", 0), $"environment variable {name}", 0);

    /// <summary>An argument <c>--set Key:Sub=VALUE</c>; null when there is no key in it.</summary>
    public static SettingEntry? FromArgument(string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        return equals < 1 ? null
            : new SettingEntry(argument[..equals].Trim(), new JsonPiece.Text(argument[(equals + 1)..], 0), $"--set {argument}", 0);
    }

    private static void Flatten(JsonPiece.Members members, string path, string file, List<SettingEntry> entries)
    {
        foreach (var member in members.All)
        {
            var key = path.Length == 0 ? member.Name : $"{path}:{member.Name}";
            if (member.Value is JsonPiece.Members inner && !SecretText.Is(inner))
                Flatten(inner, key, file, entries);
            else
                entries.Add(new SettingEntry(key, member.Value, file, member.Line));
        }
    }
}
