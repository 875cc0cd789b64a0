using System.Buffers.Text;
using Switchhook.Sip.Auth;
using Switchhook.Sip.Messages;

namespace Switchhook.Exchange.Trunks;

/// <summary>What a final response to REGISTER means to the registration: pure.</summary>
internal static class RegistrationAnswer
{
    /// <param name="register">The REGISTER as sent.</param>
    /// <param name="response">A final response to it.</param>
    /// <param name="login">Who we are there; null when the trunk has no secret.</param>
    /// <param name="clientNonce">New for every answer.</param>
    /// <param name="chance">From 0 to below 1.</param>
    public static RegistrationInput Read(SipRequest register, SipResponse response, DigestLogin? login, string clientNonce, double chance) => response.Status switch
    {
        < 300 => new RegistrationInput.Granted(Granted(register, response), chance),
        401 or 407 when login is not null && DigestClient.TryAnswer(register, response, login, clientNonce, out var answer) == DigestAnswerFault.None =>
            new RegistrationInput.Challenged(answer!),
        423 when response.TryGetNumber(HeaderName.MinExpires, out var least) => new RegistrationInput.TooBrief((int)Math.Min(least, int.MaxValue)),
        // §21: these say that the same request may do better later.
        408 or 429 or 480 or 491 or (>= 500 and < 600) => new RegistrationInput.Unavailable(chance, RetryAfter(response)),
        _ => new RegistrationInput.Rejected(response.Status, chance),
    };

    /// <summary>§10.3 step 8: the expiry of our own Contact, else of the response, else what was asked for.</summary>
    private static int Granted(SipRequest register, SipResponse response)
    {
        if (ContactValue.TryParse(register.Get(HeaderName.Contact), out var ours) && SipUri.TryParse(ours.Uri, out var own))
        {
            foreach (var value in response.Values(HeaderName.Contact))
            {
                if (ContactValue.TryParse(value, out var contact) && !contact.IsStar
                    && SipUri.TryParse(contact.Uri, out var uri) && uri.IsEquivalentTo(own) && contact.ExpiresSeconds is { } seconds)
                    return Bounded(seconds);
            }
        }
        if (response.TryGetNumber(HeaderName.Expires, out var all))
            return Bounded(all);
        return register.TryGetNumber(HeaderName.Expires, out var asked) ? Bounded(asked) : TrunkRegistration.DefaultExpires;
    }

    /// <summary>Retry-After may carry a comment and parameters behind its seconds (§20.33).</summary>
    private static TimeSpan RetryAfter(SipResponse response) =>
        Utf8Parser.TryParse(response.Get(HeaderName.RetryAfter), out uint seconds, out _) ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;

    private static int Bounded(uint seconds) => (int)Math.Min(seconds, TrunkRegistration.MostExpires);
}
