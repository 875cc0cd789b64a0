using System.Buffers;

namespace Switchhook.Sip.Auth;

/// <summary>What a digest is computed from besides the secret (RFC 7616 §3.4.1); all as they stand inside their quotes.</summary>
internal readonly ref struct DigestInput
{
    public required ReadOnlySpan<byte> Method { get; init; }

    public required ReadOnlySpan<byte> Uri { get; init; }

    public required ReadOnlySpan<byte> Nonce { get; init; }

    /// <summary>Empty for a challenge without qop (RFC 2069).</summary>
    public ReadOnlySpan<byte> Qop { get; init; }

    public ReadOnlySpan<byte> NonceCount { get; init; }

    public ReadOnlySpan<byte> ClientNonce { get; init; }
}

/// <summary>Computes <c>response</c> (RFC 7616 §3.4.1, RFC 2617 §3.2.2.1).</summary>
internal static class DigestResponse
{
    /// <summary>The response in hex; returns the part of <paramref name="hex"/> written.</summary>
    public static ReadOnlySpan<byte> Compute(
        DigestAlgorithm algorithm, scoped ReadOnlySpan<byte> ha1, scoped in DigestInput input, Span<byte> hex)
    {
        var longest = 2 * DigestAlgorithms.LongestHex + input.Method.Length + input.Uri.Length + input.Nonce.Length
            + input.Qop.Length + input.NonceCount.Length + input.ClientNonce.Length + 8;
        byte[]? rented = null;
        var text = longest <= 1_024 ? stackalloc byte[1_024] : rented = ArrayPool<byte>.Shared.Rent(longest);
        Span<byte> ha2 = stackalloc byte[DigestAlgorithms.LongestHex];
        var a2 = new Joined(text).Add(input.Method).Add(input.Uri);
        var ha2Hex = algorithm.Hash(a2.Text, ha2);
        var all = new Joined(text).Add(ha1).Add(input.Nonce);
        if (!input.Qop.IsEmpty) all = all.Add(input.NonceCount).Add(input.ClientNonce).Add(input.Qop);
        var response = algorithm.Hash(all.Add(ha2Hex).Text, hex);
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        return response;
    }

    /// <summary>Parts joined by colons in a buffer.</summary>
    internal readonly ref struct Joined(Span<byte> buffer, int length = 0)
    {
        private readonly Span<byte> _buffer = buffer;
        private readonly int _length = length;

        public ReadOnlySpan<byte> Text => _buffer[.._length];

        public Joined Add(ReadOnlySpan<byte> part)
        {
            var at = _length;
            if (at > 0) _buffer[at++] = (byte)':';
            part.CopyTo(_buffer[at..]);
            return new(_buffer, at + part.Length);
        }
    }
}
