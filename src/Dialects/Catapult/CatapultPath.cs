using System.Collections.Immutable;

namespace Switchhook.Dialects.Catapult;

/// <summary>A path below <c>/v1</c> in its segments; one slash at its end counts for nothing.</summary>
internal readonly record struct CatapultPath
{
    public CatapultPath(string path)
    {
        var segments = path.Split('/');
        // "", "v1", "users", the user, and what is asked for
        var last = segments.Length > 1 && segments[^1].Length == 0 ? segments.Length - 1 : segments.Length;
        if (last >= 4 && segments[1] == "v1" && segments[2] == "users" && segments[3].Length > 0)
            (User, Rest) = (segments[3], [.. segments[4..last]]);
    }

    /// <summary>The user whose resources are asked for; null for a path that names none.</summary>
    public string? User { get; }

    /// <summary>What follows the user.</summary>
    public ImmutableArray<string> Rest { get; }
}
