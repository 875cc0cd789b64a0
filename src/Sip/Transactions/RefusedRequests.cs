namespace Switchhook.Sip.Transactions;

/// <summary>
/// Which requests were refused without a transaction, of the last ones. A repeat of one that came after room was made must not become a call: its
/// sender has been told 503 and would never acknowledge the answer. Of fixed size; when it is full the oldest is forgotten, and what was forgotten
/// is decided anew.
/// </summary>
internal sealed class RefusedRequests
{
    private const int Slots = 1 << 16;

    // One digest a slot, of which the lower 16 bits are the slot's number. Nothing refused, nothing kept.
    private ulong[]? _digests;

    public void Add(in TransactionKey key) => (_digests ??= new ulong[Slots])[SlotOf(key)] = MarkOf(key);

    public bool Contains(in TransactionKey key) => _digests is { } digests && digests[SlotOf(key)] == MarkOf(key);

    private static int SlotOf(in TransactionKey key) => (ushort)key.Digest;

    private static ulong MarkOf(in TransactionKey key) => (ulong)(key.Digest >> 64);
}
