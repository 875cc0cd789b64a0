using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;

namespace Switchhook.Dialects.Catapult.Wire;

/// <summary>A failure in the vendor's form: category and code for programs, a sentence for people, and details by name.</summary>
internal sealed record CatapultError(int Status, string Category, string Code, string Message)
{
    private const string BadRequest = "bad-request";
    private const string Forbidden = "forbidden";
    private const string NotFoundCategory = "not-found";
    private const string Conflict = "conflict";
    private const string Unavailable = "unavailable";

    /// <summary>What the failure is about; what every failure has follows in <see cref="Write"/>.</summary>
    public ImmutableArray<(string Name, string Value)> Details { get; init; } = [];

    public ImmutableArray<(string Name, string Value)> Headers { get; init; } = [];

    public static readonly CatapultError AccessDenied = new(
        401, "authorization", "access-denied", "The authenticated user does not have sufficient permissions to access this resource");

    public static readonly CatapultError NoSuchResource = new(404, NotFoundCategory, "resource-not-found", "The requested resource could not be found.");

    public static readonly CatapultError MethodNotAllowed = new(405, BadRequest, "method-not-allowed", "The method is not allowed for this resource");

    public static readonly CatapultError BadParameters = Invalid("Bad parameters");

    public static readonly CatapultError Internal = new(503, Unavailable, "internal-error", "The request could not be carried out now, retry");

    public static CatapultError Invalid(string message) => new(400, BadRequest, "validation-error", message);

    public static CatapultError Missing(string resource, string property) =>
        new(400, BadRequest, "missing-property", $"The '{resource}' resource property '{property}' is required but was not specified");

    public static CatapultError Blank(string resource, string property) =>
        new(400, BadRequest, "blank-property", $"The '{resource}' resource property '{property}' must contain at least one non-whitespace character");

    public static CatapultError TooGreat(string resource, string property, string limit) =>
        Invalid($"The '{resource}' resource property '{property}' exceeds the limit of '{limit}'");

    public static CatapultError TooSmall(string resource, string property, string limit) =>
        Invalid($"The '{resource}' resource property '{property}' must be greater than '{limit}'");

    public static CatapultError NotOneOf(string resource, string property, IEnumerable<string> words) =>
        Invalid($"The '{resource}' resource property '{property}' must be one of the following values: '{string.Join(", ", words)}'");

    public static CatapultError InvalidUrl(string property, string url) =>
        new(400, BadRequest, "callback-invalid-url", $"The URL '{url}' is not a valid {property}");

    public static CatapultError BadRequestOf(string code, string message, params ImmutableArray<(string, string)> details) =>
        new(400, BadRequest, code, message) { Details = details };

    public static CatapultError NumberNotOwned(string user, string number) =>
        new(401, "authorization", "number-access-denied", $"User {user} does not have permission to use number {number}") { Details = [("userId", user), ("number", number)] };

    public static CatapultError ForbiddenOf(string code, string message, params ImmutableArray<(string, string)> details) =>
        new(403, Forbidden, code, message) { Details = details };

    /// <param name="resource">As its id is named: <c>call</c>, <c>bridge</c>, <c>application</c> …</param>
    public static CatapultError NotFound(string resource, string id, string? code = null) =>
        new(404, NotFoundCategory, code ?? $"{resource}-not-found", $"The {resource} '{id}' could not be found") { Details = [($"{resource}Id", id)] };

    public static CatapultError ConflictOf(string code, string message, params ImmutableArray<(string, string)> details) =>
        new(409, Conflict, code, message) { Details = details };

    public static CatapultError UnavailableOf(string code, string message, params ImmutableArray<(string, string)> details) =>
        new(503, Unavailable, code, message) { Details = details };

    /// <param name="call">As it was asked for.</param>
    /// <param name="state">In capitals.</param>
    public static CatapultError InvalidState(string call, string state) =>
        ForbiddenOf("call-invalid-state", $"Unable to update call {call}. Invalid call state {state}", ("callId", call), ("callState", state));

    /// <summary>The body, with what every failure tells of the request at its end.</summary>
    public byte[] Write(HttpContext context) => new CatapultMembers
    {
        { "category", Category },
        { "code", Code },
        { "message", Message },
        {
            "details",
            [
                .. Details.Select(Detail),
                Detail(("requestMethod", context.Request.Method)),
                Detail(("remoteAddress", RemoteOf(context))),
                Detail(("requestPath", PathOf(context))),
            ]
        },
    }.ToJson();

    private static CatapultMembers Detail((string Name, string Value) detail) => new() { { "name", detail.Name }, { "value", detail.Value } };

    private static string RemoteOf(HttpContext context) => context.Connection.RemoteIpAddress switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4().ToString(),
        var address => address.ToString(),
    };

    /// <summary>Relative to <c>/v1</c>; a slash at its end stays.</summary>
    private static string PathOf(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        return path.StartsWith(CatapultApi.Root + "/", StringComparison.Ordinal) ? path[(CatapultApi.Root.Length + 1)..] : path.TrimStart('/');
    }
}
