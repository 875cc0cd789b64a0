using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Switchhook.TestKit.Programs;

namespace Switchhook.TestKit.Networks;

/// <summary>A network of the kernel's own for some programs and sockets of a test: no packet leaves it but through the links it was given.</summary>
public sealed class NetworkNamespace : IAsyncDisposable
{
    private const string Named = "/run/netns";
    private const int CloneNewNet = 0x40000000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static int _count;

    private NetworkNamespace(string name) => Name = name;

    /// <summary>Its name for <c>ip netns</c>: no other test's, in this process or another.</summary>
    public string Name { get; }

    /// <summary>Makes a namespace with nothing but loopback.</summary>
    /// <exception cref="InvalidOperationException">This process may not, or has no <c>ip</c>.</exception>
    public static async Task<NetworkNamespace> CreateAsync()
    {
        var number = Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture);
        var made = new NetworkNamespace(string.Create(CultureInfo.InvariantCulture, $"swh-{Environment.ProcessId}-{number}"));
        await MustAsync("ip", ["netns", "add", made.Name]);
        await made.IpAsync("link", "set", "lo", "up");
        return made;
    }

    /// <summary>Runs <c>ip</c> on this namespace.</summary>
    public Task IpAsync(params string[] arguments) => MustAsync("ip", ["-n", Name, .. arguments]);

    /// <summary>Runs a program in this namespace to its end, which must be a good one.</summary>
    public Task RunAsync(string program, params string[] arguments) => MustAsync("ip", ["netns", "exec", Name, program, .. arguments]);

    /// <summary>A link between two namespaces, each end with its address.</summary>
    public async Task LinkAsync(string name, string address, NetworkNamespace other, string otherName, string otherAddress)
    {
        await IpAsync("link", "add", name, "type", "veth", "peer", "name", otherName, "netns", other.Name);
        await IpAsync("address", "add", address, "dev", name);
        await IpAsync("link", "set", name, "up");
        await other.IpAsync("address", "add", otherAddress, "dev", otherName);
        await other.IpAsync("link", "set", otherName, "up");
    }

    /// <summary>Does something in this namespace: a socket opened there stays there.</summary>
    public T Inside<T>(Func<T> open)
    {
        var (result, failure) = (default(T), default(Exception));
        // A thread of its own: it ends in the namespace and is never given to anyone else.
        var thread = new Thread(() =>
        {
            try
            {
                using var handle = File.OpenHandle(Path.Combine(Named, Name));
                if (SetNamespace((int)handle.DangerousGetHandle(), CloneNewNet) != 0)
                    throw new Win32Exception(Marshal.GetLastPInvokeError());
                result = open();
            }
            catch (Exception e) when (e is IOException or Win32Exception or SocketException or UnauthorizedAccessException)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? result! : throw new InvalidOperationException($"Nothing can be opened in the namespace {Name}: {failure.Message}", failure);
    }

    /// <summary>A handler for an HTTP client whose connections are made in this namespace.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The stream owns the socket.")]
    public HttpMessageHandler HttpHandler() => new SocketsHttpHandler
    {
        ConnectCallback = async (context, stop) =>
        {
            var socket = Inside(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
            await socket.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, stop);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    /// <summary>Takes it away, with its links; its programs must have ended.</summary>
    public async ValueTask DisposeAsync() => await ChildProgram.RunAsync("ip", ["netns", "delete", Name], Limit);

    private static async Task MustAsync(string program, string[] arguments)
    {
        string output;
        try
        {
            (var exitCode, output) = await ChildProgram.RunAsync(program, arguments, Limit);
            if (exitCode == 0)
                return;
        }
        catch (Win32Exception e)
        {
            output = e.Message;
        }
        throw new InvalidOperationException(
            $"Tests across a NAT need root (CAP_NET_ADMIN, CAP_SYS_ADMIN), ip and iptables. '{program} {string.Join(' ', arguments)}' said: {output}");
    }

    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetNamespace(int descriptor, int kind);
}
