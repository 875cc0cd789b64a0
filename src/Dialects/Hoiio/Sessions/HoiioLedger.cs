using System.Collections.Concurrent;
using System.Globalization;
using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;

namespace Switchhook.Dialects.Hoiio.Sessions;

/// <summary>What an account's calls have cost.</summary>
/// <param name="Amount">All of them.</param>
/// <param name="Through">When the last of them ended; later ones are not in the amount.</param>
public sealed record HoiioSpent(decimal Amount, DateTimeOffset Through);

/// <summary>Keeps what was spent over a restart, also for calls the log does not keep any longer.</summary>
public interface IHoiioLedgerStore
{
    /// <summary>What was saved last, by account; empty when nothing was, or when it cannot be read.</summary>
    IReadOnlyDictionary<string, HoiioSpent> Load();

    /// <summary>Replaces what was saved. A failure is the store's own to report.</summary>
    void Save(IReadOnlyDictionary<string, HoiioSpent> spent);
}

/// <summary>
/// What is left of an account's balance: as provisioned, less what its calls cost. What was saved is taken up with the calls of the log that ended
/// since, and kept up to date by the calls that end.
/// </summary>
internal sealed class HoiioLedger(ICallHistory history, IDirectory directory, HoiioDesk desk, IHoiioLedgerStore? store = null)
{
    private const int PageSize = 500;

    /// <summary>No call is longer, so that one that ended since began no earlier.</summary>
    private static readonly TimeSpan LongestCall = TimeSpan.FromDays(7);

    private readonly ConcurrentDictionary<string, Book> _books = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _saving = new();
    private volatile bool _isChanged;

    /// <summary>A call is over. On the thread that writes the log.</summary>
    public void Ended(Call call)
    {
        if (desk.OwnerOf(call) is not { } name || !_books.TryGetValue(name, out var book) || directory.Current.Account(name) is not { } account)
            return;
        lock (book)
        {
            // While the log is read it may or may not be there already.
            if (book.Spent is null)
                book.Late[call.Id] = call;
            else
                book.Spent = Add(book.Spent, account, call);
        }
        _isChanged = true;
    }

    /// <summary>The balance, or null for an account that has none: it pays later.</summary>
    public async ValueTask<decimal?> BalanceAsync(Account account, CancellationToken cancellation)
    {
        if (GrantOf(account) is not { } granted)
            return null;
        var book = _books.GetOrAdd(account.Name, static _ => new Book());
        lock (book)
        {
            if (book.Spent is { } known)
                return granted - known.Amount;
        }
        var spent = await ReadAsync(account, cancellation);
        lock (book)
        {
            if (book.Spent is null)
            {
                foreach (var late in book.Late.Values)
                    spent.Calls.TryAdd(late.Id, late);
                book.Spent = spent.Calls.Values.Aggregate(spent.Before, (sum, call) => Add(sum, account, call));
                book.Late.Clear();
                _isChanged = true;
            }
            return granted - book.Spent.Amount;
        }
    }

    /// <summary>Knows every account's balance from here on, whether it is asked for or not, and saves what was spent.</summary>
    public async ValueTask KeepAsync(CancellationToken cancellation)
    {
        if (store is null)
            return;
        foreach (var account in directory.Current.Provisioning.Accounts.Where(static a => a.Hoiio is not null))
            await BalanceAsync(account, cancellation);
        Save();
    }

    /// <summary>Saves what was spent, when that has changed.</summary>
    public void Save()
    {
        if (store is null || !_isChanged)
            return;
        lock (_saving)
        {
            _isChanged = false;
            // Who has been taken out of the provisioning, or was not asked for yet, keeps what was saved.
            var all = new Dictionary<string, HoiioSpent>(store.Load(), StringComparer.OrdinalIgnoreCase);
            foreach (var (name, book) in _books)
            {
                lock (book)
                {
                    if (book.Spent is { } spent)
                        all[name] = spent;
                }
            }
            store.Save(all);
        }
    }

    private async ValueTask<(HoiioSpent Before, Dictionary<CallId, Call> Calls)> ReadAsync(Account account, CancellationToken cancellation)
    {
        var before = (store?.Load() ?? new Dictionary<string, HoiioSpent>())
            .FirstOrDefault(s => string.Equals(s.Key, account.Name, StringComparison.OrdinalIgnoreCase)).Value ?? new HoiioSpent(0m, DateTimeOffset.MinValue);
        var calls = new Dictionary<CallId, Call>();
        var since = before.Through == DateTimeOffset.MinValue ? (DateTimeOffset?)null : before.Through - LongestCall;
        for (CallId? after = null; ;)
        {
            var page = await history.QueryAsync(
                new CallQuery { Account = account.Name, Since = since, After = after, NewestFirst = false, PageSize = PageSize, WithTotal = false }, cancellation);
            foreach (var call in page.Calls)
            {
                if (call.EndedAt > before.Through && string.Equals(desk.OwnerOf(call), account.Name, StringComparison.OrdinalIgnoreCase))
                    calls[call.Id] = call;
            }
            if (page.Calls.Count < PageSize)
                return (before, calls);
            after = page.Calls[^1].Id;
        }
    }

    private HoiioSpent Add(HoiioSpent sum, Account account, Call call) => new(
        sum.Amount + HoiioRates.Of(account, directory.Current, call).Debit, call.EndedAt > sum.Through ? call.EndedAt.Value : sum.Through);

    private static decimal? GrantOf(Account account) =>
        account.Balance is { } text && decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var granted)
            ? granted : null;

    private sealed class Book
    {
        /// <summary>Null until the log was read.</summary>
        public HoiioSpent? Spent { get; set; }

        /// <summary>Calls that ended meanwhile.</summary>
        public Dictionary<CallId, Call> Late { get; } = [];
    }
}
