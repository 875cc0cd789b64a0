using System.Globalization;
using System.Net;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Calls.Scripts;
using Switchhook.Dialects.Ozeki;
using Switchhook.Dialects.Ozeki.Messages;
using Switchhook.TestKit.Timing;

namespace Switchhook.Dialects.Tests.Ozeki;

/// <summary>The dialect over fakes: two accounts with extensions, and calls as they come.</summary>
internal sealed class OzekiWorld
{
    public static readonly DateTimeOffset Start = new(2026, 5, 6, 14, 2, 11, TimeSpan.Zero);
    public static readonly CallId First = new(123_456_789_012);

    public const string Credentials = "&Username=ops&Password=s3cret";

    public FakeExchange Exchange { get; } = new();
    public FakeHistory History { get; } = new();
    public IDirectory Directory { get; init; } = new FakeDirectory(Provisioned);
    public OzekiOptions Options { get; init; } = new();
    public DateTimeOffset Now { get; init; } = Start.AddSeconds(44.207);
    public IPAddress? From { get; init; } = IPAddress.Loopback;

    /// <summary>Messages and mail; null: none can be sent.</summary>
    public OzekiMessages? Messages { get; init; }

    /// <summary>Says what is wrong with audio; null: nobody.</summary>
    public IPrompts? Prompts { get; init; }

    /// <summary>Changes what is provisioned; null: nobody can.</summary>
    public IProvisioningChanges? Editor { get; init; }

    /// <summary>The classic profile.</summary>
    public bool IsClassic { get; init; }

    public OzekiApi Api => new(Exchange, History, Directory, new FakeRegistrations("204"), new ManualTime(Now), Options, Messages, IsClassic, Editor) { Prompts = Prompts };

    public static Provisioning Provisioned => new()
    {
        Accounts =
        [
            new Account
            {
                Name = "ops", Password = "s3cret", Dialects = ["ozeki"],
                Ozeki = new OzekiSettings("http://app.test/changed", "http://app.test/failed")
                {
                    AddressBooks = [new AddressBook("Customers", [new("Ágnes Kiss", "+3615550100", "agnes@example.test"), new("Bob", null, "bob@example.test"), new("Carl", "204")]), new AddressBook("Empty", [])],
                },
            },
            new Account { Name = "other", Password = "0ther", Dialects = ["Ozeki"] },
            new Account { Name = "plain", Password = "plain", Dialects = ["native"] },
            new Account { Name = "nopass", Dialects = ["ozeki"] },
        ],
        Extensions =
        [
            new Extension { Number = "201", Account = "ops" },
            new Extension { Number = "204", Account = "ops" },
            new Extension { Number = "900", Account = "ops", Kind = ExtensionKind.Api, Url = "http://app.test/in" },
            new Extension { Number = "901", Account = "ops", Kind = ExtensionKind.Api, Url = "http://app.test/in2" },
            new Extension { Number = "977", Account = "other", Kind = ExtensionKind.Api },
            new Extension { Number = "800", Kind = ExtensionKind.Service, Behaviour = ServiceBehaviour.Echo },
        ],
    };

    /// <summary>An ordinary call from 201 to 204 that rang 3.18 s.</summary>
    public static Call Ordinary(int number = 0) => new()
    {
        Id = new CallId(First.Value + number),
        Origin = new CallOrigin { Kind = CallOriginKind.Extension, Account = "ops" },
        Plan = new CallPlan.Connect(new LegTarget.Extension("204"), TimeSpan.FromSeconds(90)),
        Caller = new Party("201"),
        Dialed = "204",
        CalleeDialed = "204",
        State = new CallState.Talking(),
        StartedAt = Start,
        RingingAt = Start,
        AnsweredAt = Start.AddSeconds(3.18),
        Accounts = ["ops"],
    };

    /// <summary>A call API extension 900 placed to 204.</summary>
    public static Call Placed(CallCallbacks? callbacks = null) => Ordinary() with
    {
        Origin = new CallOrigin { Kind = CallOriginKind.Api, Dialect = "ozeki", Account = "ops", ApiExtension = "900" },
        Plan = new CallPlan.Originated(
            new LegTarget.Extension("204"), new OnAnswer.RunScript(new ScriptRef("ozeki", "http://app.test/up")), null, TimeSpan.FromSeconds(25)),
        Caller = new Party("900", "Delivery"),
        Callbacks = callbacks ?? CallCallbacks.None,
    };

    /// <summary>A call from a trunk that reached API extension 900.</summary>
    public static Call Incoming() => Ordinary() with
    {
        Origin = new CallOrigin { Kind = CallOriginKind.Trunk, Account = "ops", ApiExtension = "900" },
        Plan = new CallPlan.Scripted(new ScriptRef("ozeki", "http://app.test/in"), TimeSpan.FromSeconds(10)),
        Caller = new Party("+3615550100", "Ágnes & Co"),
        Dialed = "+3615550199",
        CalleeDialed = "900",
        State = new CallState.Ringing(),
        AnsweredAt = null,
    };

    public static Call Ended(Call call, HangupCause cause, HangupBy by) =>
        call with { State = new CallState.Ended(by, cause), EndedAt = Start.AddSeconds(44.5) };

    /// <summary>GET with a query; the answer's body.</summary>
    public async Task<string> GetAsync(string query) => (await SendAsync("GET", (IsClassic ? "/?" : "/api?") + query)).Body;

    /// <summary>GET with good credentials; code and message.</summary>
    public async Task<(int Code, string Message)> AskAsync(string query)
    {
        var answer = XElement.Parse(await GetAsync(query + Credentials));
        return (int.Parse(answer.Element("Code")!.Value, CultureInfo.InvariantCulture), answer.Element("Message")!.Value);
    }

    /// <summary>GET with good credentials; the whole answer.</summary>
    public async Task<XElement> ListAsync(string query) => XElement.Parse(await GetAsync(query + Credentials));

    public async Task<(int Status, string? ContentType, string Body)> SendAsync(
        string method, string target, string body = "", string? contentType = "application/x-www-form-urlencoded")
    {
        var context = new DefaultHttpContext();
        var question = target.IndexOf('?', StringComparison.Ordinal);
        context.Request.Method = method;
        context.Request.Path = question < 0 ? target : target[..question];
        context.Request.QueryString = new QueryString(question < 0 ? "" : target[question..]);
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        context.Request.ContentType = method == "POST" ? contentType : null;
        context.Connection.RemoteIpAddress = From;
        using var answer = new MemoryStream();
        context.Response.Body = answer;
        await Api.HandleAsync(context);
        return (context.Response.StatusCode, context.Response.ContentType, Encoding.UTF8.GetString(answer.ToArray()));
    }

    public static CallEnded CallEndedOf(Call call, int sequence = 5) => new() { Call = call, Sequence = sequence, At = Start.AddSeconds(44.5) };

    public static LegEnded LegEndedOf(Call call, int sequence) => new()
    {
        Call = call,
        Sequence = sequence,
        At = Start,
        Record = new HangupRecord
        {
            Leg = new LegId(call.Id, 1),
            By = new HangupBy.Caller(),
            Cause = HangupCause.NormalClearing,
            Phase = LegPhase.Bridged,
            StartedAt = Start,
            EndedAt = Start,
        },
    };
}
