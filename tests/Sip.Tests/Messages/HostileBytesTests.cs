using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Switchhook.Sip.Auth;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Tests.Messages;

/// <summary>Whatever arrives: a named fault or a message, never an exception, and every accessor works on the result.</summary>
public sealed class HostileBytesTests
{
    private static readonly byte[] Good = Sample.Bytes(Sample.Invite);

    private static readonly byte[][] Bits =
    [
        "\r\n"u8.ToArray(), "\r\n "u8.ToArray(), "\r\n\r\n"u8.ToArray(), ":"u8.ToArray(), ";"u8.ToArray(), ","u8.ToArray(), "\""u8.ToArray(),
        "\\"u8.ToArray(), "<"u8.ToArray(), ">"u8.ToArray(), "="u8.ToArray(), "@"u8.ToArray(), "%"u8.ToArray(), "["u8.ToArray(), "]"u8.ToArray(),
        "/"u8.ToArray(), "\0"u8.ToArray(), "\r"u8.ToArray(), "\n"u8.ToArray(), " "u8.ToArray(), [0xff], [0xc3], "4294967296"u8.ToArray(),
        "Via: "u8.ToArray(), "To: "u8.ToArray(), "l: 1"u8.ToArray(), ";tag="u8.ToArray(), "Authorization: Digest realm=\"r\", nonce="u8.ToArray(),
    ];

    [Fact]
    public void Every_truncation_of_a_message_is_survived()
    {
        for (var length = 0; length <= Good.Length; length++) Walk(Good.AsSpan(0, length));
    }

    [Fact]
    public void Mutated_messages_are_survived()
    {
        var random = new Random(20261121);

        for (var round = 0; round < 10_000; round++)
        {
            var bytes = new List<byte>(Good);
            for (var changes = random.Next(1, 6); changes > 0; changes--)
            {
                var at = random.Next(bytes.Count);
                switch (random.Next(4))
                {
                    case 0: bytes[at] = (byte)random.Next(256); break;
                    case 1: bytes.InsertRange(at, Bits[random.Next(Bits.Length)]); break;
                    case 2: bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at - 1)); break;
                    default: bytes.InsertRange(at, bytes.GetRange(0, Math.Min(random.Next(1, 80), bytes.Count))); break;
                }
            }

            Walk(bytes.ToArray());
        }
    }

    [Fact]
    public void Random_bytes_are_survived()
    {
        Prop.ForAll<byte[]>(bytes => Walk(bytes)).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    [Fact]
    public void Messages_stuck_together_from_fragments_are_survived()
    {
        var random = new Random(4475);

        for (var round = 0; round < 5_000; round++)
        {
            var bytes = new List<byte>("INVITE sip:a@b SIP/2.0\r\n"u8.ToArray());
            for (var parts = random.Next(40); parts > 0; parts--) bytes.AddRange(Bits[random.Next(Bits.Length)]);
            Walk(bytes.ToArray());
        }
    }

    [Fact]
    public void Values_of_all_kinds_of_bytes_are_survived()
    {
        var random = new Random(3261);

        for (var round = 0; round < 20_000; round++)
        {
            var bytes = new List<byte>();
            for (var parts = random.Next(12); parts > 0; parts--)
            {
                if (random.Next(3) == 0) bytes.AddRange("sip:a@h"u8.ToArray());
                bytes.AddRange(Bits[random.Next(Bits.Length)]);
            }

            Touch(bytes.ToArray());
        }
    }

    /// <summary>The memory of a parsed message is bounded by the bytes it came in.</summary>
    [Fact]
    public void A_flood_of_rows_allocates_no_more_than_a_few_times_its_bytes()
    {
        byte[] flood = [.. "INVITE sip:a@b SIP/2.0\r\n"u8, .. Enumerable.Repeat("a:\r\n"u8.ToArray(), 16_000).SelectMany(row => row)];
        _ = SipParser.TryParse(flood, SipLimits.Default, out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = SipParser.TryParse(flood, SipLimits.Default, out _);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(SipParseError.TooManyRows, error);
        Assert.InRange(allocated, 0, 2 * flood.Length);
    }

    [Fact]
    public void An_ordinary_message_costs_three_allocations()
    {
        _ = SipParser.TryParse(Good, SipLimits.Default, out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = SipParser.TryParse(Good, SipLimits.Default, out var message);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        var wireAndIndex = message!.Wire.Length + (message.RowTable.Length * 16) + (2 * 32);
        Assert.InRange(allocated, wireAndIndex - 32, wireAndIndex + 256);
    }

    private static void Walk(ReadOnlySpan<byte> bytes)
    {
        _ = SipFramer.TryFrame(bytes, SipLimits.Default, out var framed);
        Assert.InRange(framed, 0, bytes.Length);
        var error = SipParser.TryParse(bytes, SipLimits.Default, out var message);
        if (error == SipParseError.None) Assert.NotNull(message);
        if (message is null) return;

        Assert.InRange(message.Wire.Length, 0, bytes.Length);
        foreach (var name in Enum.GetValues<HeaderName>())
        {
            foreach (var value in message.Values(name)) Assert.False(value.IsEmpty);
            _ = message.TryGetNumber(name, out _);
        }

        foreach (var row in message.AllRows)
        {
            Assert.False(row.WrittenName.IsEmpty);
            Assert.True(row.Value.IndexOfAny((byte)'\r', (byte)'\n') < 0);
            Touch(row.Value);
        }

        _ = message.CSeq;
        _ = message.From.DisplayText;
        _ = message.To.Tag.Length + message.TopVia.Rport + message.Branch.Length + message.Body.Length;
        if (message is SipRequest { IsReplyable: true } request) Reply(request, error);
    }

    private static void Reply(SipRequest request, SipParseError error)
    {
        var status = error == SipParseError.None ? 200 : error.ReplyStatus();
        var reply = SipResponseBuilder.ReplyTo(request, status, "t"u8, new IPEndPoint(IPAddress.Loopback, 5060)).Build();

        Assert.Equal(status, reply.Status);
        Assert.True(reply.Body.IsEmpty);
        Assert.Equal(Sample.Text(request.Branch), Sample.Text(reply.Branch));
        Assert.Equal("0", reply.GetText(HeaderName.ContentLength));
        if (error == SipParseError.None) Assert.Equal(SipParseError.None, SipParser.TryParse(reply.Wire.Span, SipLimits.Default, out _));
    }

    private static void Touch(ReadOnlySpan<byte> value)
    {
        if (NameAddr.TryParse(value, out var address)) _ = address.DisplayText + Sample.Text(address.Tag);
        if (Via.TryParse(value, out var via)) Assert.False(via.Host.IsEmpty);
        if (ContactValue.TryParse(value, out var contact)) _ = (contact.QThousandths, contact.ExpiresSeconds, contact.Instance.Length);
        if (ReasonHeader.TryParse(value, out var reason)) _ = (reason.Cause, reason.Text);
        if (SipUri.TryParse(value, out var uri))
        {
            _ = uri.UserText + uri.HostText;
            _ = uri.TryGetAddress(out _);
            Assert.True(uri.IsEquivalentTo(uri));
        }

        _ = CSeq.TryParse(value, out _);
        _ = DigestChallenge.TryParse(value, out _);
        if (DigestCredentials.TryParse(value, out var credentials)) _ = credentials.UsernameText;
        foreach (var param in new SipParams(value)) Assert.False(param.Name.IsEmpty);
    }
}
