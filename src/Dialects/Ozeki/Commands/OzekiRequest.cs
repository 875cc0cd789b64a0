using Switchhook.Calls;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Scripts;
using Switchhook.Dialects.Ozeki.Scripts;
using Switchhook.Dialects.Ozeki.Wire;
using Switchhook.Ivr.Documents;

namespace Switchhook.Dialects.Ozeki.Commands;

/// <summary>Request: places a call like Call does; its script has a block for each state of the call. What the request says wins over what the script's root says.</summary>
internal static class OzekiRequest
{
    public const string Name = "Request";

    /// <param name="ask">The command over HTTP, or the element of a script with its attributes.</param>
    /// <param name="root">The script's root; null to read it from the parameter.</param>
    /// <param name="call">The call to place.</param>
    /// <returns>Null and the call, or what to answer.</returns>
    public static OzekiAnswer? Read(OzekiAsk ask, ScriptElement? root, out OzekiCall call)
    {
        call = null!;
        var p = ask.Parameters;
        if (root is null && p["RequestOzML"] is { } document)
        {
            if (Ozml.ReadRoot(document, out root) is { } unreadable)
                return OzekiAnswer.ParseError(unreadable);
            if (root?.Is(Name) != true)
                return OzekiAnswer.InvalidParameter("RequestOzML", Name);
        }
        var attributes = OzekiParameters.Of(root?.Attributes ?? new Dictionary<string, string>());
        string? Value(string name) => p[name] ?? attributes[name];
        if (!OzekiNumber.TryRead(Value("DialedAddress"), ask.Directory, out var dialed))
            return OzekiAnswer.InvalidParameter("DialedAddress", Name);
        var callerId = Value("CallerPhoneNumber");
        if (!OzekiParameters.IsLine(callerId))
            return OzekiAnswer.InvalidParameter("CallerPhoneNumber", Name);
        var displayName = Value("CallerDisplayName");
        if (!OzekiParameters.IsLine(displayName))
            return OzekiAnswer.InvalidParameter("CallerDisplayName", Name);
        if (!(p["RingTime"] is null ? attributes : p).TryInt("RingTime", 1, OzekiCall.MaxRingSeconds, OzekiCall.DefaultRingSeconds, out var ringTime))
            return OzekiAnswer.InvalidParameter("RingTime", Name);
        var extension = Value("ExtensionAddress");
        if (OzekiCall.FindApiExtension(ask, extension) is not { } api)
            return OzekiAnswer.ApiExtensionUnavailable(extension ?? "");

        var script = root is null ? null : new ScriptRef(OzekiAccess.Dialect, null, root.ToXml());
        call = new OzekiCall(dialed, api, new Party(callerId ?? api, displayName ?? api), script, CallCallbacks.None, TimeSpan.FromSeconds(ringTime));
        return null;
    }

    public static async ValueTask<OzekiAnswer> RunAsync(OzekiAsk ask, OzekiPorts ports, CancellationToken cancellation)
    {
        if (Read(ask, null, out var call) is { } wrong)
            return wrong;
        var reply = await ports.Calls.AskAsync(call.ToCommand(ask.Account.Name), cancellation);
        return reply.Done ? OzekiAnswer.Ok : OzekiCall.Refused(reply.Refusal, "DialedAddress", Name, call.Dialed);
    }
}
