using System.Globalization;
using System.Net;
using Switchhook.TestKit.Timing;

namespace Switchhook.TestKit.Sip;

/// <summary>What a well-behaved phone does, a line each.</summary>
public sealed partial class ScriptedPhone
{
    private static readonly IPEndPoint Deaf = new(IPAddress.Loopback, 9);

    /// <summary>Registers this phone, answering one challenge; gives the final response.</summary>
    public Task<WireMessage> RegisterAsync(int expires = 300) => RegisterAsync($"<{Contact}>", expires);

    /// <summary>Registers that Contact value (<c>*</c> to remove all, null to ask), answering one challenge; gives the final response.</summary>
    public async Task<WireMessage> RegisterAsync(string? contact, int? expires, string? callId = null)
    {
        var register = Request("REGISTER", $"sip:{Settings.Domain}", Address, callId).Remove("Contact");
        if (contact is not null)
            register.Add("Contact", contact);
        if (expires is { } seconds)
            register.Add("Expires", seconds.ToString(CultureInfo.InvariantCulture));
        var response = await AskAsync(register);
        if (response.Status is not (401 or 407) || Settings.Secret is null)
            return response;
        var second = register.Copy().Set("Via", NewVia()).Set("CSeq", $"{NextSequence()} REGISTER");
        Authorize(second, response);
        return await AskAsync(second);
    }

    /// <summary>Sends a request that is not an INVITE and waits for its final response.</summary>
    public async Task<WireMessage> AskAsync(SipDraft request, TimeSpan? deadline = null)
    {
        await SendAsync(request);
        var (callId, sequence) = (request.Header("Call-ID"), request.Header("CSeq"));
        return await ReceiveAsync(m => !m.IsRequest && m.CallId == callId && m.Header("CSeq") == sequence && m.Status >= 200, $"an answer to {sequence}", deadline);
    }

    /// <summary>An INVITE to that number, with an audio offer.</summary>
    public SipDraft Invite(string number, IPEndPoint? rtp = null, string payloads = "0 8 101") =>
        Request("INVITE", $"sip:{number}@{Settings.Domain}").WithSdp(Sdp.Audio(rtp ?? Deaf, payloads));

    /// <summary>Calls that number and answers one challenge; the INVITE that counts is on its way when this returns.</summary>
    public async Task<ScriptedCall> DialAsync(string number, IPEndPoint? rtp = null, string payloads = "0 8 101")
    {
        var call = await ScriptedCall.PlaceAsync(this, Invite(number, rtp, payloads));
        if (Settings.Secret is null)
            return call;
        var first = await call.ExpectAsync(s => s > 100, "an answer to INVITE");
        if (first.Status is 401 or 407)
            await call.RetryWithCredentialsAsync(first);
        else
            _inbox.Add(first);
        return call;
    }

    /// <summary>Waits for a call to this phone.</summary>
    public async Task<ScriptedCall> IncomingAsync(TimeSpan? deadline = null) =>
        ScriptedCall.From(this, await ReceiveAsync(m => m.Is("INVITE") && m.ToTag.Length == 0, "an INVITE", deadline));

    /// <summary>Waits for a call whose INVITE fits.</summary>
    public async Task<ScriptedCall> IncomingAsync(Func<WireMessage, bool> wanted, TimeSpan? deadline = null) =>
        ScriptedCall.From(this, await ReceiveAsync(m => m.Is("INVITE") && m.ToTag.Length == 0 && wanted(m), "that INVITE", deadline));

    /// <summary>An answering description whose audio goes nowhere.</summary>
    public static string SilentSdp(string payloads = "0 101") => Sdp.Audio(Deaf, payloads);

    /// <summary>Puts the answer to a 401 or 407 into a request.</summary>
    public void Authorize(SipDraft request, WireMessage challenge, int nonceCount = 1)
    {
        var proxy = challenge.Status == 407;
        var secret = Settings.Secret ?? throw new InvalidOperationException($"Phone {User} has no secret and was challenged.");
        var answer = new DigestAnswer(User, secret) { Algorithm = Settings.Algorithm, NonceCount = nonceCount };
        var line = request.StartLine.Split(' ');
        request.Set(
            proxy ? "Proxy-Authorization" : "Authorization",
            answer.For(challenge.All(proxy ? "Proxy-Authenticate" : "WWW-Authenticate"), line[0], line[1]));
    }
}
