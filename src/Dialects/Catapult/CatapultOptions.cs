namespace Switchhook.Dialects.Catapult;

/// <summary>What an operator may set about this dialect, and what it is told of the server.</summary>
public sealed record CatapultOptions
{
    /// <summary>The address of the server as callbacks tell it, such as <c>http://127.0.0.1:8088</c>; asked each time, for it is known once the server listens.</summary>
    public Func<string> Server { get; init; } = static () => "http://127.0.0.1:8088";

    /// <summary>Calls of a number, and of an account, a second, averaged over ten; 0 for no limit.</summary>
    public int CallsPerSecond { get; init; }

    /// <summary>Requests of an account a second, of each family of resources; 0 for no limit.</summary>
    public int RequestsPerSecond { get; init; }

    /// <summary>The absolute address of a user's resource, as callbacks tell it.</summary>
    internal string Url(string user, string path) => $"{Server().TrimEnd('/')}{CatapultApi.Root}/users/{user}/{path}";
}
