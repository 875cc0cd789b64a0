using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Switchhook.Calls;
using Switchhook.Calls.Causes;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Hoiio;
using Switchhook.Dialects.Hoiio.Sessions;
using Switchhook.Dialects.Tests.Ozeki;
using Switchhook.TestKit.Timing;

namespace Switchhook.Dialects.Tests.Hoiio;

/// <summary>The dialect over an exchange that does at once what it is asked, and events that tests make happen.</summary>
internal sealed partial class HoiioWorld : ICallControl, IAsyncDisposable
{
    public const string AppId = "demoApp000000001";
    public const string Token = "tok-5f1c0d9e";
    public const string Url = "https://crm.example.net/h";
    public const string Own = "+6531580000";
    public const string Dest = "+6591230001";

    private readonly ConcurrentDictionary<CallId, Call> _live = new();
    private readonly ConcurrentDictionary<CallId, bool> _ended = new();
    private readonly ConcurrentQueue<CallCommand> _asked = new();
    private readonly LockedHistory _history = new();
    private readonly List<Told> _told = [];
    private readonly HoiioDialect _dialect;
    private readonly HoiioApi _api;
    private long _next = 90_417;

    public HoiioWorld(HoiioOptions? options = null, Func<Account, Account>? change = null, IHoiioLedgerStore? spent = null)
    {
        var account = new Account
        {
            Name = "crm",
            Dialects = ["hoiio"],
            Hoiio = new HoiioCredentials(AppId, Token),
            Currency = "SGD",
            Rates = [new Rate("+", "0.024"), new Rate("+653158", "0.012")],
        };
        Directory = new FakeDirectory(new Provisioning
        {
            Accounts =
            [
                change?.Invoke(account) ?? account,
                new Account { Name = "other", Dialects = ["hoiio"], Hoiio = new HoiioCredentials("otherApp00000001", "tok-other") },
                new Account { Name = "gone", Dialects = ["ozeki"], Hoiio = new HoiioCredentials("goneApp000000001", "tok-gone") },
            ],
            Numbers =
            [
                new NumberEntry { Number = Own, Account = "crm", To = new NumberTarget { Hoiio = Url + "/in" } },
                new NumberEntry { Number = "+6531580001", Account = "other", To = new NumberTarget { Hoiio = Url + "/other" } },
            ],
        });
        _dialect = new HoiioDialect(Directory, _history, (options ?? new HoiioOptions()) with { ServerAddress = () => "http://pbx.example" }, Time, spent);
        _api = _dialect.Start(this, Outside, Outside, NullLogger.Instance);
    }

    public FakeDirectory Directory { get; }
    public ManualTime Time { get; } = new(new DateTimeOffset(2013, 5, 2, 10, 17, 0, TimeSpan.Zero));
    public FakeOutside Outside { get; } = new();
    public HoiioDialect Dialect => _dialect;
    public List<Call> History => _history.Inner.Calls;

    /// <summary>Numbers that lead nowhere.</summary>
    public HashSet<string> Nowhere { get; } = [];

    /// <summary>Refuses commands, as the exchange would.</summary>
    public Func<CallCommand, CallRefusal> Refuse { get; set; } = static _ => CallRefusal.None;

    public IReadOnlyList<CallCommand> Asked => [.. _asked];

    public IReadOnlyList<Told> Told
    {
        get
        {
            lock (_told)
                return [.. _told];
        }
    }

    /// <summary>What was told, a word for each.</summary>
    public IEnumerable<string> Heads => Told.Select(static t => t.Head);

    public async ValueTask DisposeAsync() => await _dialect.DisposeAsync();

    public Call? Find(CallId id) => _live.GetValueOrDefault(id);

    public IReadOnlyList<Call> Live() => [.. _live.Values.OrderBy(static c => c.Id)];

    public CallRefusal Reach(string number) => Nowhere.Contains(number) ? CallRefusal.NoRoute : CallRefusal.None;

    public ValueTask<CallReply> AskAsync(CallCommand command, CancellationToken cancellation)
    {
        // Seen once all that follows from it has happened, so that whoever waits for the command may look at that.
        try
        {
            return Obey(command);
        }
        finally
        {
            _asked.Enqueue(command);
        }
    }

    private ValueTask<CallReply> Obey(CallCommand command)
    {
        if (Refuse(command) is var refusal and not CallRefusal.None)
            return new(new CallReply(refusal, null));
        switch (command)
        {
            case CallCommand.Originate originate:
                var placed = Placed(originate);
                _live[placed.Id] = placed;
                Tell(new CallStarted { Call = placed, Sequence = 1, At = Time.GetUtcNow() });
                return new(new CallReply(CallRefusal.None, placed));
            case CallCommand.KeepNote note when Find(note.Call) is { } call:
                Happen(call with { Notes = [.. call.Notes.Where(n => n.Dialect != note.Words.Dialect), note.Words] }, (c, s, at) => new CallNoted { Call = c, Sequence = s, At = at });
                return new(new CallReply(CallRefusal.None, Find(note.Call)));
            case CallCommand.Answer answer when Find(answer.Call) is { } call:
                Answer(call.Id);
                return new(new CallReply(CallRefusal.None, call));
            case CallCommand.HangUp hang when Find(hang.Call) is { } call:
                End(hang.Call, hang.By, call.AnsweredAt is null ? HangupCause.OriginatorCancel : HangupCause.NormalClearing);
                return new(new CallReply(CallRefusal.None, call));
            case CallCommand.KeepNote or CallCommand.Answer or CallCommand.HangUp:
                return new(new CallReply(CallRefusal.CallEnded, null));
            default:
                return new(new CallReply(CallRefusal.None, null));
        }
    }

    /// <summary>A request with the credentials, as a form; the reply.</summary>
    public Task<JsonElement> AskAsync(string path, params (string Name, string Value)[] parameters) =>
        SendAsync("POST", path, Form([("app_id", AppId), ("access_token", Token), .. parameters]));

    /// <summary>The same as <see cref="AskAsync(string, ValueTuple{string, string}[])"/>, and its status.</summary>
    public async Task<string> StatusAsync(string path, params (string Name, string Value)[] parameters) =>
        (await AskAsync(path, parameters)).GetProperty("status").GetString()!;

    public async Task<JsonElement> SendAsync(string method, string path, string body = "", string? contentType = "application/x-www-form-urlencoded")
    {
        var (_, _, text) = await SendRawAsync(method, path, Encoding.UTF8.GetBytes(body), contentType);
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    public async Task<(int Status, string? ContentType, string Body)> SendRawAsync(string method, string path, byte[] body, string? contentType)
    {
        var context = new DefaultHttpContext();
        var question = path.IndexOf('?', StringComparison.Ordinal);
        context.Request.Method = method;
        context.Request.Path = "/open/" + (question < 0 ? path : path[..question]);
        context.Request.QueryString = new QueryString(question < 0 ? "" : path[question..]);
        context.Request.Body = new MemoryStream(body);
        context.Request.ContentType = contentType;
        using var answer = new MemoryStream();
        context.Response.Body = answer;
        await _api.HandleAsync(context);
        return (context.Response.StatusCode, context.Response.ContentType, Encoding.UTF8.GetString(answer.ToArray()));
    }

    public static string Form(params (string Name, string Value)[] parameters) =>
        string.Join('&', parameters.Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value)}"));

    /// <summary>Dials; the session.</summary>
    public async Task<string> DialAsync(params (string Name, string Value)[] parameters)
    {
        var reply = await AskAsync("ivr/start/dial", [("dest", Dest), .. parameters]);
        return reply.TryGetProperty("session", out var session) ? session.GetString()! : throw new InvalidOperationException(reply.ToString());
    }

    /// <summary>Dials, and the phone answers: the application's turn.</summary>
    public async Task<string> ReadyAsync()
    {
        var session = await DialAsync(("notify_url", Url + "/dial"));
        Answer(IdOf(session));
        return session;
    }

    /// <summary>A call comes in and is announced; the session.</summary>
    public string Incoming(Party? caller = null)
    {
        var id = new CallId(Interlocked.Increment(ref _next));
        var party = caller ?? new Party("+6598880000");
        Assert.NotNull(_dialect.Numbers.Offer(Directory.Current.Number(Own)!, Directory.Current, new ArrivingCall(party, [])));
        var call = new Call
        {
            Id = id,
            Origin = new CallOrigin { Kind = CallOriginKind.Trunk },
            Plan = new CallPlan.Offered("hoiio", Url + "/in", TimeSpan.FromSeconds(60)),
            Caller = party,
            Dialed = Own,
            CalleeDialed = Own,
            State = new CallState.Ringing(),
            StartedAt = Time.GetUtcNow(),
            Accounts = ["crm"],
            Legs = [LegOf(id, 1, LegDirection.Inbound, party.Number)],
        };
        _live[id] = call;
        Tell(new CallStarted { Call = call, Sequence = 1, At = call.StartedAt });
        Tell(new CallRinging { Call = call, Sequence = 2, At = call.StartedAt });
        return $"S-{id}";
    }

    /// <summary>A call of another dialect's that talks; the session it would be.</summary>
    public string Foreign(params string[] accounts)
    {
        var id = new CallId(Interlocked.Increment(ref _next));
        _live[id] = new Call
        {
            Id = id,
            Origin = new CallOrigin { Kind = CallOriginKind.Api, Dialect = "native", Account = "crm" },
            Plan = new CallPlan.Originated(new LegTarget.Trunk("carrier", Dest), new OnAnswer.Wait(), null, TimeSpan.FromSeconds(60)),
            Caller = new Party(Own),
            Dialed = Dest,
            CalleeDialed = Dest,
            State = new CallState.Talking(),
            StartedAt = Time.GetUtcNow(),
            AnsweredAt = Time.GetUtcNow(),
            Accounts = [.. accounts],
            Legs = [LegOf(id, 1, LegDirection.Outbound, Dest) with { AnsweredAt = Time.GetUtcNow(), State = new LegState.Answered() }],
        };
        return $"S-{id}";
    }

    public static CallId IdOf(string session) => CallId.TryParse(session[2..], out var id) ? id : throw new FormatException(session);

    private Call Placed(CallCommand.Originate asked)
    {
        var id = new CallId(Interlocked.Increment(ref _next));
        return new Call
        {
            Id = id,
            Origin = new CallOrigin { Kind = CallOriginKind.Api, Dialect = asked.Dialect, Account = asked.Account },
            Plan = new CallPlan.Originated(new LegTarget.Trunk("carrier", asked.Dialed), asked.Then, null, asked.RingTime),
            Caller = asked.Caller,
            Dialed = asked.Dialed,
            CalleeDialed = asked.Dialed,
            State = new CallState.Trying(),
            StartedAt = Time.GetUtcNow(),
            Accounts = [asked.Account],
            Notes = asked.Note is { } note ? [new CallNote(asked.Dialect, note)] : [],
            Legs = [LegOf(id, 1, LegDirection.Outbound, asked.Dialed)],
        };
    }

    private Leg LegOf(CallId call, int number, LegDirection direction, string party) => new()
    {
        Id = new LegId(call, number),
        Direction = direction,
        Role = direction == LegDirection.Inbound ? LegRole.Caller : LegRole.Callee,
        Party = new Party(party),
        State = new LegState.Trying(),
        StartedAt = Time.GetUtcNow(),
    };
}
