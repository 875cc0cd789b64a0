using System.Globalization;
using System.Text;
using Switchhook.Exchange.Trunks;
using Switchhook.Sip.Auth;
using Switchhook.Sip.Messages;

namespace Switchhook.Exchange.Tests.Trunks;

/// <summary>The machine written out as the table of docs/machines/trunk-registration.md.</summary>
internal static class RegistrationTable
{
    public static readonly DigestAnswer Answer = new(HeaderName.Authorization, "Digest …");

    private static readonly RegistrationState[] States =
    [
        RegistrationState.Unregistered.It,
        new RegistrationState.Registering(0, Try.First),
        new RegistrationState.Registering(3, new Try(true, false)),
        new RegistrationState.Registering(0, Try.Raised),
        new RegistrationState.Registered(3600),
        new RegistrationState.Refreshing(Try.First),
        new RegistrationState.Refreshing(new Try(true, true)),
        new RegistrationState.Waiting(2),
        new RegistrationState.Refused(),
        new RegistrationState.Unregistering(false),
        new RegistrationState.Unregistering(true),
    ];

    private static readonly (string Name, RegistrationInput Input)[] Inputs =
    [
        ("begin", RegistrationInput.Begin.It),
        ("granted 3600 s", new RegistrationInput.Granted(3600, 0)),
        ("granted 0 s", new RegistrationInput.Granted(0, 0)),
        ("challenged", new RegistrationInput.Challenged(Answer)),
        ("423, at least 7200 s", new RegistrationInput.TooBrief(7200)),
        ("423, at least 60 s", new RegistrationInput.TooBrief(60)),
        ("rejected", new RegistrationInput.Rejected(403, 0)),
        ("unavailable", new RegistrationInput.Unavailable(0)),
        ("unavailable, Retry-After 600 s", new RegistrationInput.Unavailable(0, TimeSpan.FromSeconds(600))),
        ("timer", RegistrationInput.TimerFired.It),
        ("stop", RegistrationInput.Stop.It),
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
                var step = new TrunkRegistration(TrunkRegistration.DefaultExpires, state).On(input);
                if (step.IsIgnored)
                    skipped.Add(name);
                else
                    text.Append(CultureInfo.InvariantCulture, $"| {Of(state)} | {name} | {Of(step.Next.State)} | {string.Join(", ", step.Effects.Select(Of))} |\n");
            }
            ignored.Append(CultureInfo.InvariantCulture, $"- {Of(state)}: {string.Join(", ", skipped)}\n");
        }
        return $"{text}\nIgnored:\n\n{ignored}";
    }

    private static string Of(RegistrationState state) => state switch
    {
        RegistrationState.Registering s => $"Registering({s.Failures} failures{Of(s.Now)})",
        RegistrationState.Registered s => $"Registered({s.Granted} s)",
        RegistrationState.Refreshing s => $"Refreshing{(s.Now == Try.First ? "" : $"({Of(s.Now)[2..]})")}",
        RegistrationState.Waiting s => $"Waiting({s.Failures} failures)",
        RegistrationState.Unregistering s => s.Answered ? "Unregistering(answered)" : "Unregistering",
        _ => state.GetType().Name,
    };

    private static string Of(Try now) => (now.Answered ? ", answered" : "") + (now.WasRaised ? ", raised" : "");

    private static string Of(RegistrationEffect effect) => effect switch
    {
        RegistrationEffect.Register r => string.Create(CultureInfo.InvariantCulture, $"REGISTER for {r.Expires} s{(r.Answer is null ? "" : " with the answer")}"),
        RegistrationEffect.StartTimer t => string.Create(CultureInfo.InvariantCulture, $"start timer {t.After.TotalSeconds} s"),
        RegistrationEffect.StopTimer => "stop timer",
        _ => throw new ArgumentOutOfRangeException(nameof(effect)),
    };
}
