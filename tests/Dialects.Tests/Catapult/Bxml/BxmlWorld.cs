using System.Text;
using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Calls.Scripts;
using Switchhook.Dialects.Catapult;
using Switchhook.Dialects.Catapult.Bxml;
using Switchhook.Ivr;
using Switchhook.Ivr.Simulation;
using Switchhook.TestKit.Timing;

namespace Switchhook.Dialects.Tests.Catapult.Bxml;

/// <summary>An account, its number, and a call that an application's documents steer.</summary>
internal static class BxmlWorld
{
    public const string Url = "http://pbx.example.org/bxml";
    public static readonly CallId Id = new(77);

    public static readonly CallDirectory Provisioned = new(new Provisioning
    {
        Accounts = [new Account { Name = "demo", Dialects = ["catapult"], Catapult = new CatapultCredentials("u-demo", "t-demo", "secret") }],
        Numbers = [new NumberEntry { Number = "+19195550100", Account = "demo", To = new NumberTarget { CatapultApplication = "a-demo" }, FallbackNumber = "+13365550177" }],
        Extensions = [new Extension { Number = "101", Account = "demo" }, new Extension { Number = "300", Account = "other" }],
    });

    public static readonly IDirectory Directory = new FixedDirectory(Provisioned);

    public static BxmlContext Context => new(Provisioned, "demo", "+12525550143");

    public static ManualTime Time() => new(new DateTimeOffset(2017, 3, 2, 13, 0, 6, TimeSpan.Zero));

    public static Call Call() => new()
    {
        Id = Id,
        Origin = new CallOrigin { Kind = CallOriginKind.Trunk, Account = "demo" },
        Plan = new CallPlan.Scripted(new ScriptRef("catapult", Url), TimeSpan.FromSeconds(20)),
        Caller = new Party("+12525550143"),
        Dialed = "+19195550100",
        CalleeDialed = "+19195550100",
        State = new CallState.Ringing(),
        StartedAt = DateTimeOffset.UnixEpoch,
        Accounts = ["demo"],
        Legs =
        [
            new Leg
            {
                Id = new LegId(Id, 1), Direction = LegDirection.Inbound, Role = LegRole.Caller, Party = new Party("+12525550143"),
                State = new LegState.Trying(), StartedAt = DateTimeOffset.UnixEpoch,
            },
        ],
    };

    public static BxmlReading Read(string document) => Dialects.Catapult.Bxml.Bxml.Read(Encoding.UTF8.GetBytes(document), Context);

    public static BxmlScripts Scripts(IHttpCaller http) => new(http, Directory, Time(), new CatapultOptions { Server = static () => "http://127.0.0.1:8088" });

    public static ValueTask<SimulationResult> PlayAsync(SimulatedWeb web, SimulationOptions options, CancellationToken cancellation) =>
        new ScriptSimulation(Scripts(web), Call(), web, options).RunAsync(new ScriptRef("catapult", Url), cancellation);

    private sealed class FixedDirectory(CallDirectory directory) : IDirectory
    {
        public CallDirectory Current => directory;
    }
}
