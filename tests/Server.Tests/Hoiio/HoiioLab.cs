using System.Net;
using System.Security.Cryptography;
using System.Text;
using Switchhook.TestKit.Http;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;

namespace Switchhook.Server.Tests.Hoiio;

/// <summary>A server with two Hoiio applications, a carrier behind which every number is, and the applications' web server.</summary>
public sealed class HoiioLab : IAsyncLifetime
{
    public const string AppId = "labApp0000000001";
    public const string Token = "tok-5f1c0d9e";
    public const string OtherAppId = "otherApp00000001";
    public const string OtherToken = "tok-other";

    /// <summary>The number the account is registered with; calls to it go to <c>/in</c>.</summary>
    public const string OwnNumber = "+6531580000";

    private int _number = 100;

    public TestServer Server { get; private set; } = null!;
    public WebhookInbox App { get; private set; } = null!;
    public ScriptedPhone Carrier { get; private set; } = null!;
    public HoiioApi Hoiio { get; private set; } = null!;

    /// <summary>A number behind the carrier that nobody has called.</summary>
    public string NextNumber() => $"+65912{_number++:00000}";

    public async ValueTask InitializeAsync()
    {
        App = await WebhookInbox.StartAsync();
        Carrier = OpenCarrier();
        Server = await TestServer.StartAsync(new ServerSetup { Provisioning = Provisioning(App.Url, Carrier.Local.Port) });
        Carrier.Settings = Carrier.Settings with { Server = Server.SipUdp };
        Hoiio = new HoiioApi(Server.Http, AppId, Token);
    }

    public async ValueTask DisposeAsync()
    {
        Hoiio.Dispose();
        await Server.DisposeAsync();
        await Carrier.DisposeAsync();
        await App.DisposeAsync();
    }

    public static ProvisioningBuilder Provisioning(string app, int carrierPort) => new ProvisioningBuilder()
        .AddHoiio(AppId, Token, balance: "50.000", ("+", "0.024"), ("+653158", "0.012"))
        .AddAccount("other", "other-secret", "shk_other").AddHoiio(OtherAppId, OtherToken)
        .AddHoiioNumber(OwnNumber, $"{app}/in")
        .AddTrunk("carrier", CarrierAddress, carrierPort, CarrierAddress, "all").AddRoute("world", "+X.", "carrier");

    public const string CarrierAddress = "127.0.0.7";

    public static ScriptedPhone OpenCarrier() => ScriptedPhone.Open(new PhoneSettings
    {
        User = "carrier",
        Server = new IPEndPoint(IPAddress.Loopback, 9),
        Local = new IPEndPoint(IPAddress.Parse(CarrierAddress), 0),
    });

    /// <summary>What the vendor's manual tells a receiver to compare the header with.</summary>
    public static string Sign(string body) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Token), Encoding.UTF8.GetBytes(body)));
}

/// <summary>The tests that share the one server.</summary>
[CollectionDefinition(Name)]
public sealed class HoiioLabCollection : ICollectionFixture<HoiioLab>
{
    public const string Name = "hoiio lab";
}
