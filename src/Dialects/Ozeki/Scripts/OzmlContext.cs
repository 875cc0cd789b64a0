using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Ozeki.Messages;

namespace Switchhook.Dialects.Ozeki.Scripts;

/// <summary>On whose behalf a script runs: what its commands may name, and what they mean when they leave it out.</summary>
internal sealed record OzmlContext(CallDirectory Directory, string? Account, string? ApiExtension)
{
    /// <summary>True for the reply to a question of where a call goes: it is answered by Route, and nothing else can be done there.</summary>
    public bool IsRouting { get; init; }

    /// <summary>Sends messages and mail; null where there is nobody who could.</summary>
    public OzekiMessages? Messages { get; init; }

    /// <summary>The files scripts may move and delete; null for none.</summary>
    public IMediaFiles? Files { get; init; }

    /// <summary>For a document that is only looked at.</summary>
    public static readonly OzmlContext None = new(CallDirectory.Empty, null, null);

    public static OzmlContext Of(Call call, CallDirectory directory) =>
        new(directory, call.Origin.Account ?? call.Accounts.FirstOrDefault(), call.Origin.ApiExtension);
}
