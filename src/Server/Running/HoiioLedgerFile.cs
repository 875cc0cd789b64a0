using Switchhook.Dialects.Hoiio.Sessions;

namespace Switchhook.Server.Running;

/// <summary>What accounts of the Hoiio dialect have spent, which outlives the calls it was spent on.</summary>
internal sealed class HoiioLedgerFile(string path, ILogger log) : IHoiioLedgerStore
{
    private readonly StateFile<Dictionary<string, HoiioSpent?>> _file = new(path, "what accounts of the Hoiio dialect have spent", log);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, HoiioSpent> Load() =>
        (_file.Load() ?? []).Where(static s => s.Value is not null).ToDictionary(static s => s.Key, static s => s.Value!, StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public void Save(IReadOnlyDictionary<string, HoiioSpent> spent) => _file.Save(spent.ToDictionary(static s => s.Key, static s => (HoiioSpent?)s.Value));
}
