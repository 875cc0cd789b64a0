using System.Net;
using Switchhook.TestKit.Http;
using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Dialects;

/// <summary>A server with one account that has every dialect, a carrier behind which every number is, and an application of each dialect.</summary>
public sealed class DialectsLab : IAsyncLifetime
{
    /// <summary>The account's number.</summary>
    public const string Own = "+14155550100";
    public const string Phone = "601";

    /// <summary>Numbers of the account whose calls ring until somebody acts: a Hoiio application's, a Catapult application's, the phone's.</summary>
    public const string HoiioNumber = "+14155550101", CatapultNumber = "+14155550102", PhoneNumber = "+14155550103";

    /// <summary>Numbers of the account that ring its phone, so many, one for each call of a test.</summary>
    public const int PhoneNumbers = 16;

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const string CarrierAddress = "127.0.0.9", OtherCarrierAddress = "127.0.0.10";
    private const string User = "u-lab", CatapultToken = "t-lab", CatapultSecret = "lab-api-secret";
    private const string WebhookSecret = "whsec_c3dpdGNoaG9vay13ZWJob29rLXNlY3JldA==";
    private const string AppId = "labApp0000000001", HoiioToken = "tok-5f1c0d9e";

    private readonly List<DialectDriver> _drivers = [];
    private readonly int _otherCarrierPort = FreePort.Next();
    private int _number = 100;
    private int _phoneNumber;

    public TestServer Server { get; private set; } = null!;
    public WebhookInbox App { get; private set; } = null!;
    public ReportListener Reports { get; private set; } = null!;
    public ScriptedPhone Carrier { get; private set; } = null!;

    public IReadOnlyList<DialectDriver> Drivers => _drivers;

    public DialectDriver this[string name] => _drivers.Single(d => d.Words.Name == name);

    public async ValueTask InitializeAsync()
    {
        App = await WebhookInbox.StartAsync();
        Reports = ReportListener.Open();
        Carrier = ScriptedPhone.Open(new PhoneSettings
        {
            User = "carrier",
            Server = new IPEndPoint(IPAddress.Loopback, 9),
            Local = new IPEndPoint(IPAddress.Parse(CarrierAddress), 0),
        });
        var provisioning = new ProvisioningBuilder()
            .AddHoiio(AppId, HoiioToken, balance: "5000.000", ("+", "0.024"))
            .AddCatapult(User, CatapultToken, CatapultSecret)
            .AddWebhook(App.Url + NativeDriver.Path, WebhookSecret, "call.ended")
            .AddCatapultApplication("a-lab", $"{App.Url}/in", autoAnswer: true, Own)
            .AddApiExtension(OzekiDriver.Extension, $"{App.Url}/incoming").AddPhone(Phone)
            .AddHoiioNumber(HoiioNumber, $"{App.Url}/hoiio-in").AddCatapultApplication("a-rings", $"{App.Url}/in", autoAnswer: false, CatapultNumber)
            .AddNumber(PhoneNumber, Phone)
            .AddTrunk("carrier", CarrierAddress, Carrier.Local.Port, CarrierAddress, "all").AddRoute("world", "+X.", "carrier")
            .AddTrunk("sipp", OtherCarrierAddress, _otherCarrierPort, OtherCarrierAddress).AddRoute("sipp", "+1337X.", "sipp");
        for (var n = 0; n < PhoneNumbers; n++)
            provisioning.AddNumber(PhoneNumberOf(n), Phone);
        Server = await TestServer.StartAsync(new ServerSetup { Provisioning = provisioning });
        Carrier.Settings = Carrier.Settings with { Server = Server.SipUdp };
        var openVox = Server.OpenVox();
        Assert.Equal("Success", (await openVox.LoginAsync(Reports.Port)).Outcome);
        _drivers.AddRange(
        [
            new NativeDriver(this),
            new OzekiDriver(this),
            new OpenVoxDriver(this, openVox, Reports),
            new HoiioDriver(this, new HoiioApi(Server.Http, AppId, HoiioToken)),
            new CatapultDriver(this, new CatapultApi(Server.Http, User, CatapultToken, CatapultSecret)),
        ]);
    }

    public async ValueTask DisposeAsync()
    {
        _drivers.ForEach(d => d.Dispose());
        await Server.DisposeAsync();
        await Carrier.DisposeAsync();
        await Reports.DisposeAsync();
        await App.DisposeAsync();
    }

    /// <summary>The account's phone, registered from there alone: one that another test left behind rings no more.</summary>
    public async Task<ScriptedPhone> PhoneAsync()
    {
        var phone = Server.Phone(Phone);
        Assert.Equal(200, (await phone.RegisterAsync("*", 0)).Status);
        Assert.Equal(200, (await phone.RegisterAsync()).Status);
        return phone;
    }

    /// <summary>A number behind the carrier that nobody has called.</summary>
    public string NextNumber() => $"+1336555{_number++:0000}";

    /// <summary>The same, behind a <see cref="SippAsync"/>.</summary>
    public string NextSippNumber() => $"+1337555{_number++:0000}";

    /// <summary>A number that rings the phone and that nobody has called.</summary>
    public string NextPhoneNumber() => PhoneNumberOf(_phoneNumber++);

    /// <summary>A sipp that takes one call.</summary>
    public async Task<SippRun> SippAsync(string scenario)
    {
        var run = SippRun.Start(new SippSettings
        {
            Scenario = Path.Combine(AppContext.BaseDirectory, "Scenarios", $"{scenario}.xml"),
            Server = Server.SipUdp,
            Address = IPAddress.Parse(OtherCarrierAddress),
            Port = _otherCarrierPort,
            Calls = 1,
        });
        await run.ListeningAsync();
        return run;
    }

    /// <summary>A call whose first party has the INVITE and says nothing.</summary>
    public async Task<OneCall> PlaceAsync(DialectDriver placer)
    {
        var number = NextNumber();
        await placer.PlaceAsync(number);
        var far = await OfferedAsync(number);
        return new OneCall(number, (await Server.Native.LiveBySipAsync(far.CallId)).Id, [far]);
    }

    /// <summary>A call that every party has answered, and whose application knows it.</summary>
    public async Task<OneCall> TalkAsync(DialectDriver placer)
    {
        var number = NextNumber();
        var second = await placer.PlaceAsync(number);
        List<ScriptedCall> legs = [await AnswerAsync(number)];
        if (second is not null)
            legs.Add(await AnswerAsync(second));
        var id = (await Server.Native.LiveBySipAsync(legs[0].CallId)).Id;
        await Eventually.GetAsync(() => Server.Native.CallAsync(id), c => c.State == "talking", "the call talks", Patience);
        await placer.AnsweredAsync(number);
        return new OneCall(number, id, legs);
    }

    /// <summary>The party behind the carrier answers.</summary>
    public async Task<ScriptedCall> AnswerAsync(string number)
    {
        var offered = await OfferedAsync(number);
        await offered.AnswerAsync(ScriptedPhone.SilentSdp());
        return offered;
    }

    public Task<ScriptedCall> OfferedAsync(string number) =>
        Carrier.IncomingAsync(m => m.RequestUri.Contains(number[1..], StringComparison.Ordinal), Patience);

    private static string PhoneNumberOf(int n) => $"+141555502{n:00}";
}
