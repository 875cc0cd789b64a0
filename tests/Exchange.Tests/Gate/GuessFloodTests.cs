using Switchhook.Calls.Directory;
using Switchhook.Exchange.Gate;
using Switchhook.Exchange.Tests.Whole;
using Switchhook.TestKit.Sip;

namespace Switchhook.Exchange.Tests.Gate;

/// <summary>Somebody guesses passwords from the address where a phone lives.</summary>
public sealed class GuessFloodTests : IAsyncLifetime
{
    private const int Flood = 5000;
    private const int Batch = 100;

    private Loopback _loopback = null!;

    public ValueTask InitializeAsync()
    {
        _loopback = Loopback.Start(new Provisioning
        {
            Extensions =
            [
                new Extension { Number = "101", Secret = "pw101" }, new Extension { Number = "102", Secret = "pw102" },
                new Extension { Number = "800", Kind = ExtensionKind.Service },
            ],
        }, o => o with { Guesses = GuessLimits.Default with { UserForgivenEvery = TimeSpan.FromHours(1), AddressForgivenEvery = TimeSpan.FromHours(1) } });
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _loopback.DisposeAsync();

    [Fact]
    public async Task Five_thousand_guesses_get_nowhere_and_the_phone_beside_the_guesser_keeps_calling()
    {
        var (phone, guesser) = (_loopback.Phone("101", "pw101"), _loopback.Phone("101", "guess"));
        Assert.Equal(200, (await phone.RegisterAsync()).Status);

        var looked = 0;
        guesser.AddReflex(m =>
        {
            if (m.Is(401, "REGISTER"))
                Interlocked.Increment(ref looked);
            return Task.FromResult(m.SequenceMethod == "REGISTER");
        });
        var flood = GuessAsync(guesser);
        var calls = 0;
        do
        {
            var call = await phone.DialAsync("800");
            await call.ConnectAsync();
            await call.HangUpAsync();
            Assert.Equal(200, (await phone.RegisterAsync()).Status);
            calls++;
        }
        while (!flood.IsCompleted);
        await flood;

        var refused = _loopback.Exchange.Figures().SipRejected["guessing"];
        Assert.Equal(GuessLimits.Default.PerAddress, looked);
        Assert.Equal(Flood - GuessLimits.Default.PerAddress, refused);
        Assert.True(calls > 0);
    }

    [Fact]
    public async Task Who_guessed_too_often_is_refused_even_with_the_right_password_while_another_phone_may_register()
    {
        var (guesser, other) = (_loopback.Phone("101", "pw101"), _loopback.Phone("102", "pw102"));
        for (var i = 0; i < 10; i++)
            Assert.Equal(401, (await guesser.AskAsync(Guess(guesser, "101"))).Status);

        Assert.Equal(403, (await guesser.AskAsync(Guess(guesser, "101"))).Status);
        Assert.Equal(403, (await guesser.RegisterAsync()).Status);
        Assert.Equal(200, (await other.RegisterAsync()).Status);
    }

    /// <summary>Half for the phone's own user, half for made-up ones; never more than a batch ahead of the answers.</summary>
    private static async Task GuessAsync(ScriptedPhone guesser)
    {
        for (var i = 0; i < Flood; i += Batch)
        {
            for (var j = 0; j < Batch; j++)
                await guesser.SendAsync(Guess(guesser, j % 2 == 0 ? "101" : $"9{i + j}"));
            await guesser.FenceAsync();
        }
    }

    private static SipDraft Guess(ScriptedPhone guesser, string user) => guesser.Request("REGISTER", "sip:switchhook.local", $"sip:{user}@switchhook.local").Add(
        "Authorization",
        $"Digest username=\"{user}\", realm=\"switchhook.local\", nonce=\"n\", uri=\"sip:switchhook.local\", response=\"{new string('0', 32)}\", "
        + "algorithm=MD5, qop=auth, nc=00000001, cnonce=\"c\"");
}
