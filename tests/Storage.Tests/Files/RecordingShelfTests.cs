using Switchhook.Calls;
using Switchhook.Storage.Files;

namespace Switchhook.Storage.Tests.Files;

public sealed class RecordingShelfTests : IDisposable
{
    private static readonly CallId Call = new(77);
    private readonly string _folder = Directory.CreateTempSubdirectory("switchhook-shelf").FullName;

    private RecordingShelf Shelf => new(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_recording_is_what_its_description_says_and_the_files_there_are()
    {
        Write(Call, 2, """{"state":"finished","leg":3,"accounts":["demo"],"startedAt":"2017-03-02T13:00:01.0000000+00:00","lengthMs":4200,"sides":"Both","channels":2,"sampleRateHz":8000,"end":"Stopped","mp3":true}""", "wav", "mp3");

        var recording = Shelf.Of(Call).Single();

        Assert.Equal((2, 3, "finished", TimeSpan.FromMilliseconds(4200)), (recording.Number, recording.Leg, recording.State, recording.Length));
        Assert.Equal((new DateTimeOffset(2017, 3, 2, 13, 0, 1, TimeSpan.Zero), true, "Stopped"), (recording.StartedAt, recording.BecomesMp3, recording.Ending));
        Assert.Equal(["wav", "mp3"], recording.Formats);
        Assert.Equal(["demo"], recording.Accounts);
        Assert.Equal(3, recording.Octets["mp3"]);
        Assert.Equal([Call], Shelf.Calls(null, 10));
        Assert.Equal($"recordings:{Call}/{Call}-2.mp3", Shelf.Playable(Call, 2, "mp3"));
    }

    [Fact]
    public void Damaged_and_foreign_descriptions_are_passed_over()
    {
        Write(Call, 1, "{", "wav");
        Write(Call, 2, """{"state":5}""", "wav");
        File.WriteAllText(Path.Combine(_folder, Call.ToString(), "notes.json"), "{}");

        Assert.Empty(Shelf.Of(Call));
        Assert.Empty(Shelf.Of(new CallId(1)));
    }

    [Fact]
    public void The_description_goes_with_the_last_file()
    {
        Write(Call, 1, """{"state":"finished"}""", "wav", "mp3");

        Assert.True(Shelf.Delete(Call, 1, "mp3"));
        Assert.Equal(["wav"], Shelf.Of(Call).Single().Formats);
        Assert.True(Shelf.Delete(Call, 1, "wav"));

        Assert.Empty(Shelf.Of(Call));
        Assert.False(Shelf.Delete(Call, 1, "wav"));
        Assert.False(Shelf.Delete(Call, 1, "../x"));
        Assert.Null(Shelf.Open(Call, 1, "wav"));
    }

    [Fact]
    public void Calls_come_newest_first_and_from_an_older_one_on()
    {
        foreach (var number in (long[])[5, 7, 6])
            Write(new CallId(number), 1, """{"state":"finished"}""", "wav");
        Directory.CreateDirectory(Path.Combine(_folder, "lost+found"));

        Assert.Equal([new CallId(7), new CallId(6)], Shelf.Calls(null, 2));
        Assert.Equal([new CallId(5)], Shelf.Calls(new CallId(6), 10));
        Assert.Empty(new RecordingShelf(Path.Combine(_folder, "none")).Calls(null, 10));
    }

    private void Write(CallId call, int number, string description, params ReadOnlySpan<string> formats)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, call.ToString())).FullName;
        File.WriteAllText(Path.Combine(folder, $"{call}-{number}.json"), description);
        foreach (var format in formats)
            File.WriteAllText(Path.Combine(folder, $"{call}-{number}.{format}"), "abc");
    }
}
