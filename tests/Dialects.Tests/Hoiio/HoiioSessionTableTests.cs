using System.Globalization;
using System.Text;
using Switchhook.Dialects.Hoiio.Sessions;

namespace Switchhook.Dialects.Tests.Hoiio;

/// <summary>The session's machine: every input in every state, compared with docs/machines/hoiio-session.md.</summary>
public sealed class HoiioSessionTableTests
{
    private static readonly HoiioBlock WithUrl = new(HoiioBlockKind.Play, 3, "https://crm.example.net/h");
    private static readonly HoiioBlock WithoutUrl = new(HoiioBlockKind.Play, 3);

    private static readonly (string Name, HoiioState State, HoiioBlock Block)[] States =
    [
        ("RINGING_IN", new HoiioState.RingingIn(), WithUrl with { Kind = HoiioBlockKind.Answer }),
        ("DIALING", new HoiioState.Dialing(), WithUrl with { Kind = HoiioBlockKind.Dial }),
        ("DIALING, no notify_url", new HoiioState.Dialing(), WithoutUrl with { Kind = HoiioBlockKind.Dial }),
        ("READY", new HoiioState.Ready(), WithUrl),
        ("BUSY", new HoiioState.Busy(), WithUrl),
        ("BUSY, no notify_url", new HoiioState.Busy(), WithoutUrl),
        ("HELD", new HoiioState.Held(), WithoutUrl with { Kind = HoiioBlockKind.Hold }),
        ("HELD, by another dialect", new HoiioState.Held(), WithUrl),
        ("TRANSFERRING", new HoiioState.Transferring(), WithUrl with { Kind = HoiioBlockKind.Transfer }),
        ("TRANSFERRING, on_failure=continue", new HoiioState.Transferring(), WithUrl with { Kind = HoiioBlockKind.Transfer, Continues = true }),
        ("HANGING_UP", new HoiioState.HangingUp(), WithUrl with { Kind = HoiioBlockKind.Hangup }),
        ("HANGING_UP, no notify_url", new HoiioState.HangingUp(), WithoutUrl with { Kind = HoiioBlockKind.Hangup }),
        ("ENDED", new HoiioState.Ended(), WithUrl),
    ];

    private static readonly (string Name, HoiioInput Input)[] Inputs =
    [
        ("play, gather, record, monitor", Ask(HoiioBlockKind.Play)),
        ("hold", Ask(HoiioBlockKind.Hold)),
        ("unhold", Ask(HoiioBlockKind.Unhold)),
        ("transfer", Ask(HoiioBlockKind.Transfer)),
        ("hangup", Ask(HoiioBlockKind.Hangup)),
        ("hangup, force=enabled", new HoiioInput.Ask(new HoiioBlock(HoiioBlockKind.Hangup, 4) { IsForced = true })),
        ("block over", new HoiioInput.BlockOver()),
        ("transfer failed", new HoiioInput.TransferFailed()),
        ("left the room", new HoiioInput.StayOver()),
        ("held by another dialect", new HoiioInput.HeldByOther()),
        ("brought back by another dialect", new HoiioInput.UnheldByOther()),
        ("idle limit", new HoiioInput.IdleTimeOver()),
        ("call over", new HoiioInput.CallOver()),
        ("monitor recording ready", new HoiioInput.MonitorReady()),
    ];

    [Fact]
    public void A_session_behaves_as_its_table_says()
    {
        var text = new StringBuilder("| State | Input | Reply | Next | Told | Hangs up |\n|---|---|---|---|---|---|\n");
        foreach (var (name, state, block) in States)
        {
            foreach (var (input, value) in Inputs)
            {
                var step = new HoiioSession(state, block) { LastUrl = "https://crm.example.net/last" }.On(value);
                if (step.Handled)
                    text.Append(CultureInfo.InvariantCulture, $"| {name} | {input} | {Reply(value, step)} | {Name(step.Next.State)} | {Tell(step.Tell)} | {(step.HangUp ? "yes" : "–")} |\n");
            }
        }

        CheckDocument("hoiio-session.md", text.ToString());
    }

    [Theory]
    [InlineData(HoiioBlockKind.Gather)]
    [InlineData(HoiioBlockKind.Record)]
    [InlineData(HoiioBlockKind.Monitor)]
    internal void The_other_middle_blocks_have_the_rows_of_play(HoiioBlockKind kind) => Assert.All(States, s =>
    {
        var play = new HoiioSession(s.State, s.Block).On(Ask(HoiioBlockKind.Play));
        var other = new HoiioSession(s.State, s.Block).On(Ask(kind));

        Assert.Equal((play.Refusal, play.Next.State), (other.Refusal, other.Next.State));
    });

    [Fact]
    public void A_note_of_a_session_brings_it_back()
    {
        var block = WithUrl with { Kind = HoiioBlockKind.Transfer, Tag = "t", Dest = "+6591230001", Continues = true, Msg = "wait" };
        var session = new HoiioSession(new HoiioState.Ready(), WithUrl).On(new HoiioInput.Ask(block)).Next;
        var call = new Calls.Call
        {
            Id = new(7),
            Origin = new Calls.CallOrigin { Kind = Calls.CallOriginKind.Api },
            Plan = new Calls.CallPlan.Service(Calls.ServiceBehaviour.Answer),
            Caller = new Calls.Party("1"),
            Dialed = "2",
            CalleeDialed = "2",
            State = new Calls.CallState.Talking(),
            StartedAt = default,
            Notes = [new Calls.CallNote("hoiio", session.ToNote("crm").Write())],
        };

        var back = HoiioSession.From(HoiioNote.Of(call)!);

        Assert.Equal(session, back);
    }

    private static HoiioInput.Ask Ask(HoiioBlockKind kind) => new(new HoiioBlock(kind, 4, "https://crm.example.net/next"));

    private static string Reply(HoiioInput input, HoiioStep step) => (input, step.Refusal) switch
    {
        (HoiioInput.Ask, HoiioRefusal.None) => "ok",
        (HoiioInput.Ask, HoiioRefusal.NotReady) => "not_ready",
        (HoiioInput.Ask, HoiioRefusal.NotOnHold) => "not_on_hold",
        (HoiioInput.Ask, HoiioRefusal.HangupInProgress) => "hangup_in_progress",
        (HoiioInput.Ask, HoiioRefusal.Ended) => "ended",
        _ => "–",
    };

    private static string Name(HoiioState state) => state switch
    {
        HoiioState.RingingIn => "RINGING_IN",
        HoiioState.Dialing => "DIALING",
        HoiioState.Ready => "READY",
        HoiioState.Busy => "BUSY",
        HoiioState.Held => "HELD",
        HoiioState.Transferring => "TRANSFERRING",
        HoiioState.HangingUp => "HANGING_UP",
        HoiioState.Ended => "ENDED",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    private static string Tell(HoiioTelling? telling) => telling is null ? "–"
        : $"N({(telling.IsMonitor ? "monitor" : telling.IsBare ? "last block" : "block")}) {telling.CallState}{(telling.Url.EndsWith("last", StringComparison.Ordinal) ? ", address used last" : "")}";

    private static void CheckDocument(string name, string table)
    {
        var path = Path.Combine(HoiioDocumentTests.Root(), "docs", "machines", name);
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            var before = File.ReadAllText(path);
            File.WriteAllText(path, before[..before.IndexOf("| ", StringComparison.Ordinal)] + table);
        }

        Assert.EndsWith("\n\n" + table, File.ReadAllText(path), StringComparison.Ordinal);
    }
}
