using System.Collections.Concurrent;
using System.Globalization;
using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;

namespace Switchhook.Dialects.Hoiio.Sessions;

/// <summary>
/// What is left of an account's balance: as provisioned, less what its calls in the log cost. Read from the log once, and kept up to date by
/// the calls that end.
/// </summary>
internal sealed class HoiioLedger(ICallHistory history, IDirectory directory, HoiioDesk desk)
{
    private const int PageSize = 500;

    private readonly ConcurrentDictionary<string, Book> _books = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A call is over. On the thread that writes the log.</summary>
    public void Ended(Call call)
    {
        if (PayerOf(call) is not { } name || !_books.TryGetValue(name, out var book) || directory.Current.Account(name) is not { } account)
            return;
        lock (book)
        {
            // While the log is read it may or may not be there already.
            if (book.Spent is null)
                book.Late[call.Id] = Cost(account, call);
            else
                book.Spent += Cost(account, call);
        }
    }

    /// <summary>The balance, or null for an account that has none: it pays later.</summary>
    public async ValueTask<decimal?> BalanceAsync(Account account, CancellationToken cancellation)
    {
        if (account.Balance is not { } text || !decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var granted))
            return null;
        var book = _books.GetOrAdd(account.Name, static _ => new Book());
        lock (book)
        {
            if (book.Spent is { } known)
                return granted - known;
        }
        var spent = await ReadAsync(account, cancellation);
        lock (book)
        {
            if (book.Spent is null)
            {
                book.Spent = spent.Values.Sum() + book.Late.Where(l => !spent.ContainsKey(l.Key)).Sum(static l => l.Value);
                book.Late.Clear();
            }
            return granted - book.Spent.Value;
        }
    }

    private async ValueTask<Dictionary<CallId, decimal>> ReadAsync(Account account, CancellationToken cancellation)
    {
        var costs = new Dictionary<CallId, decimal>();
        for (CallId? after = null; ;)
        {
            var page = await history.QueryAsync(
                new CallQuery { Account = account.Name, After = after, NewestFirst = false, PageSize = PageSize, WithTotal = false }, cancellation);
            foreach (var call in page.Calls)
            {
                if (string.Equals(PayerOf(call), account.Name, StringComparison.OrdinalIgnoreCase))
                    costs[call.Id] = Cost(account, call);
            }
            if (page.Calls.Count < PageSize)
                return costs;
            after = page.Calls[^1].Id;
        }
    }

    private string? PayerOf(Call call) => desk.OwnerOf(call);

    private decimal Cost(Account account, Call call) => HoiioRates.Of(account, directory.Current, call).Debit;

    private sealed class Book
    {
        /// <summary>Null until the log was read.</summary>
        public decimal? Spent { get; set; }

        /// <summary>Calls that ended meanwhile.</summary>
        public Dictionary<CallId, decimal> Late { get; } = [];
    }
}
