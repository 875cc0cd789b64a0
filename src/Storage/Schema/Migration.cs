using System.Globalization;

namespace Switchhook.Storage.Schema;

/// <summary>A numbered script.</summary>
/// <param name="Version">From 1, without gaps.</param>
/// <param name="Name">Its file name: four digits, a hyphen, what it is about.</param>
/// <param name="Sql">What it runs.</param>
internal sealed record Migration(int Version, string Name, string Sql)
{
    /// <summary>Those of a database, in order.</summary>
    public static IReadOnlyList<Migration> All(string prefix)
    {
        var assembly = typeof(Migration).Assembly;
        var resources = assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal));
        return [.. resources.Order(StringComparer.Ordinal).Select(resource =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            var name = resource[prefix.Length..];
            return new Migration(int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name, reader.ReadToEnd());
        })];
    }
}
