using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;

namespace Switchhook.Dialects.Catapult.Wire;

/// <summary>The answer to a request. An empty body has no content type: there are clients that would decode it.</summary>
internal sealed record CatapultAnswer(int Status)
{
    /// <summary>Done, with nothing to say.</summary>
    public static readonly CatapultAnswer Done = new(StatusCodes.Status200OK);

    /// <summary>No credentials, or wrong ones.</summary>
    public static readonly CatapultAnswer Unauthorized = (CatapultAnswer)CatapultError.AccessDenied with
    {
        Headers = [("WWW-Authenticate", "Basic realm=\"Catapult\"")],
    };

    public byte[] Body { get; init; } = [];
    public string ContentType { get; init; } = "application/json";
    public string? Location { get; init; }
    public ImmutableArray<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Written in place of the body; its details name the request.</summary>
    public CatapultError? Error { get; init; }

    /// <summary>Writes an answer that is no JSON.</summary>
    public Func<HttpContext, Task>? File { get; init; }

    /// <summary>201 with the absolute address of what was made.</summary>
    public static CatapultAnswer Created(string location) => new(StatusCodes.Status201Created) { Location = location };

    public static CatapultAnswer Of(CatapultMembers document) => new(StatusCodes.Status200OK) { Body = document.ToJson() };

    public static CatapultAnswer Of(IEnumerable<CatapultMembers> list) => new(StatusCodes.Status200OK) { Body = CatapultMembers.ToJson(list) };

    public static implicit operator CatapultAnswer(CatapultError error) => new(error.Status) { Error = error, Headers = error.Headers };
}
