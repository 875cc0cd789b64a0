using System.Collections.Frozen;
using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Switchhook.Dialects.Catapult.Accounts;
using Switchhook.Dialects.Catapult.Applications;
using Switchhook.Dialects.Catapult.Bridges;
using Switchhook.Dialects.Catapult.Calls;
using Switchhook.Dialects.Catapult.Media;
using Switchhook.Dialects.Catapult.Recordings;

namespace Switchhook.Dialects.Catapult;

/// <summary>One line of the resource map.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">Below the user; a name in braces stands for one segment: <c>calls/{callId}/audio</c>.</param>
/// <param name="Run">What it does.</param>
internal sealed record CatapultOperation(string Method, string Path, CatapultRun Run)
{
    private readonly ImmutableArray<string> _segments = Path.Length == 0 ? [] : [.. Path.Split('/')];

    /// <summary>True when the body is JSON and is read before; an operation on raw octets reads them itself.</summary>
    public bool ReadsBody { get; init; } = HttpMethods.IsPost(Method);

    /// <summary>True for one that counts by itself how often it is asked for.</summary>
    public bool HasOwnLimit { get; init; }

    /// <summary>The names of the path when it fits; null when it does not.</summary>
    public IReadOnlyDictionary<string, string>? Match(ImmutableArray<string> path)
    {
        if (path.Length != _segments.Length)
            return null;
        Dictionary<string, string>? names = null;
        for (var i = 0; i < path.Length; i++)
        {
            if (_segments[i] is ['{', .. var name, '}'])
            {
                if (path[i].Length == 0)
                    return null;
                (names ??= new(StringComparer.Ordinal))[name] = path[i];
            }
            else if (_segments[i] != path[i])
            {
                return null;
            }
        }
        return names ?? (IReadOnlyDictionary<string, string>)FrozenDictionary<string, string>.Empty;
    }
}

/// <summary>How a request fits the resource map.</summary>
internal enum CatapultMatch
{
    Found,
    /// <summary>The path is known, the method is not.</summary>
    OtherMethod,
    None,
}

/// <summary>The resource map: every group of operations adds its lines here.</summary>
internal static class CatapultOperations
{
    public static readonly ImmutableArray<CatapultOperation> All =
    [
        .. CatapultCalls.Operations,
        .. CatapultApplications.Operations,
        .. CatapultAccount.Operations,
        .. CatapultRecordings.Operations,
        .. CatapultMedia.Operations,
        .. CatapultBridgeOperations.Operations,
    ];

    public static CatapultMatch Find(string method, CatapultPath path, out CatapultOperation operation, out IReadOnlyDictionary<string, string> names)
    {
        (operation, names) = (null!, null!);
        var match = CatapultMatch.None;
        foreach (var candidate in All)
        {
            if (candidate.Match(path.Rest) is not { } found)
                continue;
            if (HttpMethods.Equals(candidate.Method, method))
            {
                (operation, names) = (candidate, found);
                return CatapultMatch.Found;
            }
            match = CatapultMatch.OtherMethod;
        }
        return match;
    }
}
