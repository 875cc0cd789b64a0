using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Switchhook.Sip.Tests.Transport;

/// <summary>A certificate for the tests of TLS.</summary>
internal static class OwnCertificate
{
    public static SslStreamCertificateContext It { get; } = Make();

    private static SslStreamCertificateContext Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=switchhook.local", key, HashAlgorithmName.SHA256);
        return SslStreamCertificateContext.Create(
            request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100)), null, offline: true);
    }
}
