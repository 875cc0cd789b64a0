using System.Globalization;
using System.Text;
using Switchhook.Calls.Directory;
using Switchhook.Exchange.Journal;
using Switchhook.Exchange.Registrar;
using Switchhook.Exchange.Routing;
using Switchhook.Exchange.Shards;
using Switchhook.Exchange.Subscriptions;
using Switchhook.Sip.Auth;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;

namespace Switchhook.Exchange.Gate;

/// <summary>Who may come in: proves phones by digest, knows trunks by address, and keeps the registrar. On the shard's thread.</summary>
internal sealed class SipGate(
    IDirectory directory, TrunkAddresses trunks, Bindings bindings, CallJournal journal, DigestAuthenticator digest, DemoSecrets demo,
    GuessLimiter guesses, SwitchCounts counts, TimeProvider time, string domain, IReadOnlyList<string> md5Agents)
{
    private static readonly SipHeaderLine[] Abilities =
    [
        new("Allow", SipUserAgent.AllowedMethods + ", REGISTER, MESSAGE"), new("Accept", SipUserAgent.AcceptedTypes),
        new("Accept-Encoding", "identity"), new("Accept-Language", "en"),
        new("Allow-Events", EventPackages.AllowEvents),
    ];

    /// <summary>The extensions the user agent supports, for the answer to OPTIONS (RFC 3261 §11.2). Set once the user agent exists.</summary>
    public string Supported { get; set; } = "";

    /// <summary>The caller, or null when the request has been answered: with a challenge or a refusal.</summary>
    public CallerIdentity? Identify(IncomingRequest incoming)
    {
        var request = incoming.Request;
        if (request.Has(HeaderName.Authorization))
            return Prove(incoming) is { } extension ? new CallerIdentity.Phone(extension) : null;
        var from = SipUri.TryParse(request.From.Uri, out var uri) ? uri.UserText : "";
        var isPhone = directory.Current.Extension(from) is { Kind: ExtensionKind.Phone or ExtensionKind.DemoPhone };
        if (!isPhone && trunks.From(incoming.Flow.Remote.ToIPAddress()) is { } trunk)
            return new CallerIdentity.Peer(trunk);
        if (Admits(incoming, from))
            Challenge(incoming, DigestOutcome.Missing);
        return null;
    }

    /// <summary>Answers a request outside every call.</summary>
    public void OnRequest(IncomingRequest incoming)
    {
        switch (incoming.Request.Method)
        {
            case SipMethod.Register:
                OnRegister(incoming);
                break;
            case SipMethod.Options:
                incoming.Reply(200, [.. Abilities, new("Supported", Supported)]);
                break;
            case SipMethod.Refer:
                // One that names no dialog (RFC 4538): calls are placed by INVITE here.
                counts.Reject("refer");
                incoming.Reply(403);
                break;
            case SipMethod.Notify:
                // Of a subscription that nobody here has made (RFC 6665 §4.1.3).
                counts.Reject("notify");
                incoming.Reply(481);
                break;
            default:
                counts.Reject("method");
                incoming.Reply(405, Abilities);
                break;
        }
    }

    private void OnRegister(IncomingRequest incoming)
    {
        if (Prove(incoming) is not { } extension)
            return;
        var register = incoming.Request;
        // §10.3 step 4: whoever registers an address of record must be its owner.
        if (!SipUri.TryParse(register.To.Uri, out var to) || to.UserText != extension.Number)
        {
            counts.Reject("register-other");
            incoming.Reply(403);
            return;
        }
        var now = time.GetUtcNow();
        var before = bindings.Find(extension.Number);
        var status = BindingChange.TryApply(before, register, incoming.Flow, extension.Number, now, out var after);
        if (status != 200)
        {
            counts.Reject("register-" + status.ToString(CultureInfo.InvariantCulture));
            incoming.Reply(status);
            return;
        }
        if (register.Has(HeaderName.Contact))
        {
            bindings.Replace(extension.Number, after);
            // In the flight recorder before the answer leaves, as what happens to calls is.
            journal.Keep(extension.Number, bindings.Of(extension.Number));
        }
        List<SipHeaderLine> lines = [];
        foreach (var binding in bindings.Find(extension.Number))
            lines.Add(new("Contact", BindingChange.Describe(binding, now)));
        // RFC 3327 §5.3: the phone learns the way to itself, when it knows what that is.
        if (PathVector.IsSupportedBy(register))
        {
            foreach (var row in register.Rows(HeaderName.Path))
                lines.Add(new("Path", Encoding.UTF8.GetString(row)));
        }
        lines.Add(new("Date", now.ToString("ddd, dd MMM yyyy HH:mm:ss 'GMT'", CultureInfo.InvariantCulture)));
        incoming.Reply(200, [.. lines]);
    }

    /// <summary>The extension whose password the request proves; null when it was challenged instead.</summary>
    private Extension? Prove(IncomingRequest incoming)
    {
        var claimed = digest.ClaimedUser(incoming.Request, HeaderName.Authorization)
            ?? (SipUri.TryParse(incoming.Request.From.Uri, out var uri) ? uri.UserText : "");
        if (!Admits(incoming, claimed))
            return null;
        var outcome = digest.Check(incoming.Request, HeaderName.Authorization, SecretOf, out var user);
        if (outcome == DigestOutcome.Accepted && user is not null && directory.Current.Extension(user) is { } extension)
            return extension;
        if (outcome is DigestOutcome.Refused)
        {
            counts.Reject("credentials");
            guesses.Failed(incoming.Flow.Remote, claimed);
        }
        Challenge(incoming, outcome);
        return null;
    }

    /// <summary>False when too many passwords were guessed and the request has been refused for it, before any work with its own.</summary>
    private bool Admits(IncomingRequest incoming, string claimed)
    {
        var seen = guesses.Look(incoming.Flow.Remote, claimed);
        if (seen == Guesses.Few || !GuessLimiter.IsRefused(seen, AcquaintanceOf(incoming, claimed)))
            return true;
        counts.Reject("guessing");
        incoming.Reply(403);
        return false;
    }

    /// <summary>
    /// A phone is known by the very way it registered, or, where that has changed, by the Call-ID it goes on registering with (RFC 3261
    /// §10.2.4): nobody else was told it.
    /// </summary>
    private Acquaintance AcquaintanceOf(IncomingRequest incoming, string claimed)
    {
        var (remote, callId) = (incoming.Flow.Remote, Encoding.UTF8.GetString(incoming.Request.CallId));
        var acquaintance = Acquaintance.Stranger;
        foreach (var binding in bindings.Find(claimed))
        {
            if (binding.Flow.Remote == remote || binding.Stored.SipCallId == callId)
                return Acquaintance.Phone;
            if (binding.Flow.Remote.WithPort(0) == remote.WithPort(0))
                acquaintance = Acquaintance.Neighbour;
        }
        return acquaintance;
    }

    private DigestSecret? SecretOf(string user)
    {
        if (directory.Current.Extension(user) is not { Kind: ExtensionKind.Phone or ExtensionKind.DemoPhone } extension)
            return null;
        var secret = extension.Secret ?? (extension.Kind == ExtensionKind.DemoPhone ? demo.Of(user) : null);
        return secret is null ? null : DigestSecret.FromPassword(user, domain, secret);
    }

    /// <summary>Some phones give up at the sight of an algorithm they do not know, although RFC 8760 §2.4 has them take the other one.</summary>
    private bool KnowsMd5Only(SipRequest request)
    {
        if (request.GetText(HeaderName.UserAgent) is not { } agent)
            return false;
        foreach (var start in md5Agents)
        {
            if (agent.StartsWith(start, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    private void Challenge(IncomingRequest incoming, DigestOutcome outcome)
    {
        var source = incoming.Flow.Remote.ToIPEndPoint();
        var builder = SipResponseBuilder.ReplyTo(incoming.Request, 401, Encoding.ASCII.GetBytes("gate" + source.Port.ToString(CultureInfo.InvariantCulture)), source);
        digest.Challenge(builder, HeaderName.WwwAuthenticate, outcome, KnowsMd5Only(incoming.Request));
        incoming.Respond(builder.Build());
    }
}

/// <summary>Passwords of the built-in phones: made anew at each start, known only inside the process. Safe from any thread.</summary>
internal sealed class DemoSecrets
{
    private readonly string _seed = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));

    public string Of(string extension) => $"{_seed}-{extension}";
}
