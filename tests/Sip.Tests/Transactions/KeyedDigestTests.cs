using Switchhook.Sip.Transactions;

namespace Switchhook.Sip.Tests.Transactions;

public sealed class KeyedDigestTests
{
    // The first vectors of the reference implementation: key 00 01 … 0f, texts of 0, 1, 2 … octets 00 01 02 …
    [Theory]
    [InlineData(0, "a3817f04ba25a8e66df67214c7550293")]
    [InlineData(1, "da87c1d86b99af44347659119b22fc45")]
    [InlineData(2, "8177228da4a45dc7fca38bdef60affe4")]
    public void A_digest_is_that_of_the_reference(int length, string expected)
    {
        var key = new UInt128(0x0f0e0d0c0b0a0908, 0x0706050403020100);
        var text = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();

        var digest = KeyedDigest.Of(key, text);

        var octets = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128LittleEndian(octets, digest);
        Assert.Equal(expected, Convert.ToHexStringLower(octets));
    }

    [Fact]
    public void Texts_that_differ_in_one_octet_or_in_length_alone_have_different_digests()
    {
        var text = "z9hG4bK776asdhds"u8.ToArray();
        HashSet<UInt128> digests = [KeyedDigest.Of(text)];

        for (var i = 0; i < text.Length; i++)
        {
            text[i] ^= 1;
            digests.Add(KeyedDigest.Of(text));
            text[i] ^= 1;
            digests.Add(KeyedDigest.Of(text.AsSpan(0, i)));
        }

        Assert.Equal((2 * text.Length) + 1, digests.Count);
    }
}
