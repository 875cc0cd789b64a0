using Switchhook.Calls.Directory;
using Switchhook.Server.Json;

namespace Switchhook.Server.ProvisioningFiles;

/// <summary>The built-in document: one account with every credential, two places for phones, an application, a service, two phones inside the process.</summary>
internal static class DemoProvisioning
{
    public const string AccountName = "demo";

    /// <summary>The public number of the first phone inside the process.</summary>
    public const string FirstNumber = "+6590000811";

    /// <summary>True when an account has the credentials everybody knows.</summary>
    public static bool IsBuiltIn(Account account) => account is { Name: AccountName, Password: "demo-secret", Native.Key: "shk_demo" };

    public static Provisioning Read()
    {
        using var stream = typeof(DemoProvisioning).Assembly.GetManifestResourceStream("Switchhook.Server.ProvisioningFiles.demo.jsonc")!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        var mistakes = new List<Mistake>();
        var document = ProvisioningReader.Read(bytes.ToArray(), "demo.jsonc", mistakes, static _ => null);
        document?.CheckReferences(document.Value, mistakes);
        return mistakes.Count == 0 ? document!.Value : throw new InvalidOperationException($"The built-in document is wrong: {mistakes[0]}");
    }
}
