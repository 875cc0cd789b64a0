using System.Text;
using Switchhook.Sip.Auth;
using Switchhook.Sip.Messages;
using Switchhook.TestKit.Timing;

namespace Switchhook.Sip.Tests.Auth;

/// <summary>A registrar that knows Alice, and phones that write their credentials by hand.</summary>
internal sealed class DigestScene
{
    public const string Realm = "switch.example.org";
    public const string Uri = "sip:switch.example.org";
    private int _clientNonces;

    public DigestScene(DigestPolicy? policy = null) =>
        Server = new(policy ?? new(Realm, TimeSpan.FromMinutes(5)), "0123456789abcdef"u8, Time);

    public ManualTime Time { get; } = new();

    public DigestAuthenticator Server { get; }

    public static DigestSecret? Secrets(string user) =>
        user is "alice" or "a\"b" ? DigestSecret.FromPassword(user, Realm, "wonderland") : null;

    public static SipRequest Register(string uri = Uri, params string[] authorization)
    {
        var builder = new SipRequestBuilder(SipMethod.Register, uri)
            .Via("UDP", "192.0.2.7", 5060, "z9hG4bK1")
            .Address(HeaderName.From, null, "sip:alice@switch.example.org"u8, "f"u8)
            .Address(HeaderName.To, null, "sip:alice@switch.example.org"u8)
            .Header(HeaderName.CallId, "c")
            .CSeq(1, SipMethod.Register);
        foreach (var row in authorization) builder.Header(HeaderName.Authorization, row);
        return builder.Build();
    }

    public SipResponse Challenge(DigestOutcome outcome = DigestOutcome.Missing)
    {
        var reply = SipResponseBuilder.ReplyTo(Register(), SipStatus.Unauthorized, "t");
        Server.Challenge(reply, HeaderName.WwwAuthenticate, outcome);
        return reply.Build();
    }

    /// <summary>The nonce of the challenge with this algorithm.</summary>
    public static string NonceOf(SipResponse response, DigestAlgorithm algorithm)
    {
        foreach (var row in response.Rows(HeaderName.WwwAuthenticate))
        {
            if (DigestChallenge.TryParse(row, out var challenge) && challenge.Algorithm == algorithm) return Encoding.ASCII.GetString(challenge.Nonce);
        }

        throw new InvalidOperationException("Not offered.");
    }

    public string Credentials(
        string nonce, DigestAlgorithm algorithm = DigestAlgorithm.Sha256, string user = "alice", string password = "wonderland",
        string realm = Realm, string uri = Uri, uint count = 1, string qop = "auth", string? algorithmName = null)
    {
        var clientNonce = "c" + ++_clientNonces;
        var input = new DigestInput
        {
            Method = "REGISTER"u8,
            Uri = Encoding.UTF8.GetBytes(uri),
            Nonce = Encoding.UTF8.GetBytes(nonce),
            Qop = Encoding.UTF8.GetBytes(qop),
            NonceCount = Encoding.UTF8.GetBytes(count.ToString("x8", null)),
            ClientNonce = Encoding.UTF8.GetBytes(clientNonce),
        };
        Span<byte> hex = stackalloc byte[64];
        var secret = DigestSecret.FromPassword(user, realm, password);
        var response = Encoding.ASCII.GetString(DigestResponse.Compute(algorithm, secret.For(algorithm), input, hex));
        var text = $"Digest username=\"{user.Replace("\"", "\\\"", StringComparison.Ordinal)}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{uri}\", "
            + $"response=\"{response}\", algorithm={algorithmName ?? Encoding.ASCII.GetString(algorithm.Name())}";
        return qop.Length == 0 ? text : text + $", qop={qop}, nc={count:x8}, cnonce=\"{clientNonce}\"";
    }

    public DigestOutcome Check(string credentials, string uri = Uri) => Check(Register(uri, credentials), out _);

    public DigestOutcome Check(SipRequest request, out string? user) =>
        Server.Check(request, HeaderName.Authorization, Secrets, out user);
}
