using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using Switchhook.Sip.Dialogs;

namespace Switchhook.Exchange.Journal;

/// <summary>A dialog as the log keeps it: JSON that only the exchange writes and reads.</summary>
internal sealed record KeptDialog
{
    public required string CallId { get; init; }
    public required string LocalTag { get; init; }
    public required string RemoteTag { get; init; }
    public required string LocalAddress { get; init; }
    public required string RemoteAddress { get; init; }
    public required string RemoteTarget { get; init; }
    public IReadOnlyList<string> Routes { get; init; } = [];
    public uint LocalCSeq { get; init; }
    public uint? RemoteCSeq { get; init; }
    public required string Contact { get; init; }
    public required string Transport { get; init; }
    public required string Remote { get; init; }
    public int Listener { get; init; }

    public static string Write(DialogSnapshot dialog) => JsonSerializer.Serialize(
        new KeptDialog
        {
            CallId = dialog.CallId,
            LocalTag = dialog.LocalTag,
            RemoteTag = dialog.RemoteTag,
            LocalAddress = dialog.LocalAddress,
            RemoteAddress = dialog.RemoteAddress,
            RemoteTarget = dialog.RemoteTarget,
            Routes = dialog.Routes,
            LocalCSeq = dialog.LocalCSeq,
            RemoteCSeq = dialog.RemoteCSeq,
            Contact = dialog.Contact,
            Transport = KeptFlow.TransportOf(dialog.Flow),
            Remote = KeptFlow.RemoteOf(dialog.Flow),
            Listener = dialog.Flow.Listener,
        },
        KeptDialogJson.Default.KeptDialog);

    /// <summary>False for what <see cref="Write"/> did not write.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out DialogSnapshot? dialog)
    {
        dialog = null;
        try
        {
            if (JsonSerializer.Deserialize(text, KeptDialogJson.Default.KeptDialog) is not { } kept
                || KeptFlow.Read(kept.Transport, kept.Remote, kept.Listener) is not { } flow)
                return false;
            dialog = new DialogSnapshot(
                kept.CallId, kept.LocalTag, kept.RemoteTag, kept.LocalAddress, kept.RemoteAddress, kept.RemoteTarget, kept.Routes, kept.LocalCSeq,
                kept.RemoteCSeq, kept.Contact, flow);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(KeptDialog))]
internal sealed partial class KeptDialogJson : JsonSerializerContext;
