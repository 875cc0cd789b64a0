using System.Net;
using Switchhook.TestKit.Networks;

namespace Switchhook.TestKit.Sip;

/// <summary>How a phone carries its messages.</summary>
public enum Wire
{
    Udp,
    Tcp,
    Tls,
    Ws,
    Wss,
}

/// <summary>Who a phone is and where its server is.</summary>
public sealed record PhoneSettings
{
    /// <summary>User part of its address, such as an extension's number.</summary>
    public required string User { get; init; }
    public required IPEndPoint Server { get; init; }
    public Wire Wire { get; init; } = Wire.Udp;

    /// <summary>Password for challenges; null never answers one.</summary>
    public string? Secret { get; init; }

    /// <summary>Host part of the addresses it writes.</summary>
    public string Domain { get; init; } = "switchhook.local";

    /// <summary>Its own address; the port is picked by the system unless given.</summary>
    public IPEndPoint Local { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>The network its socket is in; the machine's own when null.</summary>
    public NetworkNamespace? Network { get; init; }

    /// <summary>The digest algorithm to choose; null takes the first known one offered.</summary>
    public string? Algorithm { get; init; }
}
