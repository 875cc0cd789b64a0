using Switchhook.Calls.Events;

namespace Switchhook.Storage.Log;

/// <summary>What an account has in one block of the log.</summary>
/// <param name="Block">Its events have the cursors from <see cref="EventBlocks.Size"/> times this on.</param>
/// <param name="Account">By <see cref="AccountKey"/>, or <see cref="EventBlocks.Everybody"/>.</param>
/// <param name="Kinds">Bits of <see cref="EventKinds"/>.</param>
/// <param name="FirstCall">No event is of an earlier call.</param>
/// <param name="LastCall">No event is of a later call.</param>
internal sealed record EventBlock(long Block, string Account, long Kinds, long FirstCall, long LastCall);

/// <summary>
/// Sums up the log by blocks, so that who wants few of its events need not read all. It may claim more than there is, and never less: a batch
/// that fails and comes again is counted already.
/// </summary>
internal sealed class EventBlocks
{
    /// <summary>Cursors a block. Stored blocks have this size.</summary>
    public const int Size = 256;

    /// <summary>The account of a block of which it is not known what is in it.</summary>
    public const string Everybody = "*";

    private readonly Dictionary<string, EventBlock> _accounts = new(StringComparer.Ordinal);
    private readonly List<EventBlock> _full = [];
    private long _block = -1;
    private bool _isWhole;

    /// <summary>Blocks that are full and not stored.</summary>
    public IReadOnlyList<EventBlock> Full => _full;

    public static long Of(long cursor) => cursor / Size;

    public void Take(long cursor, CallEvent happened)
    {
        var block = Of(cursor);
        if (block < _block)
            return;
        if (block > _block)
        {
            // What was in the first block before this run of the server is not known.
            var isFirst = _block < 0;
            Close();
            (_block, _isWhole) = (block, !isFirst || cursor <= Math.Max(1, block * Size));
        }
        foreach (var account in happened.Call.Accounts)
            Take(AccountKey.Of(account), happened.Call.Id.Value, EventKinds.Of(happened.Name));
    }

    /// <summary>What was full is stored.</summary>
    public void Keep() => _full.Clear();

    private void Take(string account, long call, long kind)
    {
        if (!_accounts.TryGetValue(account, out var so))
            _accounts.Add(account, new EventBlock(_block, account, kind, call, call));
        else if ((so.Kinds & kind) == 0 || call < so.FirstCall || call > so.LastCall)
            _accounts[account] = so with { Kinds = so.Kinds | kind, FirstCall = Math.Min(so.FirstCall, call), LastCall = Math.Max(so.LastCall, call) };
    }

    private void Close()
    {
        if (_isWhole)
            _full.AddRange(_accounts.Values);
        else if (_block >= 0)
            _full.Add(new EventBlock(_block, Everybody, EventKinds.All, 0, long.MaxValue));
        _accounts.Clear();
    }
}
