namespace Switchhook.Webhooks.Deliveries;

/// <summary>Spreads what failed together, without chance: every notification and attempt has its own place between 0 and 1.</summary>
internal static class Scatter
{
    public static double Of(string id, int attempt)
    {
        // FNV-1a, then mixed, since its low bits alone are poor for texts that differ in their last letter.
        var hash = 14695981039346656037UL;
        foreach (var c in id)
            hash = (hash ^ c) * 1099511628211UL;
        hash = (hash ^ (uint)attempt) * 1099511628211UL;
        hash ^= hash >> 33;
        hash *= 0xff51afd7ed558ccdUL;
        hash ^= hash >> 33;
        return (hash >> 11) * (1.0 / (1UL << 53));
    }
}
