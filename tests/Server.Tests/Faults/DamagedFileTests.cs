using Switchhook.Calls.Ports;
using Switchhook.Storage;
using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;

namespace Switchhook.Server.Tests.Faults;

/// <summary>The database was damaged while the server was down.</summary>
public sealed class DamagedFileTests
{
    private const int PageSize = 4096;

    private static readonly string[] Listen =
        ["--set", "Http:Listen=http://127.0.0.1:0", "--set", "Sip:Listen=udp://127.0.0.1:0", "--set", "Dialects:Ozeki:Listen=http://127.0.0.1:0", "--set", "Dialects:OpenVox:Enabled=false"];

    [Fact]
    public async Task A_torn_end_of_the_write_ahead_log_costs_nothing_that_was_acknowledged()
    {
        using var folder = new TempFolder();
        await using var server = await StartAsync(folder);
        var id = await TalkAsync(server, hangUp: true);
        await server.KillAsync();
        await using (var log = File.Open(folder.At("data/switchhook.db-wal"), FileMode.Append))
            log.Write([.. Enumerable.Repeat((byte)0x5a, 3 * PageSize)]);

        await using var again = await server.StartAgainAsync();
        var call = await again.Native.CallAsync(id);

        Assert.Equal("api", call.By);
        await TalkAsync(again, hangUp: true);
    }

    [Fact]
    public async Task Where_the_newest_pages_are_damaged_the_server_does_not_start_says_what_to_do_and_leaves_the_file_alone()
    {
        using var folder = new TempFolder();
        await using (var server = await StartAsync(folder))
        {
            await TalkAsync(server, hangUp: true);
            await server.StopAsync();
        }
        var path = folder.At("data/switchhook.db");
        await using (var file = File.Open(path, FileMode.Open))
        {
            file.Position = 2 * PageSize;
            file.Write([.. Enumerable.Repeat((byte)0xff, (int)file.Length - (2 * PageSize))]);
        }
        var before = await File.ReadAllBytesAsync(path);

        var (code, output) = await TestServer.RunAsync(["serve", "--data", folder.At("data"), .. Listen]);

        Assert.True(code == 1, output);
        Assert.Contains("is damaged: restore a backup", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(path));
    }

    [Fact]
    public async Task Whatever_page_is_damaged_it_is_named_by_who_comes_across_it_and_never_a_bug()
    {
        using var folder = new TempFolder();
        await using (var server = await StartAsync(folder))
        {
            for (var i = 0; i < 4; i++)
                await TalkAsync(server, hangUp: true);
            await TalkAsync(server, hangUp: false);
            await server.KillAsync();
        }
        SqliteStorage.Open(folder.At("data/switchhook.db"), TimeProvider.System).Dispose();
        var whole = await File.ReadAllBytesAsync(folder.At("data/switchhook.db"));
        var (refused, noticed) = (0, 0);

        for (var page = 0; page < whole.Length / PageSize; page++)
        {
            var damaged = (byte[])whole.Clone();
            damaged.AsSpan(page * PageSize, PageSize).Fill(0xff);
            var path = folder.At($"{page}.db");
            await File.WriteAllBytesAsync(path, damaged);
            try
            {
                using var storage = SqliteStorage.Open(path, TimeProvider.System);
                noticed += await UseAsync(storage);
            }
            catch (StorageUnavailableException)
            {
                refused++;
            }
        }

        Assert.True(refused > 5, $"{refused} refused at once, {noticed} noticed later");
        Assert.True(noticed > 0, $"{refused} refused at once, {noticed} noticed later");
    }

    /// <summary>Everything a server does with it; each step may say that the file is damaged, and nothing else. Gives 1 when one did.</summary>
    private static async Task<int> UseAsync(SqliteStorage storage)
    {
        var failures = 0;
        foreach (var step in (Func<Task>[])
        [
            () => Task.FromResult(storage.Provisioning.Load()),
            () => Task.FromResult(storage.Registrations.Load(TimeProvider.System.GetUtcNow())),
            () => Task.FromResult(storage.Log.LastCursor()),
            () => Task.FromResult(storage.Log.Unfinished()),
            async () => await storage.Log.ReadAsync(0, 10_000, EventFilter.Everything, CancellationToken.None),
            async () => await storage.History.QueryAsync(new CallQuery { PageSize = 100 }, CancellationToken.None),
            () => Task.FromResult(storage.Outbox.Pending(0, 1000)),
        ])
        {
            try
            {
                await step();
            }
            catch (StorageUnavailableException)
            {
                failures++;
            }
        }
        _ = storage.CanWrite();
        return Math.Min(failures, 1);
    }

    private static Task<TestServer> StartAsync(TempFolder folder) => TestServer.StartAsync(new ServerSetup
    {
        Data = folder.At("data"),
        Provisioning = new ProvisioningBuilder().AddPhone("701").AddService("800", "answer"),
    });

    private static async Task<string> TalkAsync(TestServer server, bool hangUp)
    {
        await using var caller = server.Phone("701");
        var placed = await caller.DialAsync("800");
        await placed.ConnectAsync();
        var id = (await server.Native.LiveBySipAsync(placed.CallId)).Id;
        if (!hangUp)
            return id;
        var asked = server.Native.HangUpAsync(id);
        await placed.ExpectByeAsync();
        Assert.Equal(200, (await asked).Status);
        return id;
    }
}
