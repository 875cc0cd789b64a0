using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Server.ProvisioningFiles;

namespace Switchhook.Server.Running;

/// <summary>What a start prints: where everything listens, for programs too, and with the demo account what to paste.</summary>
internal static class Banner
{
    public static void Write(TextWriter output, RunningServer server)
    {
        foreach (var address in server.SipAddresses)
            output.WriteLine($"listening sip {address}");
        foreach (var address in server.HttpAddresses)
            output.WriteLine($"listening http {address}");
        foreach (var address in server.OzekiAddresses)
            output.WriteLine($"listening ozeki {address}");
        foreach (var address in server.OzekiClassicAddresses)
            output.WriteLine($"listening ozeki-classic {address}");
        foreach (var address in server.OpenVoxAddresses)
            output.WriteLine($"listening openvox {address}");
        WriteDemo(output, server);
        output.WriteLine("ready");
        output.Flush();
    }

    private static void WriteDemo(TextWriter output, RunningServer server)
    {
        var directory = server.Directory.Current;
        // Credentials are shown only where they are the built-in ones, which are no secret.
        if (directory.Account(DemoProvisioning.AccountName) is not { } account || !DemoProvisioning.IsBuiltIn(account))
            return;
        var http = server.HttpAddresses[0];
        output.WriteLine();
        output.WriteLine("  A call is a paste away. The built-in credentials work for every API; do not offer them to a network.");
        output.WriteLine();
        output.WriteLine($"  native API    {http}/docs       key {account.Native!.Key}");
        if (server.OzekiAddresses is [var ozeki, ..])
            output.WriteLine($"  Ozeki         {ozeki}/api        user {account.Name}, password {account.Password}");
        if (server.OpenVoxAddresses is [var openVox, ..])
            output.WriteLine($"  OpenVox       {openVox}/api/v0.0.1   user {account.Name}, password {account.Password} (sent as its MD5)");
        if (server.HoiioIsServed && account.Hoiio is { } application)
            output.WriteLine($"  Hoiio         {http}/open/       app_id {application.AppId}, access_token {application.AccessToken}");
        if (server.CatapultIsServed && account.Catapult is { } user)
            output.WriteLine($"  Catapult      {http}/v1         user {user.UserId}, token {user.ApiToken}, secret {user.ApiSecret}");
        var phones = directory.Provisioning.Extensions.Where(e => e is { Kind: ExtensionKind.Phone, Secret: not null }).ToList();
        if (phones.Count > 0)
            output.WriteLine($"  phones        {string.Join(", ", phones.Select(p => $"{p.Number} (password {p.Secret})"))} at {server.SipAddresses[0]}");
        output.WriteLine($"  answering     {string.Join(", ", directory.Provisioning.Extensions.Where(Answers).Select(e => e.Number))}");
        output.WriteLine();
        if (IsDemoPhone(directory, "811") && IsDemoPhone(directory, "812"))
            WriteRequests(output, server, account, http);
    }

    private static void WriteRequests(TextWriter output, RunningServer server, Account account, string http)
    {
        var calls = $"{http}/switchhook/v1/calls";
        output.WriteLine("  # native: 811 rings, then 812; after three seconds the call is hung up and its records are shown");
        output.WriteLine($"  call=$(curl -s -H 'Authorization: Bearer {account.Native!.Key}' -H 'Content-Type: application/json' \\");
        output.WriteLine($"    -d '{{\"to\":\"811\",\"connect\":\"812\"}}' {calls} | grep -o '\"id\":\"[^\"]*\"' | head -n 1 | cut -d '\"' -f 4); sleep 3; \\");
        output.WriteLine($"    curl -s -X POST -H 'Authorization: Bearer {account.Native.Key}' {calls}/$call/hangup");
        output.WriteLine();
        if (server.OzekiAddresses is [var ozeki, ..])
        {
            // The answer comes while 811 is still rung: whoever pastes the next request finds it free.
            output.WriteLine("  # Ozeki: 811 rings; a script waits three seconds and hangs up");
            output.WriteLine($"  curl -s -G {ozeki}/api -d command=Call -d Username={account.Name} -d Password={account.Password} -d Dialed=811 \\");
            output.WriteLine("    --data-urlencode 'ResponseOzML=<Response><Delay>3</Delay><Hangup/></Response>'; sleep 4");
            output.WriteLine();
        }
        if (server.OpenVoxAddresses is [var openVox, ..])
            WriteOpenVox(output, account, $"{openVox}/api/v0.0.1");
        if (server.HoiioIsServed && account.Hoiio is { } hoiio && server.Directory.Current.Number(DemoProvisioning.FirstNumber) is not null)
            WriteHoiio(output, hoiio, $"{http}/open");
        if (server.CatapultIsServed && account.Catapult is { } catapult)
            WriteCatapult(output, catapult, $"{http}/v1/users/{catapult.UserId}/calls");
    }

    private static void WriteHoiio(TextWriter output, HoiioCredentials hoiio, string api)
    {
        var credentials = $"-d app_id={hoiio.AppId} -d access_token={hoiio.AccessToken}";
        output.WriteLine("  # Hoiio: 811 is dialled and spoken to; after three seconds the call is hung up in the middle of it");
        output.WriteLine($"  session=$(curl -s {api}/ivr/start/dial {credentials} --data-urlencode 'dest={DemoProvisioning.FirstNumber}' \\");
        output.WriteLine("    --data-urlencode 'msg=Hello. You are called by an application, which goes on speaking until it hangs up, and that will be soon.' \\");
        output.WriteLine($"    | grep -o 'S-[0-9A-Za-z]*'); sleep 3; curl -s {api}/ivr/end/hangup {credentials} -d session=$session -d force=enabled");
        output.WriteLine();
    }

    private static void WriteCatapult(TextWriter output, CatapultCredentials user, string calls)
    {
        output.WriteLine("  # Catapult: 811 rings; after three seconds the call is hung up and shown");
        output.WriteLine($"  call=$(curl -s -i -u {user.ApiToken}:{user.ApiSecret} -H 'Content-Type: application/json' -d '{{\"from\":\"812\",\"to\":\"811\"}}' {calls} \\");
        output.WriteLine("    | grep -i '^location:' | tr -d '\\r' | cut -d ' ' -f 2); sleep 3; \\");
        output.WriteLine($"    curl -s -u {user.ApiToken}:{user.ApiSecret} -d '{{\"state\":\"completed\"}}' $call; curl -s -u {user.ApiToken}:{user.ApiSecret} $call");
        output.WriteLine();
    }

    private static void WriteOpenVox(TextWriter output, Account account, string api)
    {
        output.WriteLine("  # OpenVox: 811 rings, then 812; after three seconds the call of 811 is hung up");
        output.WriteLine($"  token=$(curl -s {api}/login -d '{{\"username\":\"{account.Name}\",\"password\":\"'$(printf %s {account.Password} | md5sum | cut -d ' ' -f 1)'\",\"port\":\"8260\"}}' \\");
        output.WriteLine("    | grep -o '[0-9a-f]\\{32\\}'); \\");
        output.WriteLine($"    curl -s \"{api}/extension/dial_extension?token=$token\" -d '{{\"caller\":\"811\",\"callee\":\"812\"}}'; sleep 3; \\");
        output.WriteLine($"    curl -s \"{api}/extension/hangup?token=$token\" -d '{{\"extid\":\"811\"}}'");
        output.WriteLine();
    }

    private static bool Answers(Extension extension) =>
        extension.Kind is ExtensionKind.DemoPhone or ExtensionKind.Service && extension.Behaviour is ServiceBehaviour.Answer or ServiceBehaviour.Echo;

    private static bool IsDemoPhone(CallDirectory directory, string number) => directory.Extension(number) is { Kind: ExtensionKind.DemoPhone };
}
