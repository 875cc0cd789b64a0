using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Switchhook.Server.Configuration;

namespace Switchhook.Server.Running;

/// <summary>The certificate of <c>tls://</c> and <c>wss://</c> addresses: the configured one, or one the server makes for itself once and keeps.</summary>
internal static class SipCertificate
{
    private const string OwnFile = "sip-tls.pem";
    private const int OwnYears = 10;

    /// <summary>The certificate with its chain and key; null when no address needs one, or when it cannot be read, or made.</summary>
    public static SslStreamCertificateContext? Of(ServerSettings settings, TimeProvider time)
    {
        if (!settings.Sip.Listen.Any(static l => l.Transport is "tls" or "wss"))
            return null;
        var own = Path.Combine(settings.DataDirectory, OwnFile);
        if (settings.Sip.Tls is { } files)
            return TryLoad(files.Certificate, files.Key, out var context) is null ? context : null;
        if (!File.Exists(own) && !TryMake(own, settings, time))
            return null;
        return TryLoad(own, own, out var made) is null ? made : null;
    }

    /// <summary>Why the files are of no use; null when they are.</summary>
    public static string? TryLoad(string certificate, string key, out SslStreamCertificateContext? context)
    {
        context = null;
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(certificate);
            context = SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(certificate, key), chain, offline: true);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return $"cannot be used: {e.Message}";
        }
    }

    private static bool TryMake(string path, ServerSettings settings, TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={settings.Sip.Domain}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        Name(names, settings.Sip.Domain);
        if (settings.Sip.Advertise is { } advertised)
            Name(names, advertised);
        foreach (var address in settings.Sip.Listen.Select(static l => l.EndPoint.Address).Distinct())
            names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        var now = time.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(OwnYears));
        var create = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            System.IO.Directory.CreateDirectory(settings.DataDirectory);
            using var file = new StreamWriter(path, create);
            file.WriteLine(certificate.ExportCertificatePem());
            file.WriteLine(key.ExportPkcs8PrivateKeyPem());
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void Name(SubjectAlternativeNameBuilder names, string host)
    {
        if (IPAddress.TryParse(host, out var address))
            names.AddIpAddress(address);
        else
            names.AddDnsName(host);
    }
}
