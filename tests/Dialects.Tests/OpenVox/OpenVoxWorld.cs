using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Hangup;
using Switchhook.Dialects.OpenVox;
using Switchhook.Dialects.OpenVox.Sessions;
using Switchhook.Dialects.Tests.Ozeki;
using Switchhook.TestKit.Timing;

namespace Switchhook.Dialects.Tests.OpenVox;

/// <summary>Logins in memory; what was saved last can be given to another.</summary>
internal sealed class MemorySessions(IReadOnlyList<OpenVoxSession>? saved = null) : IOpenVoxSessionStore
{
    public IReadOnlyList<OpenVoxSession> Saved { get; private set; } = saved ?? [];

    public IReadOnlyList<OpenVoxSession> Load() => Saved;

    public void Save(IReadOnlyList<OpenVoxSession> sessions) => Saved = sessions;
}

/// <summary>The dialect over fakes: three accounts with extensions, and calls in the shapes of the vendor's examples.</summary>
internal sealed class OpenVoxWorld
{
    /// <summary>2026-06-03 08:00:05 UTC, the second the example calls begin.</summary>
    public static readonly DateTimeOffset Start = new(2026, 6, 3, 8, 0, 5, TimeSpan.Zero);
    public static readonly CallId First = new(((Start - CallId.Epoch).Ticks / 100) + 410);

    public const string Password = "s3cret";
    public const string Source = "203.0.113.77";

    /// <summary>Ids of the example call's legs.</summary>
    public static readonly string Leg1 = OpenVoxId.Of(new LegId(First, 1)), Leg2 = OpenVoxId.Of(new LegId(First, 2));

    public FakeExchange Exchange { get; } = new();
    public FakeDirectory Directory { get; init; } = new(Provisioned);
    public ManualTime Time { get; } = new(Start.AddSeconds(42));
    public MemorySessions Store { get; init; } = new();
    public OpenVoxOptions Options { get; init; } = new()
    {
        StartedAt = new DateTimeOffset(2026, 6, 1, 6, 12, 40, TimeSpan.Zero),
        Version = "4.1.1",
        FindPrompt = name => name is "welcome" or "bye-bye" ? name + ".wav" : null,
    };
    public IPAddress From { get; set; } = IPAddress.Parse(Source);
    public OpenVoxSessions Sessions => _sessions ??= new(Store, Time);
    public OpenVoxApi Api => _api ??= new(Exchange, Directory, new FakeRegistrations("2001", "2003", "2005"), Sessions, Time, Options);

    private OpenVoxSessions? _sessions;
    private OpenVoxApi? _api;

    [SuppressMessage("Security", "CA5351", Justification = "The vendor's protocol.")]
    public static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));

    public static Provisioning Provisioned => new()
    {
        Accounts =
        [
            new Account { Name = "crm", Password = Password, Dialects = ["openvox"] },
            new Account { Name = "other", Password = "0ther", Dialects = ["OpenVox"] },
            new Account { Name = "plain", Password = "plain", Dialects = ["ozeki"] },
            new Account { Name = "nopass", Dialects = ["openvox"] },
        ],
        Extensions =
        [
            new Extension { Number = "2001", Account = "crm", Name = "Front desk", Secret = "pw2001" },
            new Extension { Number = "2002", Account = "crm" },
            new Extension { Number = "2003" },
            new Extension { Number = "2005", Account = "crm" },
            new Extension { Number = "3001", Account = "other" },
            new Extension { Number = "800", Kind = ExtensionKind.Service },
        ],
        Numbers = [new NumberEntry { Number = "+6512345678", Account = "crm", To = new NumberTarget { Extension = "2001" } }],
        OpenvoxSettings = new OpenvoxSettings("uc50b7d40213", "UC501"),
    };

    public static Leg Leg(int number, LegRole role, string? extension = null, LegTarget? target = null, LegState? state = null, Party? party = null) => new()
    {
        Id = new LegId(First, number),
        Direction = target is null ? LegDirection.Inbound : LegDirection.Outbound,
        Role = role,
        Party = party ?? new Party(extension ?? (target as LegTarget.Trunk)?.Number ?? ""),
        Target = target,
        Extension = extension,
        Trunk = (target as LegTarget.Trunk)?.Name,
        State = state ?? new LegState.Bridged(),
        StartedAt = Start,
        AnsweredAt = state is null ? Start.AddSeconds(7) : null,
    };

    /// <summary>2001 talks to 2002.</summary>
    public static Call Internal() => new()
    {
        Id = First,
        Origin = new CallOrigin { Kind = CallOriginKind.Extension, Account = "crm" },
        Plan = new CallPlan.Connect(new LegTarget.Extension("2002"), TimeSpan.FromSeconds(90)),
        Caller = new Party("2001", "Front desk"),
        Dialed = "2002",
        CalleeDialed = "2002",
        State = new CallState.Talking(),
        StartedAt = Start,
        RingingAt = Start,
        AnsweredAt = Start.AddSeconds(7),
        Accounts = ["crm"],
        Far = 2,
        Legs = [Leg(1, LegRole.Caller, "2001"), Leg(2, LegRole.Callee, "2002", new LegTarget.Extension("2002"))],
    };

    /// <summary>0755550199 came in over carrier-a and talks to 2001.</summary>
    public static Call Inbound() => Internal() with
    {
        Origin = new CallOrigin { Kind = CallOriginKind.Trunk },
        Plan = new CallPlan.Connect(new LegTarget.Extension("2001"), TimeSpan.FromSeconds(90)),
        Caller = new Party("0755550199"),
        Dialed = "2001",
        CalleeDialed = "2001",
        Legs =
        [
            Leg(1, LegRole.Caller, party: new Party("0755550199")) with { Trunk = "carrier-a" },
            Leg(2, LegRole.Callee, "2001", new LegTarget.Extension("2001")),
        ],
    };

    /// <summary>2001 dialled 90755550123, which carrier-a carries without the prefix.</summary>
    public static Call Outbound() => Internal() with
    {
        Plan = new CallPlan.Connect(new LegTarget.Trunk("carrier-a", "0755550123"), TimeSpan.FromSeconds(90)),
        Dialed = "90755550123",
        CalleeDialed = "0755550123",
        Legs = [Leg(1, LegRole.Caller, "2001"), Leg(2, LegRole.Callee, target: new LegTarget.Trunk("carrier-a", "0755550123"))],
    };

    /// <summary>The call before its answer.</summary>
    public static Call Ringing(Call call) => call with
    {
        State = new CallState.Ringing(),
        AnsweredAt = null,
        Far = 0,
        Legs = [.. call.Legs.Select(l => l with { State = new LegState.Ringing(), AnsweredAt = null })],
    };

    public static Call Ended(Call call, HangupBy by, HangupCause cause = HangupCause.NormalClearing) =>
        call with { State = new CallState.Ended(by, cause), EndedAt = Start.AddSeconds(42.9) };

    /// <summary>A login as the vendor shows it; its token.</summary>
    public async Task<string> LoginAsync(string more = "")
    {
        var answer = await PostAsync("login", $$"""{"username":"crm","password":"{{Md5(Password)}}","port":"8260","version":"1.0.2"{{more}}}""", "type=json");
        using var json = JsonDocument.Parse(answer);
        return json.RootElement.GetProperty("token").GetString()!;
    }

    /// <summary>POST with a new token; the answer's body.</summary>
    public async Task<string> AskAsync(string operation, string body = "", string type = "json") =>
        await PostAsync(operation, body, $"token={await LoginAsync()}&type={type}");

    public async Task<string> PostAsync(string operation, string body, string query) =>
        (await SendAsync("POST", $"/api/v0.0.1/{operation}?{query}", body)).Body;

    public async Task<(int Status, string? ContentType, string Body, IHeaderDictionary Headers)> SendAsync(
        string method, string target, string body = "", string? contentType = "application/json; charset=utf-8")
    {
        var context = new DefaultHttpContext();
        var question = target.IndexOf('?', StringComparison.Ordinal);
        context.Request.Method = method;
        context.Request.Path = question < 0 ? target : target[..question];
        context.Request.QueryString = new QueryString(question < 0 ? "" : target[question..]);
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        context.Request.ContentType = contentType;
        context.Connection.RemoteIpAddress = From;
        using var answer = new MemoryStream();
        context.Response.Body = answer;
        await Api.HandleAsync(context);
        return (context.Response.StatusCode, context.Response.ContentType, Encoding.UTF8.GetString(answer.ToArray()), context.Response.Headers);
    }
}
