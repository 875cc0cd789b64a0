using System.Globalization;

namespace Switchhook.TestKit.Servers;

/// <summary>One reading of <c>/metrics</c>.</summary>
public sealed class Metrics
{
    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(60) };

    private readonly Dictionary<string, double> _samples = new(StringComparer.Ordinal);

    private Metrics(string text)
    {
        Text = text;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#'))
        {
            var space = line.LastIndexOf(' ');
            _samples[line[..space]] = double.Parse(line[(space + 1)..], CultureInfo.InvariantCulture);
        }
    }

    /// <summary>As the server wrote it.</summary>
    public string Text { get; }

    /// <summary>The figures of that text.</summary>
    public static Metrics Read(string text) => new(text);

    /// <summary>Reads the server's figures.</summary>
    public static async Task<Metrics> ReadAsync(Uri http) => new(await Client.GetStringAsync(new Uri(http, "/metrics")));

    /// <summary>The gauge <c>switchhook_live</c> of that kind, or 0 when it is missing.</summary>
    public double Live(string kind) => _samples.GetValueOrDefault($"switchhook_live{{kind=\"{kind}\"}}");

    /// <summary>Every <c>switchhook_live</c> by its kind.</summary>
    public IReadOnlyDictionary<string, double> AllLive() =>
        Named("switchhook_live").ToDictionary(s => Label(s.Key, "kind"), s => s.Value, StringComparer.Ordinal);

    /// <summary>The sum of a metric over those samples whose labels fit all given pairs.</summary>
    public double Sum(string name, params (string Label, string Value)[] labels) =>
        Named(name).Where(s => labels.All(l => Label(s.Key, l.Label) == l.Value)).Sum(s => s.Value);

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(", ", AllLive().Where(g => g.Value != 0).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key}={g.Value}"));

    private IEnumerable<KeyValuePair<string, double>> Named(string name) =>
        _samples.Where(s => s.Key == name || s.Key.StartsWith($"{name}{{", StringComparison.Ordinal));

    private static string Label(string sample, string label)
    {
        var at = sample.IndexOf($"{label}=\"", StringComparison.Ordinal);
        if (at < 0)
            return "";
        at += label.Length + 2;
        return sample[at..sample.IndexOf('"', at)];
    }
}
