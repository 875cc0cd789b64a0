using System.Globalization;
using System.Text;
using Switchhook.Exchange.Subscriptions;

namespace Switchhook.Exchange.Tests.Subscriptions;

/// <summary>The machine written out as the table of docs/machines/subscription.md.</summary>
internal static class SubscriptionTable
{
    private static readonly SubscriptionState[] States =
    [
        SubscriptionState.Asked.It,
        SubscriptionState.Quiet.It,
        new SubscriptionState.Notifying(false),
        new SubscriptionState.Notifying(true),
        new SubscriptionState.Ending(EndReason.Timeout),
        new SubscriptionState.Ending(EndReason.Deactivated),
        SubscriptionState.Closing.It,
        SubscriptionState.Over.It,
    ];

    public static readonly (string Name, SubscriptionInput Input)[] Inputs =
    [
        ("SUBSCRIBE for 600 s", new SubscriptionInput.Subscribe(600)),
        ("SUBSCRIBE for 0 s", new SubscriptionInput.Subscribe(0)),
        ("changed", SubscriptionInput.Changed.It),
        ("delivered", SubscriptionInput.Delivered.It),
        ("deferred", SubscriptionInput.Deferred.It),
        ("failed", SubscriptionInput.Failed.It),
        ("expired", SubscriptionInput.Expired.It),
        ("stop, deactivated", new SubscriptionInput.Stop(EndReason.Deactivated)),
        ("stop, noresource", new SubscriptionInput.Stop(EndReason.NoResource)),
    ];

    public static string Write()
    {
        var text = new StringBuilder("| State | Input | Next | Effects |\n|---|---|---|---|\n");
        var ignored = new StringBuilder();
        foreach (var state in States)
        {
            List<string> skipped = [];
            foreach (var (name, input) in Inputs)
            {
                var step = new Subscription(state).On(input);
                if (step.IsIgnored)
                    skipped.Add(name);
                else
                    text.Append(CultureInfo.InvariantCulture, $"| {Of(state)} | {name} | {Of(step.Next.State)} | {string.Join(", ", step.Effects.Select(Of))} |\n");
            }
            ignored.Append(CultureInfo.InvariantCulture, $"- {Of(state)}: {string.Join(", ", skipped)}\n");
        }
        return $"{text}\nIgnored:\n\n{ignored}";
    }

    private static string Of(SubscriptionState state) => state switch
    {
        SubscriptionState.Notifying s => s.Again ? "Notifying(again)" : "Notifying",
        SubscriptionState.Ending s => $"Ending({Of(s.Reason)})",
        _ => state.GetType().Name,
    };

    private static string Of(EndReason reason) => reason.ToString().ToLowerInvariant();

    private static string Of(SubscriptionEffect effect) => effect switch
    {
        SubscriptionEffect.Accept a => string.Create(CultureInfo.InvariantCulture, $"200 for {a.Seconds} s"),
        SubscriptionEffect.Refuse r => string.Create(CultureInfo.InvariantCulture, $"{r.Status}"),
        SubscriptionEffect.Notify n => n.End is { } end ? $"NOTIFY terminated, {Of(end)}" : "NOTIFY active",
        SubscriptionEffect.StartTimer t => string.Create(CultureInfo.InvariantCulture, $"start timer {t.Seconds} s"),
        SubscriptionEffect.StopTimer => "stop timer",
        SubscriptionEffect.Release => "release",
        _ => throw new ArgumentOutOfRangeException(nameof(effect)),
    };
}
