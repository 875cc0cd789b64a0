using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Ozeki.Scripts;
using Switchhook.Dialects.Ozeki.Wire;
using Switchhook.Ivr.Documents;

namespace Switchhook.Dialects.Ozeki.Commands;

/// <summary>Play, Speak and SendDTMF on a live call: to its caller, its callee or both. Answered when it begins.</summary>
internal static class OzekiSound
{
    public static async ValueTask<OzekiAnswer> PlayAsync(OzekiAsk ask, OzekiPorts ports, CancellationToken cancellation)
    {
        const string name = "Play";
        var p = ask.Parameters;
        if (p["CallId"] is null)
            return OzekiAnswer.InvalidParameter("CallId", name);
        if (!TryParty(p["Party"], out var party))
            return OzekiAnswer.InvalidParameter("Party", name);
        if (p["AudioFile"] is not { } file || !OzmlVerb.IsAudioFile(file))
            return OzekiAnswer.InvalidParameter("AudioFile", name);
        if (!OzmlVerb.TryBool(p["Repeat"], out var repeat))
            return OzekiAnswer.InvalidParameter("Repeat", name);
        if (!OzmlVerb.TrySeconds(p["Timeout"] ?? "0", out var timeout))
            return OzekiAnswer.InvalidParameter("Timeout", name);
        TimeSpan? most = timeout > TimeSpan.Zero ? timeout : null;
        var source = new AudioSource.File(file);
        return await AskAsync(ask, ports, name, party, leg => new AudioOrder.Play(leg, source, repeat, Most: most), cancellation, source, "AudioFile");
    }

    public static async ValueTask<OzekiAnswer> SpeakAsync(OzekiAsk ask, OzekiPorts ports, CancellationToken cancellation)
    {
        const string name = "Speak";
        var p = ask.Parameters;
        if (p["CallId"] is null)
            return OzekiAnswer.InvalidParameter("CallId", name);
        if (p["Text"] is not { } text || ScriptElement.Collapse(text) is not { Length: > 0 } spoken)
            return OzekiAnswer.InvalidParameter("Text", name);
        if (!TryParty(p["Party"] ?? "all", out var party))
            return OzekiAnswer.InvalidParameter("Party", name);
        var source = new AudioSource.Speech(spoken, p["Language"], p["Voice"]);
        return await AskAsync(ask, ports, name, party, leg => new AudioOrder.Play(leg, source), cancellation, source, "Text");
    }

    public static async ValueTask<OzekiAnswer> SendDtmfAsync(OzekiAsk ask, OzekiPorts ports, CancellationToken cancellation)
    {
        const string name = "SendDTMF";
        var p = ask.Parameters;
        if (p["CallId"] is null)
            return OzekiAnswer.InvalidParameter("CallId", name);
        if (!TryParty(p["Party"], out var party))
            return OzekiAnswer.InvalidParameter("Party", name);
        if (p["Keys"]?.ToUpperInvariant() is not { Length: <= 255 } keys || !OzmlMenu.AreKeys(keys))
            return OzekiAnswer.InvalidParameter("Keys", name);
        return await AskAsync(ask, ports, name, party, leg => new AudioOrder.SendKeys(leg, keys), cancellation);
    }

    private static async ValueTask<OzekiAnswer> AskAsync(
        OzekiAsk ask, OzekiPorts ports, string name, LegRole? party, Func<int?, AudioOrder> order, CancellationToken cancellation,
        AudioSource? source = null, string? parameter = null)
    {
        if (ask.FindCall(name, ports.Calls, out var call) is { } wrong)
            return wrong;
        int? leg = null;
        if (party is { } role)
        {
            leg = new[] { call.Near, call.Far }.Where(n => call.FindLeg(n) is { } l && l.Role == role).Select(n => (int?)n).FirstOrDefault();
            // An application is no party that could hear anything.
            if (leg is null)
                return OzekiAnswer.InappropriateCommand(name);
        }
        // What cannot be played is said now, and not when it would have been heard.
        if (source is not null && ports.Prompts is { } prompts && await prompts.PrepareAsync(source, int.MaxValue, cancellation) != PromptFault.None)
            return OzekiAnswer.InvalidParameter(parameter!, name);
        var reply = await ports.Calls.AskAsync(new CallCommand.Sound(call.Id, order(leg)), cancellation);
        return reply.Done ? OzekiAnswer.Ok : OzekiAsk.Refused(reply.Refusal, name, call.Id);
    }

    /// <summary>Null stands for all.</summary>
    private static bool TryParty(string? text, out LegRole? party)
    {
        party = text?.ToUpperInvariant() switch { "CALLER" => LegRole.Caller, "CALLEE" => LegRole.Callee, _ => null };
        return party is not null || "all".Equals(text, StringComparison.OrdinalIgnoreCase);
    }
}
