using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Media.Transport;
using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>What was being recorded when an exchange died is told by the next one.</summary>
public sealed class LeftRecordingTests
{
    private static readonly Provisioning Provisioned = new()
    {
        Trunks = [new Trunk { Name = "carrier", Host = "127.0.0.9", From = ["127.0.0.9"], MayDial = TrunkDial.All }],
        Extensions = [new Extension { Number = "800", Kind = ExtensionKind.Service, Behaviour = ServiceBehaviour.Answer, Account = "demo" }],
    };

    [Fact]
    public async Task Its_end_is_told_once_with_its_file_its_tag_and_who_wanted_to_know()
    {
        var callback = new RecordingCallback("catapult", "http://app.test/");
        await using var first = Loopback.Start(Provisioned);
        var left = await LeaveAsync(first, new RecordingTerms { Tag = "mine", Callback = callback, Beside = true });

        await using var next = Loopback.StartAfter([left], Provisioned, options => TakeOver(first, options));
        var ended = (RecordingEnded)await next.Ports.EventAsync(e => e is RecordingEnded);
        await OverAsync(next);

        Assert.Equal((1, 1, "mine", callback), (ended.Recording, ended.Leg.Number, ended.Tag, ended.Callback));
        Assert.Equal((RecordingEnding.HungUp, $"{left.Call.Id}-1.wav", null), (ended.Outcome.Ending, ended.Outcome.File, ended.Outcome.Error));
        Assert.Single(next.Ports.Events, e => e is RecordingEnded);
    }

    [Fact]
    public async Task What_was_to_become_an_mp3_becomes_one()
    {
        await using var first = Loopback.Start(Provisioned);
        var left = await LeaveAsync(first, new RecordingTerms { Format = RecordingFormat.Mp3 });

        await using var next = Loopback.StartAfter([left], Provisioned, options => TakeOver(first, options));
        var ended = (RecordingEnded)await next.Ports.EventAsync(e => e is RecordingEnded);

        Assert.Equal(($"{left.Call.Id}-1.mp3", null, (string?)null), (ended.Outcome.File, ended.Outcome.Error, ended.Tag));
        Assert.True(File.Exists(next.Prompts.At($"recordings/{left.Call.Id}/{left.Call.Id}-1.mp3")));
    }

    [Fact]
    public async Task It_goes_into_its_folder_too_and_its_end_is_told_to_who_would_have_been_told_by_its_script()
    {
        var callback = new RecordingCallback("ozeki", "http://app.test/done");
        await using var first = Loopback.Start(Provisioned);
        var left = await LeaveAsync(first, new RecordingTerms { Format = RecordingFormat.Mp3, Folder = "vm/601", CallbackAfterCrash = callback });

        await using var next = Loopback.StartAfter([left], Provisioned, options => TakeOver(first, options));
        var ended = (RecordingEnded)await next.Ports.EventAsync(e => e is RecordingEnded);
        await OverAsync(next);

        Assert.Equal(callback, ended.Callback);
        Assert.Equal(
            await File.ReadAllBytesAsync(next.Prompts.At($"recordings/{left.Call.Id}/{left.Call.Id}-1.mp3")),
            await File.ReadAllBytesAsync(next.Prompts.At($"recordings/vm/601/{left.Call.Id}-1.mp3")));
    }

    [Fact]
    public async Task A_description_that_was_damaged_is_nobodys()
    {
        await using var first = Loopback.Start(Provisioned);
        var left = await LeaveAsync(first, new RecordingTerms());

        await using var next = Loopback.StartAfter([left], Provisioned, options =>
        {
            TakeOver(first, options);
            var description = Path.Combine(options.RecordingsDirectory, left.Call.Id.ToString(), $"{left.Call.Id}-1.json");
            File.WriteAllText(description, File.ReadAllText(description)[..40]);
            return options;
        });
        await next.EndedAsync();
        await OverAsync(next);

        Assert.DoesNotContain(next.Ports.Events, e => e is RecordingEnded);
    }

    [Fact]
    public async Task One_of_a_call_that_was_over_is_told_with_the_next_number_of_its_call_unless_it_was_told_before()
    {
        await using var first = Loopback.Start(Provisioned);
        var untold = await LeaveAsync(first, new RecordingTerms { Tag = "untold" });
        var told = await LeaveAsync(first, new RecordingTerms { Tag = "told" });
        using var files = new TempFolder();
        CopyFiles(first.Prompts.At("recordings"), files.Path);
        foreach (var call in (CallId[])[untold.Call.Id, told.Call.Id])
        {
            Assert.True((await first.AskAsync(new CallCommand.HangUp(call, new HangupBy.Api("native", "demo")))).Done);
            await first.Ports.EventAsync(e => e is RecordingEnded && e.Call.Id == call);
        }
        var past = first.Ports.Events.Where(e => e is not (RecordingEnded { Tag: "untold" } or HangupConfirmed)).ToList();

        await using var next = Loopback.StartAfter(past, Provisioned, options => TakeOver(files.Path, options));
        // The newest call is looked at first.
        var ended = (RecordingEnded)await next.Ports.EventAsync(e => e is RecordingEnded);
        await OverAsync(next);

        Assert.Equal((untold.Call.Id, "untold", $"{untold.Call.Id}-1.wav"), (ended.Call.Id, ended.Tag, ended.Outcome.File));
        Assert.Equal(past.Last(e => e.Call.Id == untold.Call.Id).Sequence + 1, ended.Sequence);
        Assert.True(ended.Call.HasEnded);
        Assert.Single(next.Ports.Events);
        Assert.Equal(0, next.Exchange.Figures().Live["call"]);
    }

    private static async Task OverAsync(Loopback loopback) => await Eventually.GetAsync(
        () => Task.FromResult((loopback.Exchange.RunningCalls, loopback.Exchange.Figures().Live["recording"])), left => left == (0, 0), "nothing of the call is left");

    /// <summary>A call that is recorded, as a process that dies in the middle leaves it.</summary>
    private static async Task<UnfinishedCall> LeaveAsync(Loopback loopback, RecordingTerms terms)
    {
        var carrier = loopback.Peer();
        var placed = await ScriptedCall.PlaceAsync(carrier, carrier.Invite("800").WithSdp(ScriptedPhone.SilentSdp()));
        await placed.ConnectAsync();
        var call = loopback.Exchange.Live().MaxBy(static c => c.Id)!;
        Assert.True((await loopback.AskAsync(new CallCommand.Sound(call.Id, new AudioOrder.Record(null, terms)))).Done);
        var description = loopback.Prompts.At($"recordings/{call.Id}/{call.Id}-1.json");
        await Eventually.GetAsync(
            () => Task.FromResult(File.Exists(description) && new FileInfo(description).Length > 0), there => there, "the recording is described");
        var live = loopback.Exchange.Live().Single(c => c.Id == call.Id);
        return new UnfinishedCall(live with { Audio = CallAudio.None }, live.Sequence, new Dictionary<LegId, string>());
    }

    /// <summary>The files as the next process finds them and puts them right.</summary>
    private static ExchangeOptions TakeOver(Loopback from, ExchangeOptions options) => TakeOver(from.Prompts.At("recordings"), options);

    private static ExchangeOptions TakeOver(string from, ExchangeOptions options)
    {
        CopyFiles(from, options.RecordingsDirectory);
        RecordingFiles.Repair(options.RecordingsDirectory, out var left);
        return options with { LeftRecordings = left };
    }

    private static void CopyFiles(string from, string target)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(target, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var copy = File.Create(to);
            open.CopyTo(copy);
        }
    }
}
