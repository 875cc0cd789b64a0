using System.Collections.Immutable;
using System.Net;
using System.Text;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Resolution;
using Switchhook.Sip.Tests.Dialogs;
using Switchhook.Sip.Transport;

namespace Switchhook.Sip.Tests.Resolution;

public sealed class TargetSelectionTests
{
    private static readonly TargetPolicy All = new() { Transports = [SipTransportKind.Udp, SipTransportKind.Tcp, SipTransportKind.Tls] };

    private static readonly DnsRecord[] Hosts =
        [Host("example.com", "192.0.2.1"), Host("a.example.com", "192.0.2.10"), Host("b.example.com", "192.0.2.11"), Host("b.example.com", "2001:db8::11")];

    // What each URI needs, and the places it leads to, in a domain without NAPTR that has services over UDP and TCP.
    [Theory]
    [InlineData("sip:1@192.0.2.5", "Udp 192.0.2.5:5060")]
    [InlineData("sip:1@192.0.2.5:5080", "Udp 192.0.2.5:5080")]
    [InlineData("sip:1@[2001:db8::5];transport=tcp", "Tcp [2001:db8::5]:5060")]
    [InlineData("sip:1@192.0.2.5;transport=TLS", "Tls 192.0.2.5:5061")]
    [InlineData("sips:1@192.0.2.5", "Tls 192.0.2.5:5061")]
    [InlineData("sips:1@192.0.2.5;transport=tcp", "Tls 192.0.2.5:5061")]
    [InlineData("sip:1@example.com:5070", "Udp 192.0.2.1:5070")]
    [InlineData("sips:1@example.com:5071", "Tls 192.0.2.1:5071")]
    [InlineData("sip:1@example.com:5070;transport=tcp", "Tcp 192.0.2.1:5070")]
    [InlineData("sip:1@nowhere.example;maddr=192.0.2.9", "Udp 192.0.2.9:5060")]
    [InlineData("sip:1@nowhere.example:5070;maddr=example.com;transport=tcp", "Tcp 192.0.2.1:5070")]
    [InlineData("sip:1@EXAMPLE.com;transport=udp", "Udp 192.0.2.10:5062")]
    [InlineData("sip:1@example.com;transport=tcp", "Tcp 192.0.2.11:5064 | Tcp [2001:db8::11]:5064")]
    [InlineData("sip:1@example.com", "Udp 192.0.2.10:5062 | Tcp 192.0.2.11:5064 | Tcp [2001:db8::11]:5064")]
    [InlineData("sips:1@example.com", "Tls 192.0.2.1:5061")]
    [InlineData("sip:1@a.example.com", "Udp 192.0.2.10:5060")]
    [InlineData("sip:1@a.example.com;transport=tcp", "Tcp 192.0.2.10:5060")]
    [InlineData("sip:1@nowhere.example", "NotFound")]
    public void A_URI_leads_to_these_places(string uri, string expected)
    {
        DnsRecord[] zone = [.. Hosts, Service("_sip._udp.example.com", 1, 0, 5062, "a.example.com"), Service("_sip._tcp.example.com", 1, 0, 5064, "b.example.com")];

        var places = Places(uri, zone);

        Assert.Equal(expected, places);
    }

    [Theory]
    [InlineData("tel:+15550100", TargetFault.NoSipUri)]
    [InlineData("sip:1@example.com;transport=sctp", TargetFault.UnsupportedTransport)]
    [InlineData("sips:1@example.com;transport=udp", TargetFault.InsecureTransport)]
    [InlineData("sip:1@example.com;maddr=a..b", TargetFault.BadHost)]
    public void A_URI_that_nothing_can_be_looked_for_has_a_named_fault(string uri, TargetFault expected)
    {
        Assert.True(SipUri.TryParse(Encoding.ASCII.GetBytes(uri), out var parsed));

        var ok = TargetQuestion.TryFrom(parsed, out _, out var fault);

        Assert.False(ok);
        Assert.Equal(expected, fault);
    }

    [Fact]
    public void The_domains_own_rules_come_first_by_order_and_preference()
    {
        // As in the example of RFC 3263 §4.1, with TLS first; then the same domain seen by one who speaks UDP and TCP alone.
        DnsRecord[] zone =
        [
            .. Hosts, Rule("example.com", 90, 50, "SIP+D2T", "_sip._tcp.example.com"), Rule("example.com", 90, 40, "SIP+D2U", "u.example.com"),
            Rule("example.com", 50, 50, "SIPS+D2T", "_sips._tcp.example.com"), Rule("example.com", 10, 10, "E2U+sip", "enum.example.com"),
            Service("_sips._tcp.example.com", 1, 0, 5061, "a.example.com"), Service("_sip._tcp.example.com", 1, 0, 5064, "b.example.com"),
            Service("u.example.com", 1, 0, 5062, "a.example.com"), Service("_sip._udp.example.com", 1, 0, 9, "b.example.com"),
        ];

        var secure = Places("sip:1@example.com", zone);
        var plain = Places("sip:1@example.com", zone, All with { Transports = [SipTransportKind.Tcp, SipTransportKind.Udp], IPv6 = false });

        Assert.Equal("Tls 192.0.2.10:5061", secure);
        Assert.Equal("Udp 192.0.2.10:5062 | Tcp 192.0.2.11:5064", plain);
    }

    [Fact]
    public void A_higher_order_counts_when_the_lower_one_leads_nowhere()
    {
        DnsRecord[] zone =
        [
            .. Hosts, Rule("example.com", 10, 0, "SIP+D2U", "_sip._udp.example.com"), Rule("example.com", 20, 0, "SIP+D2T", "_sip._tcp.example.com"),
            Service("_sip._tcp.example.com", 1, 0, 5064, "a.example.com"),
        ];

        var places = Places("sip:1@example.com", zone);

        Assert.Equal("Tcp 192.0.2.10:5064", places);
    }

    [Fact]
    public void Rules_for_transports_not_spoken_here_leave_no_way()
    {
        DnsRecord[] zone = [.. Hosts, Rule("example.com", 10, 0, "SIPS+D2T", "_sips._tcp.example.com")];

        var places = Places("sip:1@example.com", zone, new TargetPolicy());
        var secure = Places("sips:1@example.com", [.. Hosts, Rule("example.com", 10, 0, "SIP+D2T", "_sip._tcp.example.com")]);

        Assert.Equal("UnsupportedTransport", places);
        Assert.Equal("UnsupportedTransport", secure);
    }

    [Fact]
    public void A_service_that_is_denied_is_not_looked_for_at_the_host_itself()
    {
        DnsRecord[] zone = [.. Hosts, Service("_sip._udp.example.com", 0, 0, 0, ""), Service("_sip._tcp.example.com", 0, 0, 0, "")];

        var places = Places("sip:1@example.com", zone);

        Assert.Equal("NotFound", places);
    }

    [Fact]
    public void Priorities_are_tried_in_order_and_every_address_of_a_host_before_the_next_host()
    {
        DnsRecord[] zone =
        [
            .. Hosts, Host("c.example.com", "192.0.2.12"), Service("_sip._udp.example.com", 30, 0, 5060, "c.example.com"),
            Service("_sip._udp.example.com", 20, 0, 5060, "b.example.com"), Service("_sip._udp.example.com", 10, 0, 5070, "a.example.com"),
        ];

        var places = Places("sip:1@example.com;transport=udp", zone, All with { PreferIPv6 = true });

        Assert.Equal("Udp 192.0.2.10:5070 | Udp [2001:db8::11]:5060 | Udp 192.0.2.11:5060 | Udp 192.0.2.12:5060", places);
    }

    [Fact]
    public void Addresses_that_nobody_answers_at_are_left_out()
    {
        DnsRecord[] zone =
        [
            Host("x.example", "0.0.0.0"), Host("x.example", "224.0.0.1"), Host("x.example", "255.255.255.255"), Host("x.example", "::"),
            Host("x.example", "ff02::1"), Host("x.example", "::ffff:192.0.2.1"), Host("x.example", "192.0.2.77"),
        ];

        var places = Places("sip:1@x.example:5060", zone);

        Assert.Equal("Udp 192.0.2.77:5060", places);
    }

    [Fact]
    public void Questions_that_do_not_depend_on_each_other_are_asked_at_once()
    {
        Assert.True(TargetQuestion.TryFrom("example.com", 0, SipTransportKind.Udp, secure: false, out var question, out _));
        List<string> rounds = [];
        DnsRecord[] zone = [.. Hosts, Service("_sip._udp.example.com", 1, 0, 5060, "a.example.com"), Service("_sip._udp.example.com", 1, 0, 5060, "b.example.com")];

        var step = Run(question, All, q => Answer(zone, q), ask => rounds.Add(string.Join(' ', ask.Questions.Select(q => $"{q.Type}:{q.Name}"))));

        Assert.IsType<TargetStep.Found>(step);
        Assert.Equal(["Srv:_sip._udp.example.com", "A:a.example.com Aaaa:a.example.com A:b.example.com Aaaa:b.example.com"], rounds);
    }

    [Fact]
    public void The_shortest_time_to_live_on_the_way_counts_and_silence_makes_the_result_uncertain()
    {
        Assert.True(TargetQuestion.TryFrom("example.com", 0, SipTransportKind.Udp, secure: false, out var question, out _));
        DnsRecord[] zone = [Host("example.com", "192.0.2.1") with { TimeToLive = TimeSpan.FromSeconds(40) }];

        var sure = Assert.IsType<TargetStep.Found>(Run(question, All, q => Answer(zone, q)));
        var unsure = Assert.IsType<TargetStep.Found>(
            Run(question, All, q => q.Type == DnsType.Srv ? DnsAnswer.Without(DnsOutcome.Unanswered) : Answer(zone, q)));
        var none = Assert.IsType<TargetStep.Nowhere>(Run(question, All, _ => DnsAnswer.Without(DnsOutcome.Unanswered)));

        Assert.Equal((true, TimeSpan.FromSeconds(40)), (sure.Targets.IsCertain, sure.Targets.TimeToLive));
        Assert.Equal((false, TimeSpan.Zero), (unsure.Targets.IsCertain, unsure.Targets.TimeToLive));
        Assert.Equal(TargetFault.Unanswered, none.Fault);
    }

    private static string Places(string uri, DnsRecord[] zone, TargetPolicy? policy = null)
    {
        Assert.True(SipUri.TryParse(Encoding.ASCII.GetBytes(uri), out var parsed), uri);
        if (!TargetQuestion.TryFrom(parsed, out var question, out var fault))
            return fault.ToString();
        return Run(question, policy ?? All, q => Answer(zone, q)) switch
        {
            TargetStep.Found found => string.Join(" | ", found.Targets.Draw(new SeededRandom(1)).Targets.Select(t => $"{t.Transport} {t.Remote}")),
            TargetStep.Nowhere nowhere => nowhere.Fault.ToString(),
            var step => step.ToString(),
        };
    }

    private static TargetStep Run(TargetQuestion question, TargetPolicy policy, Func<DnsQuestion, DnsAnswer> dns, Action<TargetStep.Ask>? onAsk = null)
    {
        Dictionary<DnsQuestion, DnsAnswer> known = [];
        for (var round = 0; round < 20; round++)
        {
            var step = TargetSelection.Select(question, policy, q => known.GetValueOrDefault(q));
            if (step is not TargetStep.Ask ask)
                return step;
            onAsk?.Invoke(ask);
            foreach (var asked in ask.Questions)
                known.Add(asked, dns(asked));
        }
        throw new InvalidOperationException("the selection never ended");
    }

    private static DnsAnswer Answer(DnsRecord[] zone, DnsQuestion question)
    {
        ImmutableArray<DnsRecord> records = [.. zone.Where(r => r.Name == question.Name && r.Is(question.Type))];
        return records.IsEmpty
            ? DnsAnswer.Without(DnsOutcome.NoData, TimeSpan.FromMinutes(10))
            : new DnsAnswer(DnsOutcome.Found, records, records.Min(r => r.TimeToLive));
    }

    private static DnsRecord.Address Host(string name, string address) => new(name, TimeSpan.FromMinutes(5), IPAddress.Parse(address));

    private static DnsRecord.Service Service(string name, ushort priority, ushort weight, ushort port, string target) =>
        new(name, TimeSpan.FromMinutes(5), priority, weight, port, target);

    private static DnsRecord.Rule Rule(string name, ushort order, ushort preference, string services, string replacement) =>
        new(name, TimeSpan.FromMinutes(5), order, preference, "s", services, "", replacement);
}
