using System.Net;
using Switchhook.Calls.Directory;
using Switchhook.TestKit.Sip;

namespace Switchhook.Exchange.Tests.Trunks;

/// <summary>The far end of a trunk: it challenges, grants and refuses as it is told.</summary>
internal sealed class Carrier : IAsyncDisposable
{
    private const string Nonce = "n1";

    private Carrier(ScriptedPhone phone) => Phone = phone;

    public ScriptedPhone Phone { get; }

    public static Carrier Open() =>
        new(ScriptedPhone.Open(new PhoneSettings { User = "carrier", Server = new IPEndPoint(IPAddress.Loopback, 9), Local = new IPEndPoint(IPAddress.Parse("127.0.0.9"), 0) }));

    /// <summary>The trunk that leads here.</summary>
    public Trunk Trunk(string name = "carrier") => new()
    {
        Name = name,
        Host = Phone.Local.Address.ToString(),
        Port = Phone.Local.Port,
        User = "acme",
        Secret = "s3cret",
        Register = true,
        From = [Phone.Local.Address.ToString()],
        MayDial = TrunkDial.All,
    };

    public Task<WireMessage> RegisterAsync() => Phone.ReceiveAsync("REGISTER");

    /// <summary>Challenges the next REGISTER, checks the answer to it, and leaves that to be answered.</summary>
    public async Task<WireMessage> ProvenAsync()
    {
        var first = await RegisterAsync();
        Assert.Equal("", first.Header("Authorization"));
        await Phone.RespondAsync(first, 401, ("WWW-Authenticate", DigestCheck.Challenge("carrier", Nonce)));
        var second = await RegisterAsync();
        Assert.True(DigestCheck.IsRight(second.Header("Authorization"), "acme", "s3cret", "REGISTER", Nonce), second.Header("Authorization"));
        Assert.Equal((first.CallId, first.Sequence + 1), (second.CallId, second.Sequence));
        return second;
    }

    public Task GrantAsync(WireMessage register, int seconds) =>
        Phone.RespondAsync(register, 200, ("Contact", $"<{register.ContactUri}>;expires={seconds}"));

    public ValueTask DisposeAsync() => Phone.DisposeAsync();
}
