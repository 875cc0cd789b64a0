using System.Globalization;
using System.Text.Json.Nodes;
using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Hoiio.Checks;
using Switchhook.Dialects.Hoiio.Sessions;

namespace Switchhook.Dialects.Hoiio.Operations;

/// <summary>What operations work with.</summary>
internal sealed record HoiioPorts(
    ICallControl Calls, ICallHistory History, IDirectory Directory, HoiioDesk Desk, HoiioRunner Runner, HoiioLedger Ledger, HoiioCallLimit Limit,
    HoiioChecks Checks, HoiioRooms Rooms, TimeProvider Time, HoiioOptions Options)
{
    /// <summary>The call, live or ended; null when there never was one.</summary>
    public async ValueTask<Call?> FindAsync(CallId id, CancellationToken cancellation) => Calls.Find(id) ?? await History.FindAsync(id, cancellation);
}

/// <summary>One request that proved itself.</summary>
internal sealed record HoiioAsk(Account Account, CallDirectory Directory, IReadOnlyDictionary<string, string> Parameters, HoiioPorts Ports)
{
    public string? this[string name] => Parameters.GetValueOrDefault(name);

    /// <summary>A whole number in its range, the usual one when it is not given; null when it is none.</summary>
    public int? Number(string name, int usual, int least, int most) =>
        this[name] is not { } text ? usual
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;
}

/// <summary>Answers of operations.</summary>
internal static class HoiioReply
{
    public static JsonObject Success(params ReadOnlySpan<(string Name, JsonNode? Value)> members)
    {
        var reply = HoiioStatus.Reply(HoiioStatus.Success);
        foreach (var (name, value) in members)
        {
            if (value is not null)
                reply[name] = value;
        }
        return reply;
    }

    public static JsonArray List(IEnumerable<string> items) => new([.. items.Select(static i => (JsonNode?)JsonValue.Create(i))]);
}
