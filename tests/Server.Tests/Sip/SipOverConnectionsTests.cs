using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;

namespace Switchhook.Server.Tests.Sip;

/// <summary>Phones that reach the server over TLS (RFC 3261 §26.2.1) or a WebSocket (RFC 7118) and are reached over the connection they have made.</summary>
public sealed class SipOverConnectionsTests
{
    private static ServerSetup Setup => new()
    {
        Provisioning = new ProvisioningBuilder().AddPhone("701").AddPhone("702"),
        Settings = ["Sip:Listen=udp://127.0.0.1:0,tcp://127.0.0.1:0,tls://127.0.0.1:0,ws://127.0.0.1:0,wss://127.0.0.1:0"],
    };

    [Theory]
    [InlineData(Wire.Tls, Wire.Tls, "TLS", "tls")]
    [InlineData(Wire.Udp, Wire.Tls, "TLS", "tls")]
    [InlineData(Wire.Ws, Wire.Ws, "WS", "ws")]
    [InlineData(Wire.Udp, Wire.Wss, "WSS", "ws")]
    public async Task A_phone_is_called_over_its_connection_and_hangs_up(Wire callers, Wire callees, string via, string transport)
    {
        await using var server = await TestServer.StartAsync(Setup);
        await using var caller = server.Phone("701", callers);
        await using var callee = await server.RegisteredPhoneAsync("702", callees);

        var placed = await caller.DialAsync("702");
        var offered = await callee.IncomingAsync();
        await offered.AnswerAsync(ScriptedPhone.SilentSdp());
        await placed.ConnectAsync();
        var id = (await server.Native.LiveBySipAsync(placed.CallId)).Id;
        Assert.Equal(200, (await offered.HangUpAsync()).Status);
        await placed.ExpectByeAsync();
        var call = await server.Native.ConfirmedCallAsync(id);

        Assert.StartsWith($"SIP/2.0/{via} ", offered.Offered!.Header("Via"), StringComparison.Ordinal);
        Assert.Contains($";transport={transport}>", offered.Offered.Header("Contact"), StringComparison.Ordinal);
        Assert.Equal(("callee", "NORMAL_CLEARING"), (call.Legs[0].Hangup!.By, call.Legs[0].Hangup!.CauseName));
        await server.QuietAsync();
    }

    [Fact]
    public async Task A_phone_whose_connection_is_cut_is_not_reached_any_more()
    {
        await using var server = await TestServer.StartAsync(Setup);
        await using var caller = server.Phone("701");
        await using var callee = await server.RegisteredPhoneAsync("702", Wire.Tls);
        callee.CutConnections();

        var placed = await caller.DialAsync("702");
        var refusal = await placed.ExpectRefusalAsync(503);

        Assert.Equal(41, refusal.Q850);
        await server.QuietAsync();
    }

    [Fact]
    public async Task The_certificate_that_the_server_makes_stays_over_restarts()
    {
        using var data = new TempFolder();
        await using var server = await TestServer.StartAsync(Setup with { Data = data.At("data") });
        var first = await ShownAsync(server);
        await server.KillAsync();

        await using var again = await server.StartAgainAsync();
        var second = await ShownAsync(again);

        Assert.Equal("CN=switchhook.local", first.Subject);
        Assert.Equal(first.Thumbprint, second.Thumbprint);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(data.At("data/sip-tls.pem")));
    }

    private static async Task<X509Certificate2> ShownAsync(TestServer server)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.SipTls);
        await using var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, static (_, shown, _, _) => shown is not null);
        await tls.AuthenticateAsClientAsync("switchhook.local");
        return X509CertificateLoader.LoadCertificate(tls.RemoteCertificate!.GetRawCertData());
    }
}
