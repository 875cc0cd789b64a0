using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;

namespace Switchhook.Server.Tests.Overload;

/// <summary>Somebody guesses passwords; a phone beside him must not notice.</summary>
public sealed class GuessFloodTests
{
    private const int Guesses = 300;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_guesser_is_shut_out_and_a_phone_at_the_same_address_registers_and_calls_on()
    {
        await using var server = await TestServer.StartAsync(new ServerSetup
        {
            Provisioning = new ProvisioningBuilder().AddPhone("701").AddPhone("702").AddService("800", "answer"),
        });
        await using var phone = await server.RegisteredPhoneAsync("701");
        await using var guesser = server.Phone("702");
        var right = guesser.Settings;

        var statuses = new List<int>();
        for (var i = 0; i < Guesses; i++)
        {
            guesser.Settings = right with { Secret = $"guess-{i}" };
            statuses.Add((await guesser.RegisterAsync()).Status);
        }
        guesser.Settings = right;
        var evenRight = await guesser.RegisterAsync();
        var refreshed = await phone.RegisterAsync();
        var call = await phone.DialAsync("800");
        await call.ConnectAsync(Patience);

        Assert.DoesNotContain(200, statuses);
        Assert.NotEqual(200, evenRight.Status);
        Assert.Equal(200, refreshed.Status);
        Assert.Equal(200, (await call.HangUpAsync()).Status);
        await server.QuietAsync("call", "leg", "rtp_port");
    }
}
