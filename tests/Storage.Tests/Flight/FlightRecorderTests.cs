using Switchhook.Calls;
using Switchhook.Calls.Events;
using Switchhook.Calls.Ports;
using Switchhook.Storage.Flight;
using Switchhook.Storage.Tests.Log;
using Switchhook.TestKit.Programs;

namespace Switchhook.Storage.Tests.Flight;

/// <summary>What is added is there after the death of the process, whatever the files look like then.</summary>
public sealed class FlightRecorderTests : IDisposable
{
    private const string Database = "sqlite switchhook.db";

    private readonly TempFolder _folder = new();
    private readonly List<FlightRecorder> _open = [];
    private int _copies;

    public void Dispose()
    {
        _open.ForEach(recorder => recorder.Dispose());
        _folder.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_event_that_the_log_lacks_comes_back_as_it_was(int seed)
    {
        var events = new RandomCalls(seed).Make(calls: 4, steps: 150);
        var stored = new Random(seed).Next(events.Count);
        Record(Open("data", 0), events);

        var left = Open(Killed("data"), stored, out var writes);

        Assert.Equal(Enumerable.Range(stored + 1, events.Count - stored).Select(n => (long)n), writes.Cast<LogWrite.Happened>().Select(w => w.Cursor));
        foreach (var write in writes.Cast<LogWrite.Happened>())
            Same.Assert(events[(int)write.Cursor - 1], write.Event);
        Assert.Empty(left.Remarks);
    }

    [Fact]
    public void Calls_that_live_longer_than_a_file_are_told_whole_in_the_next()
    {
        var recorder = Open("data", 0);
        var events = new RandomCalls(7).Make(calls: 3, steps: 60).TakeWhile(e => e is not CallEnded).ToList();
        var cursor = 0L;

        List<CallEvent> added = [];
        while (Directory.GetFiles(_folder.At("data"), "*.flight").Length < 4)
        {
            var happened = events[(int)(cursor % events.Count)];
            added.Add(happened);
            recorder.Add(++cursor, happened);
            recorder.Flush();
        }
        Open(Killed("data"), cursor - 50, out var writes);

        Assert.Equal(50, writes.Count);
        foreach (var write in writes.Cast<LogWrite.Happened>())
            Same.Assert(added[(int)write.Cursor - 1], write.Event);
    }

    [Fact]
    public void Dialogs_and_bindings_come_back_unless_a_later_event_is_stored()
    {
        var recorder = Open("data", 10);
        recorder.Add(11, Started(1));
        recorder.Add(11, new LegId(new CallId(1), 1), "early");
        recorder.Add(11, "101", [Binding("sip:early@1")]);
        recorder.Add(12, Started(2));
        recorder.Add(12, new LegId(new CallId(2), 1), "late");
        recorder.Add(12, "101", [Binding("sip:late@1")]);
        recorder.Flush();
        var data = Killed("data");

        Open(data, 12, out var late);
        Open(Killed("data"), 10, out var all);

        Assert.Equal(["DialogKept", "BindingsKept"], late.Select(w => w.GetType().Name));
        Assert.Equal(new LogWrite.DialogKept(new LegId(new CallId(2), 1), "late"), late[0]);
        Assert.Equal([Binding("sip:late@1")], Assert.IsType<LogWrite.BindingsKept>(late[1]).Bindings);
        Assert.Equal(6, all.Count);
    }

    [Fact]
    public void The_dialog_of_a_call_that_ended_is_left_out()
    {
        var recorder = Open("data", 0);
        var call = Samples.Call(1);
        recorder.Add(1, Started(1));
        recorder.Add(1, new LegId(call.Id, 1), "dialog");
        recorder.Add(2, Samples.Ended(call) with { Sequence = 2 });
        recorder.Flush();

        Open(Killed("data"), 0, out var writes);

        Assert.Equal(["call.started", "call.ended"], writes.Cast<LogWrite.Happened>().Select(w => w.Event.Name));
    }

    [Fact]
    public void What_was_not_flushed_is_not_there_and_what_was_is()
    {
        var recorder = Open("data", 0);
        recorder.Add(1, Started(1));
        recorder.Flush();
        recorder.Add(2, Started(2));

        Open(Killed("data"), 0, out var writes);

        Assert.Equal([1L], writes.Cast<LogWrite.Happened>().Select(w => w.Cursor));
    }

    [Fact]
    public void What_was_left_stays_until_it_is_stored_and_a_crash_in_between_brings_it_again()
    {
        Record(Open("data", 0), [Started(1), Started(2)]);
        var second = Open(Killed("data"), 0, out var first);
        second.Add(3, Started(3));
        second.Flush();

        var again = Killed(_folder.At($"copy{_copies}"));
        var third = Open(again, 1, out var writes);
        third.LeftIsStored();
        var fourth = Killed(again);
        Open(fourth, 3, out var none);

        Assert.Equal([1L, 2L], first.Cast<LogWrite.Happened>().Select(w => w.Cursor));
        Assert.Equal([2L, 3L], writes.Cast<LogWrite.Happened>().Select(w => w.Cursor));
        Assert.Empty(none);
    }

    [Fact]
    public void A_clean_end_leaves_no_file_and_one_that_stored_less_leaves_what_it_did_not()
    {
        var clean = Open("clean", 0);
        clean.Stored(Record(clean, [Started(1)]));
        var unclean = Open("unclean", 0);
        Record(unclean, [Started(1)]);

        clean.Dispose();
        unclean.Dispose();
        Open(_folder.At("unclean"), 0, out var writes);

        Assert.Empty(Directory.GetFiles(_folder.At("clean"), "*.flight"));
        Assert.Single(writes);
    }

    [Fact]
    public void Files_that_the_log_has_all_of_are_removed_and_a_log_that_is_behind_for_too_long_is_a_problem_until_it_is_not()
    {
        var recorder = Open("data", 0);
        var large = Started(1) with { Call = Started(1).Call with { Dialed = new string('9', 300_000) } };
        long cursor = 0, ticket = 0;

        while (recorder.Problem is null)
        {
            ticket = recorder.Add(++cursor, large with { Call = large.Call with { Id = new CallId(cursor) } });
            recorder.Flush();
            Assert.True(cursor < 10_000, "the files are bounded");
        }
        var most = Directory.GetFiles(_folder.At("data"), "*.flight").Length;
        var still = recorder.TryAgain();
        recorder.Stored(ticket);
        var over = recorder.TryAgain();
        recorder.Add(++cursor, Started(2));
        recorder.Flush();
        Open(Killed("data"), cursor - 1, out var writes);

        Assert.Equal(FlightDirectory.MaxSegments, most);
        Assert.Equal((false, true, null), (still, over, recorder.Problem));
        Assert.True(Directory.GetFiles(_folder.At("data"), "*.flight").Length <= 3);
        Assert.Single(writes);
    }

    [Fact]
    public void A_frame_torn_at_the_end_costs_itself_alone()
    {
        Record(Open("data", 0), [Started(1), Started(2), Started(3)]);
        var data = Killed("data");
        var file = Directory.GetFiles(data, "*.flight").Single(f => File.ReadAllBytes(f).AsSpan().IndexOfAnyExcept((byte)0) >= 0);
        var octets = File.ReadAllBytes(file);
        var end = octets.AsSpan().LastIndexOfAnyExcept((byte)0);
        octets.AsSpan(end - 20, 21).Clear();
        File.WriteAllBytes(file, octets);

        var recorder = Open(data, 0, out var writes);

        Assert.Equal([1L, 2L], writes.Cast<LogWrite.Happened>().Select(w => w.Cursor));
        Assert.Contains("not written whole", Assert.Single(recorder.Remarks), StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_octet_is_changed_wherever_a_file_is_cut_the_start_goes_on_and_nothing_wrong_is_read()
    {
        var events = new RandomCalls(5).Make(calls: 2, steps: 6);
        Record(Open("data", 0), events);
        var whole = File.ReadAllBytes(Directory.GetFiles(Killed("data"), "*.flight").First(f => File.ReadAllBytes(f).AsSpan().IndexOfAnyExcept((byte)0) >= 0));
        var used = whole.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        var random = new Random(5);

        for (var round = 0; round < 60; round++)
        {
            var octets = whole[..(round % 2 == 0 ? random.Next(used) : used + 64)];
            if (round % 2 == 1)
                octets[random.Next(used)] ^= (byte)random.Next(1, 256);
            var data = _folder.At($"round{round}");
            Directory.CreateDirectory(data);
            File.WriteAllBytes(Path.Combine(data, "000000000001.flight"), octets);

            Open(data, 0, out var writes);

            foreach (var write in writes.Cast<LogWrite.Happened>())
                Same.Assert(events[(int)write.Cursor - 1], write.Event);
        }
    }

    [Theory]
    [InlineData("another database")]
    [InlineData("another release")]
    [InlineData("garbage")]
    public void A_file_that_is_not_ours_is_set_aside_and_stops_no_start(string what)
    {
        Record(what == "another database" ? Open("data", 0, "postgresql switchhook") : Open("data", 0), [Started(1)]);
        var data = Killed("data");
        foreach (var file in Directory.GetFiles(data, "*.flight"))
        {
            var octets = File.ReadAllBytes(file);
            if (what == "another release" && octets[0] != 0)
                octets[8]++;
            if (what == "garbage" && octets[0] != 0)
                new Random(1).NextBytes(octets);
            File.WriteAllBytes(file, octets);
        }

        var recorder = Open(data, 0, out var writes);
        recorder.Add(1, Started(2));
        recorder.Flush();

        Assert.Empty(writes);
        Assert.Contains("is not read", Assert.Single(recorder.Remarks), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(data, "*.unread"));
        Assert.Null(recorder.Problem);
    }

    [Fact]
    public void A_directory_that_another_process_has_or_that_cannot_be_made_is_refused_by_name()
    {
        Open("data", 0);
        File.WriteAllText(_folder.At("file"), "");

        var used = Assert.Throws<StorageUnavailableException>(() => Open("data", 0));
        var none = Assert.Throws<StorageUnavailableException>(() => Open("file", 0));

        Assert.Contains(_folder.At("data"), used.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.At("file"), none.Message, StringComparison.Ordinal);
    }

    private static long Record(FlightRecorder recorder, IEnumerable<CallEvent> events)
    {
        long cursor = 0, ticket = 0;
        foreach (var happened in events)
            ticket = recorder.Add(++cursor, happened);
        recorder.Flush();
        return ticket;
    }

    private FlightRecorder Open(string data, long lastCursor, string database = Database) => Open(_folder.At(data), lastCursor, out _, database);

    private FlightRecorder Open(string data, long lastCursor, out IReadOnlyList<LogWrite> left, string database = Database)
    {
        var recorder = new FlightRecorder(data, database);
        _open.Add(recorder);
        left = recorder.Open(lastCursor);
        return recorder;
    }

    /// <summary>The files as a kill leaves them.</summary>
    private string Killed(string data)
    {
        var copy = _folder.At($"copy{++_copies}");
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.GetFiles(_folder.At(data), "*.flight"))
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        return copy;
    }

    private static CallStarted Started(int id) =>
        new() { Call = Samples.Call(id) with { State = new CallState.Trying(), Legs = [], Sequence = 1 }, Sequence = 1, At = Samples.Start };

    private static StoredBinding Binding(string contact) => new("101", contact, "udp://1.2.3.4:5060", "id@host", 7, 1, Samples.Start, "phone", "<sip:proxy;lr>");
}
