using Switchhook.Server.Running;

namespace Switchhook.Server.Tests.Running;

public sealed class IdleMemoryTests
{
    private const long Load = 50 * 1024 * 1024;

    private readonly IdleMemory _memory;
    private long _packets;
    private long _allocated;

    public IdleMemoryTests() => _memory = new IdleMemory(() => _packets, () => _allocated);

    [Fact]
    public void What_a_load_has_left_is_given_back_soon_and_again_when_its_transactions_are_gone()
    {
        _allocated += Load;

        var looks = Looks(100);

        Assert.Equal([10, 34], looks);
    }

    [Fact]
    public void Nothing_is_given_back_while_anybody_is_heard()
    {
        _allocated += Load;

        Assert.Empty(Looks(100, eachPackets: 1));
        Assert.Equal([10, 34], Looks(100));
    }

    [Fact]
    public void New_work_begins_the_wait_anew()
    {
        _allocated += Load;
        Assert.Empty(Looks(9));

        _allocated += Load;

        Assert.Equal([10, 34], Looks(100));
    }

    [Fact]
    public void A_little_work_is_not_worth_it_until_it_has_added_up()
    {
        _allocated += Load;
        Assert.Equal([10, 34], Looks(100));

        List<int> after = [];
        for (var i = 0; i < 9; i++)
        {
            _allocated += 1024 * 1024;
            after.Add(Looks(40).Count);
        }

        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 2, 0], after);
    }

    [Fact]
    public void An_idle_server_that_is_scraped_is_idle_all_the_same()
    {
        _allocated += Load;

        Assert.Equal([10, 34], Looks(100, each: 100 * 1024));
    }

    [Theory]
    [InlineData("7f0000001000-7f0000003000 r-xp 00001000 fe:00 17  /usr/lib/libcoreclr.so", 0x2000)]
    [InlineData("7f0000001000-7f0000002000 r--s 00000000 fe:00 18  /opt/switchhook/Switchhook.Sip.dll", 0x1000)]
    [InlineData("7f0000001000-7f0000002000 r--s 00000000 fe:00 18  /opt/switchhook/Other.dll", null)]
    [InlineData("7f0000001000-7f0000002000 rw-p 00001000 fe:00 18  /opt/switchhook/Switchhook.Sip.dll", null)]
    [InlineData("7f0000001000-7f0000002000 r--p 00001000 fe:00 17  /usr/lib/libcoreclr.so", null)]
    [InlineData("7f0000001000-7f0000002000 r-xp 00000000 00:00 0", null)]
    [InlineData("7f0000001000-7f0000002000 rw-s 00000000 fe:00 19  /data/switchhook.db-shm", null)]
    [InlineData("Rss: .so", null)]
    public void Only_code_and_loaded_assemblies_are_let_go_of(string line, int? octets)
    {
        var found = MappedCode.CodeIn(line, new HashSet<string> { "/opt/switchhook/Switchhook.Sip.dll" });

        Assert.Equal(octets, (int?)found?.Length);
    }

    [Fact]
    public void The_process_goes_on_when_its_code_has_been_let_go_of()
    {
        MappedCode.LetGo();

        Assert.Equal(new Uri("http://127.0.0.1/a"), new Uri(new Uri("http://127.0.0.1/"), "a"));
    }

    /// <summary>The looks, counted from one, at which memory was to be given back.</summary>
    private List<int> Looks(int seconds, long each = 0, long eachPackets = 0)
    {
        List<int> given = [];
        for (var second = 0; second <= seconds; second++)
        {
            if (_memory.Look())
                given.Add(second);
            _allocated += each;
            _packets += eachPackets;
        }
        return given;
    }
}
