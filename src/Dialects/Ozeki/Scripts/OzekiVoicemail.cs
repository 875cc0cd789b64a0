using System.Collections.Immutable;
using Switchhook.Calls;
using Switchhook.Calls.Audio;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Ivr;

namespace Switchhook.Dialects.Ozeki.Scripts;

/// <summary>
/// What voicemail scripts of the vendor find set: <c>$username</c>, whose messages they are about; <c>$oldmessagepath</c>, the folder of those that were
/// heard; the list <c>voicemails</c> of new ones, with <c>date</c>, <c>from</c> and <c>message</c>, the file. A mailbox is a folder below the recordings.
/// </summary>
internal sealed class OzekiVoicemail(IMediaFiles files, ICallHistory? history, TimeZoneInfo zone)
{
    private const string Root = "voicemail/";
    private const string Old = "old";
    private const string User = "username", OldPath = "oldmessagepath", Messages = "voicemails";

    /// <summary>A list stays well below what a variable may hold.</summary>
    private const int MostMessages = 200;

    /// <summary>The script, with what it speaks of set before it runs. A refusal has to stay its first command.</summary>
    public async ValueTask<ImmutableArray<Verb>> WithVariablesAsync(
        ImmutableArray<Verb> verbs, Func<string, bool> mentions, Call call, CallDirectory directory, CancellationToken cancellation)
    {
        if (verbs is [] or [Verb.Reject, ..] || !(mentions(User) || mentions(OldPath) || mentions(Messages)) || UserOf(call, directory) is not { } user)
            return verbs;
        var (box, old) = ($"{Root}{user}", $"{Root}{user}/{Old}");
        var entries = files.List(box, Old);
        List<Verb> set = [new Verb.Set(User, user, 0) { IsDefault = true }, new Verb.Set(OldPath, old, 0) { IsDefault = true }];
        if (mentions(Messages))
        {
            var items = ImmutableArray.CreateBuilder<ScriptItem>();
            foreach (var entry in entries.Take(MostMessages))
                items.Add(await ItemAsync(box, entry, cancellation));
            set.Add(new Verb.SetList(Messages, items.ToImmutable(), 0));
        }
        return [.. set, .. verbs];
    }

    /// <summary>The name by which a message of one of the account's mailboxes is played; null for any other file.</summary>
    public static string? AudioOf(string file, OzmlContext context) =>
        file.StartsWith(Root, StringComparison.Ordinal) && file.Split('/') is [_, var user, ..] && IsPhoneOf(context.Directory.Extension(user), context.Account)
            ? KeptAudio.Recordings + file : null;

    /// <summary>Whose mailbox a call is about: the phone that was dialled, for calls that came on from it, or else the phone that calls.</summary>
    private static string? UserOf(Call call, CallDirectory directory)
    {
        var account = call.Origin.Account ?? call.Accounts.FirstOrDefault();
        return new[] { call.Dialed, call.Caller.Number }.FirstOrDefault(n => IsPhoneOf(directory.Extension(n), account));
    }

    private static bool IsPhoneOf(Extension? extension, string? account) =>
        extension is { Kind: ExtensionKind.Phone or ExtensionKind.DemoPhone } && account is not null && string.Equals(extension.Account, account, StringComparison.OrdinalIgnoreCase);

    private async ValueTask<string?> CallerAsync(CallId call, CancellationToken cancellation)
    {
        try
        {
            return history is null ? null : (await history.FindAsync(call, cancellation))?.Caller.Number;
        }
        catch (StorageUnavailableException)
        {
            return null;   // a message can be heard whoever left it
        }
    }

    private async ValueTask<ScriptItem> ItemAsync(string box, MediaFileEntry entry, CancellationToken cancellation)
    {
        var from = entry.Name.Split('-') is [var id, _] && CallId.TryParse(id, out var call) ? await CallerAsync(call, cancellation) : null;
        var message = $"{box}/{entry.Name}";
        return new ScriptItem(message, ImmutableDictionary.CreateRange(StringComparer.OrdinalIgnoreCase, new Dictionary<string, string>
        {
            ["date"] = OzekiWords.Time(entry.WrittenAt, zone),
            ["from"] = from ?? "",
            ["message"] = message,
        }));
    }
}
