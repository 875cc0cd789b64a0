using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Dialects.Hoiio;
using Switchhook.Dialects.Hoiio.Sessions;
using Switchhook.TestKit.Timing;

namespace Switchhook.Dialects.Tests.Hoiio;

/// <summary>What was spent outlives the process and the calls it was spent on.</summary>
public sealed class HoiioLedgerTests
{
    private static readonly HoiioOptions Patient = new() { IdleTime = TimeSpan.FromHours(1) };

    [Fact]
    public async Task A_balance_does_not_rise_when_the_log_no_longer_keeps_the_calls()
    {
        var file = new MemoryLedger();
        await using (var first = new HoiioWorld(Patient, WithBalance, file))
            await SpendAsync(first, minutes: 3);

        await using var second = new HoiioWorld(Patient, WithBalance, file);
        var balance = await BalanceAsync(second);

        Assert.Equal("9.928", balance);
    }

    [Fact]
    public async Task A_call_that_the_log_still_has_is_paid_once_and_one_that_was_not_saved_is_paid_too()
    {
        var file = new MemoryLedger();
        Call saved, unsaved;
        await using (var first = new HoiioWorld(Patient, WithBalance, file))
        {
            await SpendAsync(first, minutes: 3);
            saved = first.History[0];
        }
        unsaved = saved with { Id = new CallId(saved.Id.Value + 1), EndedAt = saved.EndedAt + TimeSpan.FromSeconds(1) };

        // Nobody looks into the log before the calls are in it.
        file.MayLoad.Reset();
        await using var second = new HoiioWorld(Patient, WithBalance, file);
        second.History.AddRange([saved, unsaved]);
        file.MayLoad.Set();
        var balance = await BalanceAsync(second);

        // The unsaved one lasted a second longer: a fourth minute.
        Assert.Equal("9.832", balance);
    }

    [Fact]
    public async Task What_is_spent_is_saved_within_a_minute_though_nobody_asks_for_the_balance()
    {
        var file = new MemoryLedger();
        await using var world = new HoiioWorld(Patient, WithBalance, file);
        await file.SavedAsync(0m);

        await SpendAsync(world, minutes: 1);
        await Eventually.TrueAsync(
            () =>
            {
                world.Time.Advance(TimeSpan.FromMinutes(1));
                return file.Amount == 0.024m;
            },
            "the call is paid",
            TimeSpan.FromSeconds(30));
    }

    private static Account WithBalance(Account account) => account with { Balance = "10.000" };

    private static async Task SpendAsync(HoiioWorld world, int minutes)
    {
        await BalanceAsync(world);
        var session = await world.ReadyAsync();
        world.Time.Advance(TimeSpan.FromMinutes(minutes));
        world.End(session);
    }

    private static async Task<string?> BalanceAsync(HoiioWorld world) => (await world.AskAsync("user/get_balance")).GetProperty("balance").GetString();

    /// <summary>A file that is none.</summary>
    private sealed class MemoryLedger : IHoiioLedgerStore
    {
        private volatile IReadOnlyDictionary<string, HoiioSpent> _saved = new Dictionary<string, HoiioSpent>();

        public decimal? Amount => _saved.GetValueOrDefault("crm")?.Amount;

        /// <summary>Loading waits for it.</summary>
        public ManualResetEventSlim MayLoad { get; } = new(initialState: true);

        public IReadOnlyDictionary<string, HoiioSpent> Load()
        {
            MayLoad.Wait();
            return _saved;
        }

        public void Save(IReadOnlyDictionary<string, HoiioSpent> spent) => _saved = spent;

        public Task SavedAsync(decimal amount) => Eventually.TrueAsync(() => Amount == amount, "it is saved", TimeSpan.FromSeconds(30));
    }
}
