using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Transport;

namespace Switchhook.Exchange.Journal;

/// <summary>An INVITE that nobody has answered as the log keeps it, in the place of the dialog that may come of it.</summary>
internal sealed record KeptInvite
{
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
            Transport = invite.Flow.Kind.ToString(),
            Remote = invite.Flow.Remote.ToIPEndPoint().ToString(),
            Listener = invite.Flow.Listener,
        },
        KeptInviteJson.Default.KeptInvite);

    /// <summary>False for what <see cref="Write"/> did not write, a kept dialog for example. The flow has no connection: none outlives its process.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out UnansweredInvite? invite)
    {
        invite = null;
        try
        {
            if (JsonSerializer.Deserialize(text, KeptInviteJson.Default.KeptInvite) is not { } kept
                || !Enum.TryParse<SipTransportKind>(kept.Transport, out var kind) || !Enum.IsDefined(kind)
                || !IPEndPoint.TryParse(kept.Remote, out var remote))
                return false;
            invite = new UnansweredInvite(
                kept.Outgoing, kept.LocalTag, kept.Contact, kept.Invite, new SipFlow(kind, SipEndpoint.From(remote), kept.Listener, 0));
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
