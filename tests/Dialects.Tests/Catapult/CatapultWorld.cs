using System.Collections.Immutable;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Catapult;
using Switchhook.Dialects.Tests.Ozeki;
using Switchhook.TestKit.Timing;

namespace Switchhook.Dialects.Tests.Catapult;

/// <summary>A directory that can be changed, and a store that counts.</summary>
internal sealed class ChangingDirectory(Provisioning provisioning) : IDirectory, IProvisioningChanges
{
    public CallDirectory Current { get; private set; } = new(provisioning);

    public void Change(Func<Provisioning, Provisioning> change) => Current = new CallDirectory(change(Current.Provisioning));
}

/// <summary>Events of calls as they were given.</summary>
internal sealed class FakeLog : ICallLog
{
    public List<CallEvent> Events { get; } = [];

    public long LastCursor() => Events.Count;

    public void Append(IReadOnlyList<LogWrite> writes) => throw new NotSupportedException();

    public IReadOnlyList<UnfinishedCall> Unfinished() => [];

    public ValueTask<LogPage> ReadAsync(long after, int most, EventFilter filter, CancellationToken cancellation)
    {
        var read = Events.Skip((int)after).Take(most).ToList();
        return new(new LogPage([.. read.Index().Where(e => filter.Wants(e.Item)).Select(e => new LoggedEvent(after + e.Index + 1, e.Item))], after + read.Count, 0));
    }
}

/// <summary>Every sound can be played, unless told otherwise.</summary>
internal sealed class FakePrompts : IPrompts
{
    public PromptFault Fault { get; set; }

    public ValueTask<PromptFault> PrepareAsync(AudioSource source, int mostOctets, CancellationToken cancellation) => new(Fault);
}

/// <summary>An answer with everything that matters of it.</summary>
internal sealed record Answered(int Status, string Body, string? ContentType, IHeaderDictionary Headers)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string Code => Json.GetProperty("code").GetString()!;

    public string Message => Json.GetProperty("message").GetString()!;
}

/// <summary>The dialect over fakes: the vendor's examples as accounts, numbers and calls.</summary>
internal sealed class CatapultWorld
{
    public const string User = "u-4gkq2zr7mnb5xw3yd6tcela";
    public const string Own = "+19195550100";

    public static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 13, 58, TimeSpan.Zero);
    public static readonly CallId First = new((Start - CallId.Epoch).Ticks / 100);

    public FakeExchange Exchange { get; } = new();
    public FakeHistory History { get; } = new();
    public FakeLog Log { get; } = new();
    public FakePrompts Prompts { get; } = new();
    public ChangingDirectory Directory { get; } = new(Provisioned);
    public CatapultApi Api => _api ??= new(
        new CatapultOutside
        {
            Calls = Exchange,
            History = OtherHistory ?? History,
            Log = Log,
            Directory = Directory,
            Changes = Directory,
            Outbox = null!,
            Prompts = Prompts,
            Media = null!,
            Recordings = Recordings!,
            Bridges = Bridges!,
            Http = new FakeHttp(),
            Time = Time,
        },
        Options);

    /// <summary>In place of the usual one.</summary>
    public ICallHistory? OtherHistory { get; init; }
    public IRecordingShelf? Recordings { get; init; }
    public Switchhook.Dialects.Catapult.Bridges.CatapultBridges? Bridges { get; init; }

    public ManualTime Time { get; } = new(Start.AddMinutes(5));
    public CatapultOptions Options { get; init; } = Usual;

    public static readonly CatapultOptions Usual = new() { Server = () => "https://api.catapult.inetwork.com" };

    private CatapultApi? _api;

    public static Provisioning Provisioned => new()
    {
        Accounts =
        [
            new Account { Name = "crm", Dialects = ["catapult"], Catapult = new CatapultCredentials(User, "t-token", "secret"), Balance = "538.37250" },
            new Account { Name = "other", Dialects = ["catapult"], Catapult = new CatapultCredentials("u-other", "t-other", "0ther") },
            new Account { Name = "without", Dialects = ["ozeki"], Catapult = new CatapultCredentials("u-without", "t-without", "secret") },
        ],
        Extensions = [new Extension { Number = "101", Account = "crm", Name = "Front desk", Secret = "pw" }],
        Numbers =
        [
            new NumberEntry { Number = Own, Account = "crm", To = new NumberTarget { CatapultApplication = "a-w3bn6k2hqx5tzmv7rdyf4ga" } },
            new NumberEntry { Number = "+19195550999", Account = "other", To = new NumberTarget { Extension = "101" } },
        ],
        CatapultApplications =
        [
            new CatapultApplication { Id = "a-w3bn6k2hqx5tzmv7rdyf4ga", Account = "crm", Name = "desk", IncomingCallUrl = "https://pbx.example.org/in", AutoAnswer = false },
            new CatapultApplication { Id = "a-foreign", Account = "other", Name = "foreign", IncomingCallUrl = "https://pbx.example.org/other" },
        ],
    };

    /// <summary>A call as an application placed it; its details are those of the vendor's first example.</summary>
    public static Call Outbound(LegState? state = null, long later = 0, DateTimeOffset? answered = null, params (string Name, string Value)[] details)
    {
        var id = new CallId(First.Value + (later * CallId.StepsPerSecond));
        (string Name, string Value)[] usual =
        [
            ("catapult.user", User), ("catapult.to", "+13365550177"), ("catapult.callTimeout", "30"), ("catapult.callbackUrl", "https://pbx.example.org/ev"), ("catapult.tag", "order-118"),
            ("catapult.recordingEnabled", "true"),
        ];
        return new Call
        {
            Id = id,
            Origin = new CallOrigin { Kind = CallOriginKind.Api, Dialect = "catapult", Account = "crm" },
            Plan = new CallPlan.Originated(new LegTarget.Trunk("carrier", "+13365550177"), new OnAnswer.Wait(), null, TimeSpan.FromSeconds(30)),
            Caller = new Party(Own),
            Dialed = "+13365550177",
            CalleeDialed = "+13365550177",
            State = state is LegState.Ended { Record: var record } ? new CallState.Ended(record.By, record.Cause) : state is LegState.Answered ? new CallState.Talking() : new CallState.Trying(),
            StartedAt = Start.AddSeconds(later),
            Accounts = ["crm"],
            Legs =
            [
                new Leg
                {
                    Id = new LegId(id, 1),
                    Direction = LegDirection.Outbound,
                    Role = LegRole.Callee,
                    Party = new Party("+13365550177"),
                    Target = new LegTarget.Trunk("carrier", "+13365550177"),
                    Trunk = "carrier",
                    State = state ?? new LegState.Trying(),
                    StartedAt = Start.AddSeconds(later),
                    AnsweredAt = answered,
                    Details = usual.Concat(details).GroupBy(d => d.Name).ToImmutableDictionary(g => g.Key, g => g.Last().Value),
                },
            ],
        };
    }

    /// <summary>The same call after it ended.</summary>
    public static Call Over(
        Switchhook.Calls.Causes.HangupCause cause = Switchhook.Calls.Causes.HangupCause.NormalClearing, Switchhook.Calls.Hangup.HangupBy? by = null, DateTimeOffset? answered = null,
        DateTimeOffset? ended = null, long later = 0)
    {
        var call = Outbound(later: later);
        var record = new Switchhook.Calls.Hangup.HangupRecord
        {
            Leg = call.Legs[0].Id,
            By = by ?? new Switchhook.Calls.Hangup.HangupBy.Callee(),
            Cause = cause,
            Phase = answered is null ? Switchhook.Calls.Hangup.LegPhase.Ringing : Switchhook.Calls.Hangup.LegPhase.Answered,
            StartedAt = call.StartedAt,
            AnsweredAt = answered,
            EndedAt = ended ?? Start.AddSeconds(83 + later),
        };
        return Outbound(new LegState.Ended(record), later, answered) with { EndedAt = record.EndedAt };
    }

    public Task<Answered> GetAsync(string path) => SendAsync("GET", $"/v1/users/{User}/{path}");

    public Task<Answered> PostAsync(string path, string body) => SendAsync("POST", $"/v1/users/{User}/{path}", body);

    public Task<Answered> PostAsync(string path, byte[] octets) => SendAsync("POST", $"/v1/users/{User}/{path}", octets, "t-token:secret");

    public Task<Answered> SendAsync(string method, string target, string body = "", string credentials = "t-token:secret") =>
        SendAsync(method, target, Encoding.UTF8.GetBytes(body), credentials);

    private async Task<Answered> SendAsync(string method, string target, byte[] octets, string credentials)
    {
        var context = new DefaultHttpContext();
        var question = target.IndexOf('?', StringComparison.Ordinal);
        context.Request.Method = method;
        context.Request.Scheme = "https";
        context.Request.Host = new HostString("api.catapult.inetwork.com");
        context.Request.Path = question < 0 ? target : target[..question];
        context.Request.QueryString = new QueryString(question < 0 ? "" : target[question..]);
        context.Request.Body = new MemoryStream(octets);
        if (credentials.Length > 0)
            context.Request.Headers.Authorization = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials))}";
        context.Connection.RemoteIpAddress = IPAddress.Parse("203.0.113.9");
        using var answer = new MemoryStream();
        context.Response.Body = answer;
        await Api.HandleAsync(context);
        return new Answered(context.Response.StatusCode, Encoding.UTF8.GetString(answer.ToArray()), context.Response.ContentType, context.Response.Headers);
    }
}
