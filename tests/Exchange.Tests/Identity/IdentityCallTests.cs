using System.Net;
using Switchhook.Calls.Directory;
using Switchhook.Exchange.Tests.Whole;
using Switchhook.TestKit.Sip;

namespace Switchhook.Exchange.Tests.Identity;

/// <summary>Callers that withhold their number, through a whole exchange.</summary>
public sealed class IdentityCallTests : IAsyncLifetime
{
    private static readonly IPAddress CarrierAddress = IPAddress.Parse("127.0.0.10");

    private readonly ScriptedPhone _carrier = ScriptedPhone.Open(new PhoneSettings
    {
        User = "carrier",
        Server = new IPEndPoint(IPAddress.Loopback, 9),
        Local = new IPEndPoint(CarrierAddress, 0),
    });

    private Loopback _loopback = null!;

    public ValueTask InitializeAsync()
    {
        _loopback = Loopback.Start(new Provisioning
        {
            Extensions = [new Extension { Number = "101", Secret = "pw101", Name = "Alice" }, new Extension { Number = "102", Secret = "pw102" }],
            Trunks =
            [
                new Trunk { Name = "in", Host = "127.0.0.9", From = ["127.0.0.9"], MayDial = TrunkDial.All },
                new Trunk { Name = "out", Host = "127.0.0.10", Port = _carrier.Local.Port, Identity = TrunkIdentity.Pai },
            ],
            OutboundRoutes = [new OutboundRoute { Name = "world", Pattern = "+X.", Trunk = "out" }],
        });
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _loopback.DisposeAsync();
        await _carrier.DisposeAsync();
    }

    [Fact]
    public async Task A_withheld_number_from_a_trunk_is_not_shown_to_a_phone_and_is_in_the_record()
    {
        var (peer, phone) = (_loopback.Peer(), _loopback.Phone("101", "pw101"));
        await phone.RegisterAsync();

        var call = await ScriptedCall.PlaceAsync(peer, Withheld(peer, "101"));
        var rung = await phone.IncomingAsync();
        await rung.RejectAsync(486);
        await call.ExpectRefusalAsync(486);

        Assert.StartsWith("\"Anonymous\" <sip:anonymous@anonymous.invalid>", rung.Offered!.Header("From"), StringComparison.Ordinal);
        Assert.DoesNotContain("+3622222", rung.Offered.Text, StringComparison.Ordinal);
        Assert.Equal("+3622222", (await _loopback.EndedAsync()).Caller.Number);
    }

    [Fact]
    public async Task A_trunk_that_is_trusted_hears_the_withheld_number_and_who_diverted_the_call()
    {
        var peer = _loopback.Peer();

        var call = await ScriptedCall.PlaceAsync(peer, Withheld(peer, "+3699"));
        var rung = ScriptedCall.From(_carrier, await _carrier.ReceiveAsync("INVITE"));
        await rung.RejectAsync(486);
        await call.ExpectRefusalAsync(486);

        var invite = rung.Offered!;
        Assert.StartsWith("\"Anonymous\" <sip:anonymous@anonymous.invalid>", invite.Header("From"), StringComparison.Ordinal);
        Assert.Equal(("\"Bob\" <sip:+3622222@switchhook.local>", "id"), (invite.Header("P-Asserted-Identity"), invite.Header("Privacy")));
        Assert.Equal("<sip:+3655555@carrier.example>;reason=no-answer", invite.Header("Diversion"));
    }

    [Fact]
    public async Task A_phone_of_ours_may_withhold_its_number_too()
    {
        var (caller, callee) = (_loopback.Phone("101", "pw101"), _loopback.Phone("102", "pw102"));
        await callee.RegisterAsync();

        var call = await ScriptedCall.PlaceAsync(caller, caller.Invite("102").Add("Privacy", "id"));
        await call.RetryWithCredentialsAsync(await call.ExpectAsync(401));
        var rung = await callee.IncomingAsync();
        await rung.RejectAsync(486);
        await call.ExpectRefusalAsync(486);

        Assert.DoesNotContain("Alice", rung.Offered!.Text, StringComparison.Ordinal);
        Assert.Equal("", rung.Offered.Header("Privacy"));
    }

    [Fact]
    public async Task What_a_phone_asserts_of_itself_is_not_believed()
    {
        var (caller, callee) = (_loopback.Phone("101", "pw101"), _loopback.Phone("102", "pw102"));
        await callee.RegisterAsync();

        var call = await ScriptedCall.PlaceAsync(caller, caller.Invite("102").Add("P-Asserted-Identity", "\"Boss\" <sip:+3677777@switchhook.local>")
            .Add("Remote-Party-ID", "<sip:+3677777@switchhook.local>;party=calling").Add("Diversion", "<sip:+3677777@switchhook.local>"));
        await call.RetryWithCredentialsAsync(await call.ExpectAsync(401));
        var rung = await callee.IncomingAsync();
        await rung.RejectAsync(486);
        await call.ExpectRefusalAsync(486);

        Assert.DoesNotContain("3677777", rung.Offered!.Text, StringComparison.Ordinal);
        Assert.StartsWith("\"Alice\" <sip:101@switchhook.local>", rung.Offered.Header("From"), StringComparison.Ordinal);
        Assert.Equal("101", (await _loopback.EndedAsync()).Caller.Number);
    }

    private static SipDraft Withheld(ScriptedPhone peer, string number) => peer.Invite(number)
        .Set("From", $"\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag={ScriptedPhone.NewToken()}")
        .Add("P-Asserted-Identity", "\"Bob\" <sip:+3622222@carrier.example>")
        .Add("Privacy", "id")
        .Add("Diversion", "<sip:+3655555@carrier.example>;reason=no-answer");
}
