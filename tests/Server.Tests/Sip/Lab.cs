using System.Net;
using Switchhook.TestKit.Http;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;

namespace Switchhook.Server.Tests.Sip;

/// <summary>
/// One running server that many tests use one after the other: phones from 1001 on, service extensions, API extensions, an application, and
/// two carriers of whom one challenges. Each test takes phones nobody has used before.
/// </summary>
public sealed class Lab : IAsyncLifetime
{
    public const string AnswerService = "800";
    public const string HangupService = "801";
    public const string RingService = "802";
    public const string BusyService = "803";
    public const string RejectService = "804";
    public const string EchoService = "805";
    public const string ApiExtension = "900";
    /// <summary>An extension with a public number of its own.</summary>
    public const string Desk = "110";
    public const string DeskNumber = "+3615550110";

    /// <summary>An account whose application routes its calls, and its phones.</summary>
    public const string RoutedAccount = "routed";
    public const string RoutedKey = "shk_routed";
    public static readonly string[] RoutedPhones = ["701", "702", "703", "704"];

    public const string OtherAccount = "other";
    public const string OtherPassword = "other-secret";
    public const string OtherKey = "shk_other";

    /// <summary>Calls to numbers that begin so go to the carrier that challenges.</summary>
    public const string GuardedPrefix = "+99";
    public const string CarrierUser = "trunkuser";
    public const string CarrierSecret = "trunksecret";

    private const int FirstPhone = 1001;
    private const int Phones = 400;

    private int _phone = FirstPhone;
    private int _number = 100;

    public TestServer Server { get; private set; } = null!;
    public WebhookInbox App { get; private set; } = null!;

    /// <summary>The peer exchange that numbers beginning with a plus sign lead to.</summary>
    public ScriptedPhone Carrier { get; private set; } = null!;

    /// <summary>A peer exchange that wants credentials.</summary>
    public ScriptedPhone Guarded { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        App = await WebhookInbox.StartAsync();
        // The carriers must be there before the server, which is told their ports; where the server is they learn later.
        Carrier = OpenCarrier("127.0.0.5");
        Guarded = OpenCarrier("127.0.0.6");
        var provisioning = new ProvisioningBuilder()
            .AddAccount(OtherAccount, OtherPassword, OtherKey)
            .AddAccount(RoutedAccount, "routed-secret", RoutedKey, errorUrl: $"{App.Url}/routing-failed", routingUrl: $"{App.Url}/route?from=pbx")
            .AddService(AnswerService, "answer").AddService(HangupService, "hangup").AddService(RingService, "ring")
            .AddService(BusyService, "busy").AddService(RejectService, "reject").AddService(EchoService, "echo")
            .AddPhone(Desk).AddNumber(DeskNumber, Desk)
            .AddApiExtension(ApiExtension, $"{App.Url}/incoming")
            .AddTrunk("carrier", "127.0.0.5", Carrier.Local.Port, "127.0.0.5", "all")
            .AddTrunk("guarded", "127.0.0.6", Guarded.Local.Port, "127.0.0.6", "all", user: CarrierUser, secret: CarrierSecret)
            .AddRoute("guarded", "+99X.", "guarded").AddRoute("world", "+X.", "carrier");
        foreach (var phone in RoutedPhones)
            provisioning.AddPhone(phone, RoutedAccount);
        for (var i = 0; i < Phones; i++)
            provisioning.AddPhone($"{FirstPhone + i}");
        Server = await TestServer.StartAsync(new ServerSetup { Provisioning = provisioning });
        Carrier.Settings = Carrier.Settings with { Server = Server.SipUdp };
        Guarded.Settings = Guarded.Settings with { Server = Server.SipUdp };
    }

    /// <summary>An extension nobody has used.</summary>
    public string NextPhone() => $"{_phone++}";

    /// <summary>A public number nobody has called.</summary>
    public string NextNumber() => $"+3630{_number++}";

    /// <summary>A number behind the carrier that challenges.</summary>
    public string NextGuardedNumber() => $"{GuardedPrefix}30{_number++}";

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Carrier.DisposeAsync();
        await Guarded.DisposeAsync();
        await App.DisposeAsync();
    }

    private static ScriptedPhone OpenCarrier(string address) => ScriptedPhone.Open(new PhoneSettings
    {
        User = "carrier",
        Server = new IPEndPoint(IPAddress.Loopback, 9),
        Local = new IPEndPoint(IPAddress.Parse(address), 0),
    });
}

/// <summary>The tests that share the one server.</summary>
[CollectionDefinition(Name)]
public sealed class LabCollection : ICollectionFixture<Lab>
{
    public const string Name = "lab";
}
