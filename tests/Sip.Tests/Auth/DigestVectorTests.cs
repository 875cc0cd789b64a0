using System.Text;
using Switchhook.Sip.Auth;

namespace Switchhook.Sip.Tests.Auth;

/// <summary>The worked examples of the specifications.</summary>
public sealed class DigestVectorTests
{
    [Theory]
    [InlineData(DigestAlgorithm.Md5, "8ca523f5e9506fed4657c9700eebdbec")]
    [InlineData(DigestAlgorithm.Sha256, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")]
    public void The_example_of_rfc_7616_section_3_9_1_comes_out(DigestAlgorithm algorithm, string expected)
    {
        var secret = DigestSecret.FromPassword("Mufasa", "http-auth@example.org", "Circle of Life");
        var input = new DigestInput
        {
            Method = "GET"u8,
            Uri = "/dir/index.html"u8,
            Nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"u8,
            Qop = "auth"u8,
            NonceCount = "00000001"u8,
            ClientNonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"u8,
        };

        Assert.Equal(expected, Response(algorithm, secret, input));
    }

    [Fact]
    public void The_example_of_rfc_2617_section_3_5_comes_out()
    {
        var secret = DigestSecret.FromPassword("Mufasa", "testrealm@host.com", "Circle Of Life");
        var input = new DigestInput
        {
            Method = "GET"u8,
            Uri = "/dir/index.html"u8,
            Nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093"u8,
            Qop = "auth"u8,
            NonceCount = "00000001"u8,
            ClientNonce = "0a4f113b"u8,
        };

        Assert.Equal("6629fae49393a05397450978507c4ef1", Response(DigestAlgorithm.Md5, secret, input));
    }

    [Fact]
    public void Without_qop_the_corrected_example_of_rfc_2069_comes_out()
    {
        var secret = DigestSecret.FromPassword("Mufasa", "testrealm@host.com", "CircleOfLife");
        var input = new DigestInput
        {
            Method = "GET"u8,
            Uri = "/dir/index.html"u8,
            Nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093"u8,
        };

        Assert.Equal("1949323746fe6a43ef61f9606e7febea", Response(DigestAlgorithm.Md5, secret, input));
    }

    [Fact]
    public void Parts_of_any_length_are_hashed()
    {
        var secret = DigestSecret.FromPassword("u", "r", "p");
        var input = new DigestInput { Method = "GET"u8, Uri = new byte[9_000], Nonce = new byte[9_000] };

        Assert.Equal(64, Response(DigestAlgorithm.Sha256, secret, input).Length);
    }

    [Fact]
    public void Stored_hashes_serve_like_the_password()
    {
        var known = DigestSecret.FromPassword("Mufasa", "testrealm@host.com", "Circle Of Life");

        Assert.True(DigestSecret.TryFromHex(
            Encoding.ASCII.GetString(known.For(DigestAlgorithm.Md5)), Encoding.ASCII.GetString(known.For(DigestAlgorithm.Sha256)), out var stored));
        Assert.Equal("939e7578ed9e3c518a452acee763bce9", Encoding.ASCII.GetString(stored!.For(DigestAlgorithm.Md5)));
        Assert.False(DigestSecret.TryFromHex("939E7578ED9E3C518A452ACEE763BCE9", new string('0', 64), out _));
    }

    private static string Response(DigestAlgorithm algorithm, DigestSecret secret, in DigestInput input)
    {
        Span<byte> hex = stackalloc byte[64];
        return Encoding.ASCII.GetString(DigestResponse.Compute(algorithm, secret.For(algorithm), input, hex));
    }
}
