using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Directory;
using Switchhook.Server.Json;

namespace Switchhook.Server.Native;

/// <summary>Reads the bodies of the requests that concern the audio of a call. Each returns null when there is a mistake.</summary>
internal static class SoundRequest
{
    private const int LongestText = 5_000;
    private const int LongestName = 1_024;
    private const int LongestTag = 256;
    private const int MostKeys = 64;
    private const string Keys = "0123456789*#ABCD";

    public delegate CallCommand Reader(MemberReader m, Call call, Account account);

    public static CallCommand? Read(ReadOnlySpan<byte> utf8, Call call, Account account, Reader reader, List<Mistake> mistakes)
    {
        var before = mistakes.Count;
        var text = utf8.Trim(" \t\r\n"u8).IsEmpty ? "{}"u8 : utf8;
        if (JsonDocumentReader.Read(text, "body", mistakes) is not { } piece)
            return null;
        if (piece is not JsonPiece.Members members)
        {
            mistakes.Add(new Mistake("body", piece.Line, "", $"must be an object, not {piece.Kind}"));
            return null;
        }
        var m = new MemberReader(members, "", "body", mistakes);
        var command = reader(m, call, account);
        m.RefuseUnknown();
        return mistakes.Count == before ? command : null;
    }

    public static CallCommand Play(MemberReader m, Call call, Account account)
    {
        var stops = Stops(m);
        var (leg, loop, tag) = (Leg(m, "leg", call), m.Truth("loop", false), Tag(m));
        var tone = m.Choice<BuiltinSound?>(
            "tone", null, ("ringing", BuiltinSound.Ringing), ("busy", BuiltinSound.Busy), ("congestion", BuiltinSound.Congestion), ("beep", BuiltinSound.Beep));
        var file = stops || tone is not null ? m.Text("file") : Required(m, "file", LongestName);
        if (file is not null && (tone is not null || KeptAudio.IsOne(file)))
            m.Wrong("file", tone is not null ? "cannot be played with a tone" : "is no file name");
        AudioSource source = tone is { } sound ? new AudioSource.Builtin(sound) : new AudioSource.File(file ?? "");
        return new CallCommand.Sound(call.Id, stops ? new AudioOrder.StopPlaying(leg) : new AudioOrder.Play(leg, source, loop, tag));
    }

    public static CallCommand Speak(MemberReader m, Call call, Account account)
    {
        var stops = Stops(m);
        var (leg, loop, tag) = (Leg(m, "leg", call), m.Truth("loop", false), Tag(m));
        var (language, voice) = (m.Checked("language", Word), m.Checked("voice", Word));
        var text = stops ? m.Text("text") : Required(m, "text", LongestText);
        return new CallCommand.Sound(
            call.Id, stops ? new AudioOrder.StopPlaying(leg) : new AudioOrder.Play(leg, new AudioSource.Speech(text ?? "", language, voice), loop, tag));
    }

    public static CallCommand Gather(MemberReader m, Call call, Account account)
    {
        var stops = Stops(m);
        var usual = new GatherTerms();
        var terms = new GatherTerms
        {
            MaxDigits = m.Number("maxDigits", 1, GatherTerms.MostDigits) ?? usual.MaxDigits,
            FirstTimeout = Seconds(m.Number("firstTimeoutSeconds", 1, 300)) ?? usual.FirstTimeout,
            DigitTimeout = m.Truth("oneTimeout", false) ? null : Seconds(m.Number("digitTimeoutSeconds", 1, 300)) ?? usual.DigitTimeout,
            EndKeys = EndKeys(m) ?? usual.EndKeys,
            Prompt = m.Object("prompt") is { } prompt ? Source(prompt) : null,
            Attempts = m.Number("attempts", 1, 10) ?? 1,
            Tag = Tag(m),
        };
        var leg = Leg(m, "leg", call);
        return new CallCommand.Sound(call.Id, stops ? new AudioOrder.StopGathering() : new AudioOrder.Gather(leg, terms));
    }

    public static CallCommand Digits(MemberReader m, Call call, Account account)
    {
        var keys = m.Required("keys").ToUpperInvariant();
        if (keys.Length > MostKeys || !AreKeys(keys))
            m.Wrong("keys", $"must be 1 to {MostKeys} of 0-9 * # A-D");
        return new CallCommand.Sound(call.Id, new AudioOrder.SendKeys(Leg(m, "leg", call), keys));
    }

    public static CallCommand Mute(MemberReader m, Call call, Account account) =>
        new CallCommand.Sound(call.Id, new AudioOrder.Mute(Leg(m, "leg", call), m.Truth("on", true)));

    public static CallCommand Record(MemberReader m, Call call, Account account)
    {
        var action = m.Choice("action", "start", ("start", "start"), ("pause", "pause"), ("resume", "resume"), ("stop", "stop"));
        var terms = new RecordingTerms
        {
            Sides = m.Choice("sides", RecordedSides.Both, ("both", RecordedSides.Both), ("party", RecordedSides.Party), ("other", RecordedSides.Other)),
            Stereo = m.Truth("stereo", false),
            Format = m.Choice("format", RecordingFormat.Wav, ("wav", RecordingFormat.Wav), ("mp3", RecordingFormat.Mp3)),
            EndSilence = Seconds(m.Number("endSilenceSeconds", 1, 3600)),
            MostLength = Seconds(m.Number("maxSeconds", 1, 86_400)),
            EndKeys = EndKeys(m) ?? "",
            Tag = Tag(m),
        };
        if (terms is { Stereo: true, Sides: not RecordedSides.Both })
            m.Wrong("stereo", "needs both sides");
        var (leg, number) = (Leg(m, "leg", call), m.Number("recording", 1, int.MaxValue));
        return new CallCommand.Sound(call.Id, action switch
        {
            "pause" => new AudioOrder.PauseRecording(number, true),
            "resume" => new AudioOrder.PauseRecording(number, false),
            "stop" => new AudioOrder.StopRecording(number),
            _ => new AudioOrder.Record(leg, terms),
        });
    }

    public static CallCommand Conference(MemberReader m, Call call, Account account)
    {
        var action = m.Choice("action", "join", ("join", "join"), ("leave", "leave"), ("hold", "hold"), ("unhold", "unhold"));
        var role = m.Choice("role", MemberRole.Member, ("member", MemberRole.Member), ("listener", MemberRole.Listener), ("coach", MemberRole.Coach));
        var muted = m.Truth("muted", false);
        var signals = m.Truth("signals", role == MemberRole.Member);
        var coachOf = m.Text("coachOf");
        var room = m.Checked("room", n => n.Length is > 0 and <= RoomName.MostCharacters && !n.Any(char.IsControl) ? null : $"must be 1 to {RoomName.MostCharacters} characters");
        LegId? coached = null;
        if (coachOf is not null && !TryLeg(coachOf, out coached))
            m.Wrong("coachOf", "must be the id of a leg");
        if (action == "join" && room is null)
            m.Wrong("room", "is missing");
        if (role == MemberRole.Coach && coachOf is null)
            m.Wrong("coachOf", "is missing: a coach is heard by one leg");
        return new CallCommand.Sound(call.Id, action switch
        {
            "leave" => new AudioOrder.LeaveConference(),
            "hold" => new AudioOrder.HoldSeat(true),
            "unhold" => new AudioOrder.HoldSeat(false),
            _ => new AudioOrder.JoinConference(new RoomName(account.Name, room ?? ""), new SeatTerms(role, coached, muted, signals)),
        });
    }

    public static CallCommand Supervise(MemberReader m, Call call, Account account)
    {
        var role = m.Choice("mode", MemberRole.Listener, ("listen", MemberRole.Listener), ("whisper", MemberRole.Coach), ("barge", MemberRole.Member));
        var target = m.Required("call");
        if (!CallId.TryParse(target, out var id))
            m.Wrong("call", "must be the id of a call");
        int? leg = null;
        if (m.Text("leg") is { } text)
        {
            if (TryLeg(text, out var found) && found!.Value.Call == id)
                leg = found.Value.Number;
            else
                m.Wrong("leg", "must be the id of a leg of the call that is listened in on");
        }
        return new CallCommand.Supervise(call.Id, id, role, leg);
    }

    private static AudioSource? Source(MemberReader m)
    {
        var (file, text) = (m.Checked("file", f => f.Length is > 0 and <= LongestName && !KeptAudio.IsOne(f) ? null : "is no file name"), m.Checked("text", t => t.Length <= LongestText ? null : "is too long"));
        var (language, voice) = (m.Checked("language", Word), m.Checked("voice", Word));
        m.RefuseUnknown();
        if ((file is null) == (text is null))
        {
            m.Wrong("", "must hold either file or text");
            return null;
        }
        return file is not null ? new AudioSource.File(file) : new AudioSource.Speech(text!, language, voice);
    }

    private static bool Stops(MemberReader m) => m.Choice("action", false, ("start", false), ("stop", true));

    private static string? Tag(MemberReader m) => m.Checked("tag", static t => t.Length <= LongestTag ? null : $"must be at most {LongestTag} characters");

    private static string? Word(string text) => text.Length is > 0 and <= 64 ? null : "must be 1 to 64 characters";

    private static TimeSpan? Seconds(int? seconds) => seconds is { } s ? TimeSpan.FromSeconds(s) : null;

    private static bool AreKeys(string keys) => keys.All(static k => Keys.Contains(k, StringComparison.Ordinal));

    private static string? EndKeys(MemberReader m) =>
        m.Checked("endKeys", static k => k.Length <= Keys.Length && AreKeys(k.ToUpperInvariant()) ? null : "must be of 0-9 * # A-D")?.ToUpperInvariant();

    private static string Required(MemberReader m, string name, int longest)
    {
        var text = m.Required(name);
        if (text.Length > longest)
            m.Wrong(name, $"must be at most {longest} characters");
        return text;
    }

    private static int? Leg(MemberReader m, string name, Call call)
    {
        if (m.Text(name) is not { } text)
            return null;
        if (TryLeg(text, out var leg) && leg!.Value.Call == call.Id)
            return leg.Value.Number;
        m.Wrong(name, $"must be the id of a leg of this call, such as {call.Id}-1");
        return null;
    }

    private static bool TryLeg(string text, out LegId? leg)
    {
        leg = null;
        var dash = text.LastIndexOf('-');
        if (dash <= 0 || !CallId.TryParse(text[..dash], out var call)
            || !int.TryParse(text.AsSpan(dash + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number))
            return false;
        leg = new LegId(call, number);
        return true;
    }
}
