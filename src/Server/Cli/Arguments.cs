namespace Switchhook.Server.Cli;

/// <summary>One option of a command: <c>--data DIR</c>. Without a value's name it is a switch.</summary>
internal sealed record CommandOption(string Name, string? Value, string Meaning, bool Repeats = false);

/// <summary>A command line, taken apart: options by name, and the words between them.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, List<string>> _options = new(StringComparer.Ordinal);
    private readonly List<string> _words = [];

    private Arguments() { }

    public IReadOnlyList<string> Words => _words;

    public bool WantsHelp { get; private set; }

    public string? this[string option] => _options.GetValueOrDefault(option)?[^1];

    public bool Has(string option) => _options.ContainsKey(option);

    public IReadOnlyList<string> All(string option) => _options.GetValueOrDefault(option) ?? [];

    /// <summary>Reads <c>--name VALUE</c>, <c>--name=VALUE</c>, switches and words; null with a sentence about the first mistake.</summary>
    public static Arguments? Read(IReadOnlyList<string> arguments, IReadOnlyList<CommandOption> known, out string? mistake)
    {
        var read = new Arguments();
        mistake = null;
        for (var i = 0; i < arguments.Count && mistake is null; i++)
        {
            var argument = arguments[i];
            if (argument is "--help" or "-h")
                read.WantsHelp = true;
            else if (argument == "--")
            {
                read._words.AddRange(arguments.Skip(i + 1));
                break;
            }
            else if (argument.Length > 1 && argument[0] == '-')
                mistake = read.TakeOption(arguments, ref i, known);
            else
                read._words.Add(argument);
        }
        return mistake is null ? read : null;
    }

    private string? TakeOption(IReadOnlyList<string> arguments, ref int i, IReadOnlyList<CommandOption> known)
    {
        var argument = arguments[i];
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? argument : argument[..equals];
        if (known.FirstOrDefault(o => o.Name == name) is not { } option)
        {
            var nearest = Json.NearestName.Of(name, known.Select(o => o.Name).Append("--help"));
            return $"{name} is not an option of this command; the nearest one is {nearest}";
        }
        if (option.Value is null)
        {
            _options[name] = [""];
            return equals < 0 ? null : $"{name} takes no value";
        }
        if (equals < 0 && i + 1 >= arguments.Count)
            return $"{name} needs {option.Value}";
        var value = equals < 0 ? arguments[++i] : argument[(equals + 1)..];
        if (_options.TryGetValue(name, out var values) && !option.Repeats)
            return $"{name} is given twice";
        if (values is null)
            _options[name] = values = [];
        values.Add(value);
        return null;
    }
}
