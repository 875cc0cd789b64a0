using System.Collections.Immutable;
using System.Globalization;

namespace Switchhook.Dialects.Ozeki.Wire;

/// <summary>A result code with its message, and what is listed after them. The messages keep the vendor's own spelling.</summary>
internal sealed record OzekiAnswer(int Code, string Message)
{
    /// <summary>Elements before the code.</summary>
    public ImmutableArray<OzekiElement> Ahead { get; init; } = [];

    /// <summary>Elements after the message, in order.</summary>
    public ImmutableArray<OzekiElement> Payload { get; init; } = [];

    /// <summary>The whole answer, where it has a shape of its own.</summary>
    public OzekiElement? Root { get; init; }

    public static readonly OzekiAnswer Ok = new(200, "Command successfully executed");
    public static readonly OzekiAnswer AuthenticationRequired = new(304, "Authentication required");
    public static readonly OzekiAnswer AuthenticationFailed = new(305, "Authentication failed, bad username or password");
    public static readonly OzekiAnswer ForbiddenUser = new(306, "User is not allowed to use API in ACL");
    public static readonly OzekiAnswer ForbiddenAddress = new(307, "Use API from this address is forbidden");

    public static OzekiAnswer ParseError(string what) => new(300, $"Error occured during parsing message: '{what}'");

    public static OzekiAnswer NotImplementedCommand(string sent) => new(301, $"Not implemented command: '{Short(sent)}'");

    public static OzekiAnswer InvalidParameter(string parameter, string command) => new(302, $"Missing or invalid parameter '{parameter}' for command '{command}'");

    public static OzekiAnswer InappropriateCommand(string command) => new(303, $"Command '{command}' cannot be used here");

    public static OzekiAnswer ApiExtensionUnavailable(string extension) =>
        new(401, $"API extension '{Short(extension)}' unavailable, please check configuration or permissions");

    public static OzekiAnswer CallConnectFailed(string number, OzekiResult result) => new(402, $"Call connect to '{number}' failed with result state '{result}'");

    public static readonly OzekiAnswer SmsDestinationNotFound = new(501, "Destination of the SMS is not found");

    public static OzekiAnswer CallNotFound(string id) => new(601, $"Call not found with ID '{Short(id)}'");

    public static OzekiAnswer ConfigNotFound(string type) => new(701, $"Configuration for type '{Short(type)}' not found");

    public static OzekiAnswer InvalidConfig(string type) => new(702, $"Invalid configuration for type '{Short(type)}'");

    public static readonly OzekiAnswer ConfigAlreadyExists = new(703, "Extension configuration already exists");

    /// <summary>What a client sent is repeated to it, but not without a bound.</summary>
    private static string Short(string sent) => sent.Length <= 200 ? sent : sent[..200];
}

/// <summary>One element of an answer: text, or children, or empty.</summary>
internal sealed record OzekiElement(string Name, string? Text, ImmutableArray<OzekiElement> Children)
{
    /// <summary>Its one attribute, where it has one.</summary>
    public (string Name, string Value)? Attribute { get; init; }

    public OzekiElement(string name, string? text) : this(name, text, []) { }

    public OzekiElement(string name, int number) : this(name, number.ToString(CultureInfo.InvariantCulture), []) { }

    public OzekiElement(string name, long number) : this(name, number.ToString(CultureInfo.InvariantCulture), []) { }

    public OzekiElement(string name, params ImmutableArray<OzekiElement> children) : this(name, null, children) { }
}
