using System.Collections.Immutable;
using Switchhook.Calls;
using Switchhook.Dialects.Catapult.Wire;

namespace Switchhook.Dialects.Catapult.Accounts;

/// <summary>Something that went wrong for an account while nobody asked for an answer.</summary>
/// <param name="Call">The call it happened to.</param>
/// <param name="Number">Which one of the call's: its place in the order of storing, or the number of the event.</param>
/// <param name="Kind">Where it was found.</param>
/// <param name="At">When.</param>
/// <param name="Code">One of the vendor's words, or one like them.</param>
/// <param name="Message">For people.</param>
/// <param name="Details">By name.</param>
internal sealed record CatapultUserError(
    CallId Call, long Number, CatapultErrorKind Kind, DateTimeOffset At, string Code, string Message, ImmutableArray<(string Name, string Value)> Details)
{
    private const int KindBits = 2;
    private const int DetailBits = 4;
    private const int NumberBits = 17 - KindBits - DetailBits;

    /// <summary>Carries the call, so that its failures are all that is looked at to find one.</summary>
    public string Id => IdOf(CatapultId.Error, 0);

    public CatapultMembers Show() => new()
    {
        { "id", Id },
        { "time", CatapultWords.Time(At) },
        { "category", "unavailable" },
        { "code", Code },
        { "message", Message },
        {
            "details",
            [.. Details.Select((d, i) => new CatapultMembers { { "id", IdOf(CatapultId.ErrorDetail, i + 1) }, { "name", d.Name }, { "value", d.Value } })]
        },
    };

    private string IdOf(string prefix, int detail) => CatapultId.Of(
        prefix, new LegId(Call, (int)(((((Number & ((1 << NumberBits) - 1)) << KindBits) | (uint)Kind) << DetailBits) | (uint)detail)));
}

/// <summary>Where an error was found.</summary>
internal enum CatapultErrorKind
{
    /// <summary>A callback, in the outbox.</summary>
    Callback,
    /// <summary>A document or one of its verbs, in the log.</summary>
    Document,
    /// <summary>A call nobody takes, in the history.</summary>
    Refusal,
}
