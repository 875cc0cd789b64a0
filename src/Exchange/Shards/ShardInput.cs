using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Commands;
using Switchhook.Calls.Machine;
using Switchhook.Calls.Ports;
using Switchhook.Exchange.Prompts;
using Switchhook.Exchange.Running;
using Switchhook.Ivr;
using Switchhook.Media.Transport;

namespace Switchhook.Exchange.Shards;

/// <summary>What other threads hand to a shard.</summary>
internal abstract record ShardInput
{
    /// <summary>Someone asks for something and waits.</summary>
    public sealed record Command(CallCommand Asked, TaskCompletionSource<CallReply> Waiter, long AskedAt) : ShardInput;

    /// <summary>A script came, or did not.</summary>
    public sealed record ScriptFetched(CallId Call, int Run, ScriptFetch Result) : ShardInput;

    /// <summary>An application decided about a call's route, or did not.</summary>
    public sealed record RouteFetched(CallId Call, int Question, ScriptFetch Result) : ShardInput;

    /// <summary>What a script's dialect does by itself is done, or failed.</summary>
    public sealed record ErrandEnded(CallId Call, int Run, ScriptError? Error) : ShardInput;

    /// <summary>Audio for a script is ready to play, or could not be made.</summary>
    public sealed record AudioReady(CallId Call, int Run, PromptReply Reply, bool Loop) : ShardInput;

    /// <summary>A command of a script was refused.</summary>
    public sealed record ScriptRefused(CallId Call, Verb.Order Verb, CallRefusal Refusal) : ShardInput;

    /// <summary>A prompt for a service extension is ready.</summary>
    public sealed record ServicePrompt(CallId Call, int Leg, PromptReply Reply) : ShardInput;

    /// <summary>A playback is over.</summary>
    public sealed record PlaybackEnded(LegAddress Leg, long Playback, PlaybackEnd Why) : ShardInput;

    /// <summary>What a command wants played is ready, or could not be made.</summary>
    public sealed record SoundReady(CallId Call, CallEffect.PlayAudio Play, PromptReply Reply) : ShardInput;

    /// <summary>The file of a recording was made, or not.</summary>
    public sealed record RecordingOpened(CallId Call, int Number, MediaRecording? Recording, string? Error) : ShardInput;

    /// <summary>A recording is over and its file complete.</summary>
    public sealed record RecordingOver(RecordingKey Key, RecordingOutcome Outcome) : ShardInput;

    /// <summary>The copy of a recording that was asked for is missing; its call may be over.</summary>
    public sealed record RecordingNotCopied(RecordingKey Key, string Failure) : ShardInput;

    /// <summary>A far side fell silent.</summary>
    public sealed record Silence(LegAddress Leg) : ShardInput;

    /// <summary>A tone that is listened for is over.</summary>
    public sealed record Tone(LegAddress Leg, double FrequencyHz, int DurationMs) : ShardInput;

    /// <summary>A key was pressed: it went down.</summary>
    public sealed record Digit(LegAddress Leg, char Key) : ShardInput;

    /// <summary>That key was let go.</summary>
    public sealed record DigitOver(LegAddress Leg, char Key) : ShardInput;

    /// <summary>A program sends a message and waits for what becomes of it.</summary>
    public sealed record SendMessage(TextMessage Message, TaskCompletionSource<MessageReply> Waiter) : ShardInput;

    /// <summary>The messages that wait for an extension have changed.</summary>
    public sealed record MessagesChanged(string Extension) : ShardInput;

    /// <summary>End a call that the program before this one left up.</summary>
    public sealed record Recover(UnfinishedCall Left, IReadOnlyList<LeftRecording> Recordings) : ShardInput;

    /// <summary>What is added to the flight recorder could not be kept: is that still so?</summary>
    public sealed record TryFlight : ShardInput;

    /// <summary>Take no new call from now on.</summary>
    public sealed record StopTaking : ShardInput;

    /// <summary>Hang everything up: the server stops.</summary>
    public sealed record HangUpAll(Calls.Hangup.HangupBy By, TaskCompletionSource Waiter) : ShardInput;

    /// <summary>Give up our registrations at trunks: the server stops.</summary>
    public sealed record LeaveTrunks(TaskCompletionSource Waiter) : ShardInput;

    private ShardInput() { }
}
