using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Switchhook.Sip.Dialogs;

namespace Switchhook.Exchange.Journal;

/// <summary>An INVITE that nobody has answered as the log keeps it, in the place of the dialog that may come of it.</summary>
internal sealed record KeptInvite
{
    // First: by it an INVITE is told from a dialog.
    private const string Beginning = "{\"invite\":";

    public required byte[] Invite { get; init; }
    public bool Outgoing { get; init; }
    public required string LocalTag { get; init; }
    public required string Contact { get; init; }
    public required string Transport { get; init; }
    public required string Remote { get; init; }
    public int Listener { get; init; }

    public static string Write(UnansweredInvite invite) => JsonSerializer.Serialize(
        new KeptInvite
        {
            Invite = invite.Invite,
            Outgoing = invite.IsOutgoing,
            LocalTag = invite.LocalTag,
            Contact = invite.Contact,
            Transport = KeptFlow.TransportOf(invite.Flow),
            Remote = KeptFlow.RemoteOf(invite.Flow),
            Listener = invite.Flow.Listener,
        },
        KeptInviteJson.Default.KeptInvite);

    /// <summary>False for what <see cref="Write"/> did not write, a kept dialog for example.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out UnansweredInvite? invite)
    {
        invite = null;
        if (!text.StartsWith(Beginning, StringComparison.Ordinal))
            return false;
        try
        {
            if (JsonSerializer.Deserialize(text, KeptInviteJson.Default.KeptInvite) is not { } kept
                || KeptFlow.Read(kept.Transport, kept.Remote, kept.Listener) is not { } flow)
                return false;
            invite = new UnansweredInvite(
                kept.Outgoing, kept.LocalTag, kept.Contact, kept.Invite, flow);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(KeptInvite))]
internal sealed partial class KeptInviteJson : JsonSerializerContext;
