using System.Net;
using System.Text.Json;
using Switchhook.TestKit.Http;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;

namespace Switchhook.Server.Tests.Catapult;

/// <summary>A server with two Catapult users, a carrier behind which every number is, applications of every kind, and their web server.</summary>
public sealed class CatapultLab : IAsyncLifetime
{
    public const string User = "u-lab", Token = "t-lab", Secret = "lab-api-secret";
    public const string OtherUser = "u-other", OtherToken = "t-other", OtherSecret = "other-api-secret";

    /// <summary>A number of the account's; calls to it are answered at once and told to <c>/in</c>.</summary>
    public const string Own = "+14155550100";

    /// <summary>Calls to it ring until the application says what becomes of them.</summary>
    public const string Offered = "+14155550101";

    /// <summary>Its application takes events by GET and answers with documents, at <c>/bxml</c>.</summary>
    public const string Documents = "+14155550102";

    /// <summary>Its application has no address for calls.</summary>
    public const string Refusing = "+14155550103";

    /// <summary>Calls to it ring; tests say where its application, <c>a-deaf</c>, is.</summary>
    public const string Deaf = "+14155550104";

    /// <summary>A test deletes its application, <c>a-gone</c>.</summary>
    public const string Gone = "+14155550105";

    /// <summary>Nobody is at the address of their applications; the calls go to other numbers: by POST, by GET with a document, to where nobody is, and to a service.</summary>
    public const string UnheardOffered = "+14155550106", UnheardDocuments = "+14155550107", UnheardNowhere = "+14155550108", UnheardService = "+14155550109";
    public const string OfferedInstead = "+13365559901", DocumentsInstead = "+13365559902", NobodyInstead = "1059", ServiceInstead = "1098";
    public const string OtherOwn = "+14155550199";
    public const string CarrierAddress = "127.0.0.8";

    private int _number = 100;
    private int _phone = 1001;

    public TestServer Server { get; private set; } = null!;
    public WebhookInbox App { get; private set; } = null!;
    public ScriptedPhone Carrier { get; private set; } = null!;
    public CatapultApi Catapult { get; private set; } = null!;
    public CatapultApi Other { get; private set; } = null!;

    /// <summary>A number behind the carrier that nobody has called.</summary>
    public string NextNumber() => $"+1336555{_number++:0000}";

    /// <summary>An extension nobody has used.</summary>
    public string NextPhone() => $"{_phone++}";

    public async ValueTask InitializeAsync()
    {
        App = await WebhookInbox.StartAsync();
        Carrier = OpenCarrier();
        Server = await TestServer.StartAsync(new ServerSetup { Provisioning = Provisioning(App.Url, Carrier.Local.Port) });
        Carrier.Settings = Carrier.Settings with { Server = Server.SipUdp };
        Catapult = ApiOf(Server);
        Other = new CatapultApi(Server.Http, OtherUser, OtherToken, OtherSecret);
    }

    public async ValueTask DisposeAsync()
    {
        Catapult.Dispose();
        Other.Dispose();
        await Server.DisposeAsync();
        await Carrier.DisposeAsync();
        await App.DisposeAsync();
    }

    public static CatapultApi ApiOf(TestServer server) => new(server.Http, User, Token, Secret);

    public static ProvisioningBuilder Provisioning(string app, int carrierPort, string carrier = CarrierAddress)
    {
        var provisioning = new ProvisioningBuilder()
            .AddCatapult(User, Token, Secret)
            .AddAccount("other", "other-secret", "shk_other").AddCatapult(OtherUser, OtherToken, OtherSecret)
            .AddCatapultApplication("a-answers", $"{app}/in", autoAnswer: true, Own, fallback: $"{app}/in-fallback")
            .AddCatapultApplication("a-offers", $"{app}/offer", autoAnswer: false, Offered)
            .AddCatapultApplication("a-documents", $"{app}/bxml", autoAnswer: true, Documents, method: "get")
            .AddCatapultApplication("a-refuses", null, autoAnswer: false, Refusing)
            .AddCatapultApplication("a-deaf", $"{app}/deaf", autoAnswer: false, Deaf)
            .AddCatapultApplication("a-gone", $"{app}/gone", autoAnswer: false, Gone)
            .AddCatapultApplication("a-unheard", $"{app}/unheard", autoAnswer: false, UnheardOffered, fallbackNumber: OfferedInstead)
            .AddCatapultApplication("a-unheard-get", $"{app}/unheard", autoAnswer: true, UnheardDocuments, method: "get", fallbackNumber: DocumentsInstead)
            .AddCatapultApplication("a-unheard-nowhere", $"{app}/unheard", autoAnswer: true, UnheardNowhere, method: "get", fallbackNumber: NobodyInstead)
            .AddCatapultApplication("a-unheard-service", $"{app}/unheard", autoAnswer: true, UnheardService, method: "get", fallbackNumber: ServiceInstead).AddService(ServiceInstead, "answer")
            .AddCatapultApplication("a-other", $"{app}/other", autoAnswer: true, OtherOwn, account: "other")
            .AddTrunk("carrier", carrier, carrierPort, carrier, "all").AddRoute("world", "+X.", "carrier");
        for (var phone = 1001; phone < 1060; phone++)
            provisioning.AddPhone($"{phone}");
        return provisioning;
    }

    public static ScriptedPhone OpenCarrier(string address = CarrierAddress) => ScriptedPhone.Open(new PhoneSettings
    {
        User = "carrier",
        Server = new IPEndPoint(IPAddress.Loopback, 9),
        Local = new IPEndPoint(IPAddress.Parse(address), 0),
    });

    /// <summary>A member of an event that was posted; an empty text when it is missing.</summary>
    public static string Of(WebhookRequest request, string member)
    {
        if (request.Method == "GET")
            return Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(request.Query).TryGetValue(member, out var found) ? found.ToString() : "";
        using var json = JsonDocument.Parse(request.Body);
        return json.RootElement.TryGetProperty(member, out var value) ? value.ToString() : "";
    }

    /// <summary>Takes the event of that type about that call.</summary>
    public Task<WebhookRequest> EventAsync(string type, string call) =>
        App.NextAsync(r => (r.Method == "GET" || r.Body.StartsWith('{')) && Of(r, "eventType") == type && Of(r, "callId") == call, $"{type} of {call}");
}

/// <summary>The tests that share the one server.</summary>
[CollectionDefinition(Name)]
public sealed class CatapultLabCollection : ICollectionFixture<CatapultLab>
{
    public const string Name = "catapult lab";
}
