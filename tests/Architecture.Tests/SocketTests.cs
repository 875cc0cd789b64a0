using System.Text.RegularExpressions;

namespace Switchhook.Architecture.Tests;

/// <summary>Sockets live in the Transport folders of Sip and Media and nowhere else.</summary>
public sealed partial class SocketTests
{
    private static readonly string[] SocketTypes = ["Socket", "UdpClient", "TcpClient", "TcpListener", "NetworkStream", "SocketAsyncEventArgs"];

    private static readonly HashSet<string> SocketFunctions =
    [
        "socket", "bind", "listen", "accept", "accept4", "connect", "send", "sendto", "sendmsg", "sendmmsg", "recv", "recvfrom", "recvmsg",
        "recvmmsg", "setsockopt", "getsockopt", "getsockname", "getpeername", "shutdown", "poll", "ppoll", "select",
        "epoll_create", "epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait", "epoll_pwait2",
    ];

    public static TheoryData<string> Projects() => [.. Repository.SourceProjects()];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_socket_type_is_named_only_below_Transport(string project)
    {
        var outside =
            from file in Repository.CodeBelow($"src/{project}")
            where !file.Contains("/Transport/", StringComparison.Ordinal)
            from line in Repository.CodeLines(file)
            where SocketType().IsMatch(line)
            select $"{file}: {line.Trim()}";

        Assert.Empty(outside);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_compiled_project_without_a_Transport_folder_refers_to_no_socket_type(string project)
    {
        using var assembly = Compiled.Open(project);
        // Webhooks connects by itself, so that the address that was checked is the address that is called.
        var mayHaveSockets = project is "Sip" or "Media" or "Webhooks";

        var sockets = mayHaveSockets ? [] : assembly.TypeReferences.Intersect(SocketTypes.Select(t => $"System.Net.Sockets.{t}"));

        Assert.Empty(sockets);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_native_socket_function_is_called_only_from_a_Transport_namespace(string project)
    {
        using var assembly = Compiled.Open(project);

        var outside = assembly.NativeCalls.Where(c => SocketFunctions.Contains(c.Function)
            && !(project is "Sip" or "Media" && $"{c.Namespace}.".Contains(".Transport.", StringComparison.Ordinal)));

        Assert.Empty(outside);
    }

    [GeneratedRegex(@"(?<![\w.])(Socket|UdpClient|TcpClient|TcpListener|NetworkStream|SocketAsyncEventArgs)(?!\w)")]
    private static partial Regex SocketType();
}
