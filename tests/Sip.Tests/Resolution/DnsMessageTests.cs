using System.Net;
using Switchhook.Sip.Resolution;

namespace Switchhook.Sip.Tests.Resolution;

public sealed class DnsMessageTests
{
    private static readonly WireQuery Asked = new(0x1234, "pbx.example.com", 33, 0, false);

    [Fact]
    public void A_query_is_these_bytes()
    {
        var bytes = new byte[DnsMessage.LongestQuery];

        var length = DnsMessage.WriteQuery(0xBEEF, new DnsQuestion("_sip._udp.example.com", DnsType.Srv), bytes);

        Assert.Equal(
            "BEEF01000001000000000000" + "045F736970" + "045F756470" + "076578616D706C65" + "03636F6D" + "00" + "0021" + "0001",
            Convert.ToHexString(bytes, 0, length));
    }

    [Fact]
    public void A_compressed_answer_is_read()
    {
        // _sip._udp.example.com SRV 10 60 5060 a.example.com, target and owner by pointers as servers write them.
        var bytes = Convert.FromHexString(
            "BEEF81800001000100000001" + "045F736970045F756470076578616D706C6503636F6D0000210001"
            + "C00C002100010000012C000A" + "000A003C13C4" + "0161C016" + "C0330001000100000E100004C0000201");

        var ok = DnsMessage.TryDecode(bytes, out var message, out var fault);

        Assert.True(ok, fault.ToString());
        Assert.Equal((0xBEEF, true, false, 0), (message!.Id, message.IsResponse, message.IsTruncated, message.ResponseCode));
        Assert.Equal(new DnsQuestion("_sip._udp.example.com", DnsType.Srv), message.Question);
        var expected = new DnsRecord.Service("_sip._udp.example.com", TimeSpan.FromMinutes(5), 10, 60, 5060, "a.example.com");
        Assert.Equal([expected], message.Answers);
    }

    [Fact]
    public void Every_kind_of_record_is_read()
    {
        var bytes = Asked.Answer(
            WireRecord.Address("a.example.com", 60, "192.0.2.1"), WireRecord.Address("a.example.com", 60, "2001:db8::1"),
            WireRecord.Alias("b.example.com", 70, "A.Example.COM"), WireRecord.Rule("example.com", 80, 10, 20, "SIP+D2T", "_sip._tcp.example.com"),
            new WireRecord("example.com", 16, 5, [3, 65, 66, 67]), WireRecord.Authority("example.com", 90, 30));

        Assert.True(DnsMessage.TryDecode(bytes, out var message, out _));

        Assert.Equal(
            [
                new DnsRecord.Address("a.example.com", TimeSpan.FromSeconds(60), IPAddress.Parse("192.0.2.1")),
                new DnsRecord.Address("a.example.com", TimeSpan.FromSeconds(60), IPAddress.Parse("2001:db8::1")),
                new DnsRecord.Alias("b.example.com", TimeSpan.FromSeconds(70), "a.example.com"),
                new DnsRecord.Rule("example.com", TimeSpan.FromSeconds(80), 10, 20, "s", "SIP+D2T", "", "_sip._tcp.example.com"),
            ],
            message!.Answers);
        Assert.Equal([new DnsRecord.Authority("example.com", TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(30))], message.Authorities);
    }

    [Fact]
    public void A_time_to_live_with_its_first_bit_set_is_zero()
    {
        var bytes = Asked.Answer(WireRecord.Address("a.example.com", 0x8000_0001, "192.0.2.1"));

        Assert.True(DnsMessage.TryDecode(bytes, out var message, out _));

        Assert.Equal(TimeSpan.Zero, Assert.Single(message!.Answers).TimeToLive);
    }

    [Fact]
    public void Odd_octets_in_a_label_do_not_pass_for_dots()
    {
        var bytes = Asked.Answer(new WireRecord("x.example", 5, 5, [4, (byte)'a', (byte)'.', (byte)'b', 0xFF, 0]));

        Assert.True(DnsMessage.TryDecode(bytes, out var message, out _));

        Assert.Equal(@"a\046b\255", Assert.IsType<DnsRecord.Alias>(Assert.Single(message!.Answers)).Target);
    }

    [Theory]
    [InlineData("C00C", "BadQuestion")] // at itself
    [InlineData("0161C00C", "BadQuestion")] // a label, then back to it
    [InlineData("C0FF", "BadQuestion")] // beyond the end
    [InlineData("C010", "BadQuestion")] // ahead
    [InlineData("C0", "BadQuestion")] // half a pointer
    [InlineData("4061", "BadQuestion")] // a kind of label that does not exist
    [InlineData("8061", "BadQuestion")]
    [InlineData("3F61", "BadQuestion")] // a label longer than the message
    public void A_name_that_leads_nowhere_is_refused(string name, string expected)
    {
        var bytes = Convert.FromHexString("123481800001000000000000" + name + (name.Length == 2 ? "" : "00010001"));

        var ok = DnsMessage.TryDecode(bytes, out _, out var fault);

        Assert.False(ok);
        Assert.Equal(expected, fault.ToString());
    }

    [Fact]
    public void Pointers_that_make_a_name_too_long_are_refused()
    {
        // Each record's name is a label and a pointer to the record before: legal, until the whole passes 255 octets.
        var bytes = Asked.Answer([]).ToList();
        var previous = 12;
        for (var i = 0; i < 10; i++)
        {
            var start = bytes.Count;
            bytes.AddRange([40, .. Enumerable.Repeat((byte)'a', 40), (byte)(0xC0 | (previous >> 8)), (byte)previous]);
            bytes.AddRange([0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 192, 0, 2, 1]);
            previous = start;
        }
        (bytes[6], bytes[7]) = (0, 10);

        var ok = DnsMessage.TryDecode(bytes.ToArray(), out _, out var fault);

        Assert.False(ok);
        Assert.Equal(DnsFault.BadRecord, fault);
    }

    [Fact]
    public void Counts_beyond_the_limit_are_refused_before_anything_is_read()
    {
        var bytes = Asked.Answer([]);
        (bytes[6], bytes[7]) = (0xFF, 0xFF);

        var ok = DnsMessage.TryDecode(bytes, out _, out var fault);

        Assert.False(ok);
        Assert.Equal(DnsFault.TooManyRecords, fault);
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(28, 4)]
    [InlineData(33, 6)]
    [InlineData(35, 5)]
    [InlineData(5, 0)]
    [InlineData(6, 9)]
    public void A_record_whose_length_does_not_fit_its_type_is_refused(ushort type, int length)
    {
        var bytes = Asked.Answer(new WireRecord("a.example", type, 60, new byte[length]), WireRecord.Address("a.example", 60, "192.0.2.1"));

        var ok = DnsMessage.TryDecode(bytes, out _, out var fault);

        Assert.False(ok);
        Assert.Equal(DnsFault.BadRecord, fault);
    }

    [Fact]
    public void Every_shortening_of_a_good_message_is_a_fault_and_every_changed_byte_an_answer()
    {
        var whole = Asked.Answer(
            WireRecord.Alias("pbx.example.com", 5, "b.example.com"), WireRecord.Service("b.example.com", 5, 1, 2, 5060, "c.example.com"),
            WireRecord.Rule("example.com", 80, 10, 20, "SIP+D2T", "_sip._tcp.example.com"), WireRecord.Authority("example.com", 90, 30));

        for (var length = 0; length < whole.Length; length++)
            Assert.False(DnsMessage.TryDecode(whole.AsSpan(0, length), out _, out _), $"{length} octets");

        foreach (var value in (byte[])[0, 1, 0x3F, 0x40, 0xC0, 0xFF])
        {
            for (var at = 0; at < whole.Length; at++)
            {
                var changed = (byte[])whole.Clone();
                changed[at] = value;
                var ok = DnsMessage.TryDecode(changed, out var message, out _);
                Assert.Equal(ok, message is not null);
            }
        }
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var random = new Random(20261121);
        var bytes = new byte[700];

        for (var run = 0; run < 20_000; run++)
        {
            random.NextBytes(bytes);
            var length = random.Next(bytes.Length);
            // Half of them with a sound head, so that the records are reached.
            if (run % 2 == 0)
                Asked.Reply(0, []).CopyTo(bytes, 0);
            (bytes[6], bytes[8]) = (0, 0);
            bytes[7] = (byte)random.Next(8);
            _ = DnsMessage.TryDecode(bytes.AsSpan(0, length), out _, out _);
        }
    }

    [Theory]
    [InlineData("Example.COM.", "example.com")]
    [InlineData("_sip._udp.example.com", "_sip._udp.example.com")]
    [InlineData("", null)]
    [InlineData(".", null)]
    [InlineData("a..b", null)]
    [InlineData("a b", null)]
    [InlineData("a\\.b", null)]
    [InlineData("bücher.example", null)]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123.example", null)]
    public void Names_are_asked_for_in_one_form(string name, string? expected)
    {
        var ok = DnsNames.TryNormalize(name, out var normal);

        Assert.Equal(expected is not null, ok);
        Assert.Equal(expected, normal);
    }
}
