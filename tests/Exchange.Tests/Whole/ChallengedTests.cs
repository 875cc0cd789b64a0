using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>A trunk that called us challenges our requests as well: with the credentials we have for it they are sent once more (RFC 3261 §22).</summary>
public sealed class ChallengedTests : IAsyncLifetime
{
    private static readonly Provisioning Provisioning = new()
    {
        Extensions = [new Extension { Number = "800", Kind = ExtensionKind.Service, Behaviour = ServiceBehaviour.Answer }],
        Trunks = [new Trunk { Name = "carrier", Host = "127.0.0.9", From = ["127.0.0.9"], MayDial = TrunkDial.All, User = "us", Secret = "our-secret" }],
    };

    private readonly Loopback _loopback = Loopback.Start(Provisioning);
    private ScriptedPhone _carrier = null!;
    private ScriptedCall _call = null!;

    public async ValueTask InitializeAsync()
    {
        _carrier = _loopback.Peer();
        _call = await ScriptedCall.PlaceAsync(_carrier, _carrier.Invite("800"));
        await _call.ConnectAsync();
        await _loopback.Ports.EventAsync(e => e is CallAnswered);
    }

    public ValueTask DisposeAsync() => _loopback.DisposeAsync();

    [Theory]
    [InlineData(401, "WWW-Authenticate", "Authorization")]
    [InlineData(407, "Proxy-Authenticate", "Proxy-Authorization")]
    public async Task A_bye_to_a_trunk_that_called_is_repeated_once_with_credentials(int status, string challenge, string answer)
    {
        await _loopback.AskAsync(new CallCommand.HangUp(_loopback.Exchange.Live()[0].Id, new HangupBy.Api("native", "demo")));
        var (first, second) = await ChallengeAsync(status, challenge);
        await _carrier.RespondAsync(second, 200);

        Assert.True(DigestCheck.IsRight(second.Header(answer), "us", "our-secret", "BYE", "bye-nonce"), second.Text);
        Assert.True(second.Sequence > first.Sequence, second.Text);
        var confirmed = (HangupConfirmed)await _loopback.Ports.EventAsync(e => e is HangupConfirmed);
        Assert.Equal(HangupConfirmation.Yes, confirmed.Confirmation);
        await _loopback.QuietAsync();
    }

    [Fact]
    public async Task The_bye_after_a_crash_is_repeated_with_credentials_too()
    {
        await Eventually.GetAsync(() => Task.FromResult(_loopback.Ports.Dialogs.Count), n => n > 0, "a dialog is kept");
        var left = Assert.Single(_loopback.Exchange.Live());

        await using var next = Loopback.StartAfter([new UnfinishedCall(left, left.Sequence, _loopback.Ports.Dialogs.ToDictionary())], Provisioning);
        var (_, second) = await ChallengeAsync(401, "WWW-Authenticate");
        await _carrier.RespondAsync(second, 200);

        Assert.True(DigestCheck.IsRight(second.Header("Authorization"), "us", "our-secret", "BYE", "bye-nonce"), second.Text);
        Assert.Equal("recovery", Assert.Single((await next.EndedAsync()).Legs).Record!.By.Word);
        var confirmed = (HangupConfirmed)await next.Ports.EventAsync(e => e is HangupConfirmed);
        Assert.Equal(HangupConfirmation.Yes, confirmed.Confirmation);
    }

    private async Task<(WireMessage First, WireMessage Second)> ChallengeAsync(int status, string challenge)
    {
        var first = await _call.ExpectRequestAsync("BYE");
        await _carrier.RespondAsync(first, status, (challenge, DigestCheck.Challenge("carrier", "bye-nonce")));
        return (first, await _call.ExpectRequestAsync("BYE"));
    }
}
