using System.Text;
using Switchhook.Calls.Ports;
using Switchhook.Storage.Files;

namespace Switchhook.Storage.Tests.Files;

public sealed class MediaStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("switchhook-media").FullName;

    private MediaStore Store => new(_folder, TimeProvider.System);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_file_is_kept_with_what_its_uploader_said_and_survives_a_restart()
    {
        Assert.Equal(MediaStoring.Stored, await PutAsync("demo", "greeting 1.wav", "RIFF", new MediaLabel("audio/wav", "no-cache")));

        var found = Store.Find("DEMO", "greeting 1.wav")!;

        Assert.Equal(("greeting 1.wav", 4L, new MediaLabel("audio/wav", "no-cache")), (found.Name, found.Length, found.Label));
        Assert.Equal("RIFF", Read("demo", "greeting 1.wav"));
        Assert.Equal(["greeting 1.wav"], Store.List("demo").Select(static m => m.Name));
    }

    [Fact]
    public async Task Another_file_of_the_same_name_takes_its_place_and_whoever_reads_the_first_goes_on()
    {
        await PutAsync("demo", "a", "first");
        using var reader = new StreamReader(Store.Open("demo", "a")!);

        Assert.Equal(MediaStoring.Stored, await PutAsync("demo", "a", "second!"));

        Assert.Equal("first", await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.Equal("second!", Read("demo", "a"));
        Assert.Single(Store.List("demo"));
    }

    [Fact]
    public async Task Accounts_do_not_see_each_others_files()
    {
        await PutAsync("demo", "a", "mine");

        Assert.Null(Store.Find("other", "a"));
        Assert.Empty(Store.List("other"));
        Assert.False(Store.Delete("other", "a"));
        Assert.Null(Store.Find("../demo", "a"));
        Assert.Equal("mine", Read("demo", "a"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("../a")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    public async Task A_name_that_leads_elsewhere_is_none(string name)
    {
        Assert.Equal(MediaStoring.BadName, await PutAsync("demo", name, "x"));
        Assert.Null(Store.Find("demo", name));
        Assert.Null(Store.Open("demo", name));
        Assert.False(Store.Delete("demo", name));
        Assert.Null(Store.Playable("demo", name));
    }

    [Fact]
    public async Task A_name_that_is_too_long_is_none()
    {
        Assert.Equal(MediaStoring.BadName, await PutAsync("demo", new string('a', 201), "x"));
        Assert.Equal(MediaStoring.BadName, await PutAsync("demo", new string('é', 100), "x"));
        Assert.Equal(MediaStoring.Stored, await PutAsync("demo", new string('a', 200), "x"));
    }

    [Fact]
    public async Task A_file_that_is_not_as_long_as_was_said_is_not_stored()
    {
        await PutAsync("demo", "a", "before");

        Assert.Equal(MediaStoring.WrongLength, await PutAsync("demo", "a", "short", length: 6));
        Assert.Equal(MediaStoring.WrongLength, await PutAsync("demo", "a", "longer", length: 5));

        Assert.Equal("before", Read("demo", "a"));
        Assert.Equal(2, Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Count());
    }

    [Fact]
    public async Task What_is_too_large_is_not_taken()
    {
        var store = new MediaStore(_folder, TimeProvider.System) { MostOctetsOfAccount = 10 };
        using var six = new MemoryStream(new byte[6]);
        using var five = new MemoryStream(new byte[5]);
        using var seven = new MemoryStream(new byte[7]);

        Assert.Equal(MediaStoring.TooLarge, await store.StoreAsync("demo", "a", Stream.Null, store.MostOctets + 1, new MediaLabel(), TestContext.Current.CancellationToken));
        Assert.Equal(MediaStoring.Stored, await store.StoreAsync("demo", "a", six, 6, new MediaLabel(), TestContext.Current.CancellationToken));
        Assert.Equal(MediaStoring.TooLarge, await store.StoreAsync("demo", "b", five, 5, new MediaLabel(), TestContext.Current.CancellationToken));
        Assert.Equal(MediaStoring.Stored, await store.StoreAsync("demo", "a", seven, 7, new MediaLabel(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_deleted_file_is_gone_with_all_that_was_kept_of_it()
    {
        await PutAsync("demo", "a", "x");

        Assert.True(Store.Delete("demo", "a"));

        Assert.False(Store.Delete("demo", "a"));
        Assert.Empty(Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_file_has_a_name_to_play_it_by()
    {
        await PutAsync("demo", "a b.wav", "x");

        Assert.Equal("media:a-demo/f-a%20b.wav", Store.Playable("demo", "a b.wav"));
        Assert.Null(Store.Playable("demo", "c.wav"));
    }

    [Fact]
    public async Task What_an_upload_has_left_that_a_crash_cut_off_is_in_nobodys_way_and_goes_at_the_next_start()
    {
        await PutAsync("demo", "a", "whole");
        var folder = Directory.GetDirectories(_folder).Single();
        // As a process of the same number leaves it, which in a container is the usual one.
        var own = Path.Combine(folder, $"n-{Environment.ProcessId}-1");
        var (other, label) = (Path.Combine(folder, "n-7-1"), Path.Combine(folder, "n-7-1.label"));
        foreach (var left in (string[])[own, other, label])
            await File.WriteAllTextAsync(left, "ha", TestContext.Current.CancellationToken);

        var stored = await PutAsync("demo", "b", "next");
        Store.Clean();

        Assert.Equal(MediaStoring.Stored, stored);
        Assert.Equal(["f-a", "f-b", "l-a", "l-b"], Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(("whole", "next"), (Read("demo", "a"), Read("demo", "b")));
    }

    private async Task<MediaStoring> PutAsync(string owner, string name, string text, MediaLabel? label = null, int? length = null)
    {
        using var octets = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return await Store.StoreAsync(owner, name, octets, length ?? octets.Length, label ?? new MediaLabel(), TestContext.Current.CancellationToken);
    }

    private string Read(string owner, string name)
    {
        using var reader = new StreamReader(Store.Open(owner, name)!);
        return reader.ReadToEnd();
    }
}
