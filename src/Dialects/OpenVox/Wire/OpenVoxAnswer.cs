using System.Globalization;

namespace Switchhook.Dialects.OpenVox.Wire;

/// <summary>An answer: Success with data or without, or Failed with a number.</summary>
internal sealed record OpenVoxAnswer(OpenVoxNode.Map Document)
{
    /// <summary>Done, nothing more to say.</summary>
    public static readonly OpenVoxAnswer Success = With();

    /// <summary>Null when it succeeded.</summary>
    public OpenVoxErrno? Errno { get; private init; }

    public static OpenVoxAnswer With(params ReadOnlySpan<OpenVoxMember> data) => new(OpenVoxNode.Of([("status", "Success"), .. data]));

    public static OpenVoxAnswer Failed(OpenVoxErrno errno) =>
        new(OpenVoxNode.Of(("status", "Failed"), ("errno", ((int)errno).ToString(CultureInfo.InvariantCulture)))) { Errno = errno };

    public static implicit operator OpenVoxAnswer(OpenVoxErrno errno) => Failed(errno);
}
