using System.Net;
using Switchhook.Sip.Resolution;
using Switchhook.Sip.Tests.Dialogs;
using Switchhook.Sip.Transport.Dns;
using Switchhook.TestKit.Timing;

namespace Switchhook.Sip.Tests.Resolution;

public sealed class DnsResolverTests
{
    private static readonly WireRecord Pbx = WireRecord.Address("pbx.example", 60, "192.0.2.7");
    private static readonly WireRecord Zone = WireRecord.Authority("example", 600, 30);
    private static readonly TimeSpan Deadline = Eventually.Deadline;

    private readonly ManualTime _time = new();

    [Fact]
    public async Task An_answer_is_asked_for_once_and_again_when_it_has_expired()
    {
        await using var server = ScriptedDns.Of(Pbx);
        using var resolver = Resolver(server.Settings());

        var first = await AskAsync(resolver, "PBX.example.");
        _time.Advance(TimeSpan.FromSeconds(20));
        var second = await AskAsync(resolver, "pbx.example");
        _time.Advance(TimeSpan.FromSeconds(40));
        var third = await AskAsync(resolver, "pbx.example");

        Assert.Equal(["192.0.2.7"], AddressesOf(first));
        Assert.Equal(TimeSpan.FromSeconds(40), second.TimeToLive);
        Assert.Equal(TimeSpan.FromSeconds(60), third.TimeToLive);
        Assert.Equal(2, server.Queries.Count);
    }

    [Fact]
    public async Task Absence_is_remembered_as_long_as_the_zone_says()
    {
        await using var server = new ScriptedDns(q => [q.Reply(3, [Zone])]);
        using var resolver = Resolver(server.Settings());

        var first = await AskAsync(resolver, "no.example");
        _time.Advance(TimeSpan.FromSeconds(29));
        await AskAsync(resolver, "no.example");
        var early = server.Queries.Count;
        _time.Advance(TimeSpan.FromSeconds(1));
        await AskAsync(resolver, "no.example");

        Assert.Equal(DnsOutcome.NoSuchName, first.Outcome);
        Assert.Equal(1, early);
        Assert.Equal(2, server.Queries.Count);
    }

    [Fact]
    public async Task Absence_without_a_word_of_the_zone_is_not_remembered()
    {
        await using var server = ScriptedDns.Of();
        using var resolver = Resolver(server.Settings());

        var first = await AskAsync(resolver, "pbx.example");
        await AskAsync(resolver, "pbx.example");

        Assert.Equal(DnsOutcome.NoData, first.Outcome);
        Assert.Equal(2, server.Queries.Count);
    }

    [Fact]
    public async Task Aliases_are_followed_and_the_shortest_time_to_live_counts()
    {
        await using var server = ScriptedDns.Of(
            WireRecord.Alias("www.example", 300, "web.example"), WireRecord.Alias("web.example", 20, "pbx.example"), Pbx);
        using var resolver = Resolver(server.Settings());

        var answer = await AskAsync(resolver, "www.example");

        Assert.Equal(["192.0.2.7"], AddressesOf(answer));
        Assert.Equal(TimeSpan.FromSeconds(20), answer.TimeToLive);
        Assert.Single(server.Queries);
    }

    [Fact]
    public async Task An_alias_given_alone_is_asked_for_by_its_true_name()
    {
        await using var server = new ScriptedDns(q => [q.Name == "www.example" ? q.Answer(WireRecord.Alias("www.example", 10, "pbx.example")) : q.Answer(Pbx)]);
        using var resolver = Resolver(server.Settings());

        var answer = await AskAsync(resolver, "www.example");

        Assert.Equal(["192.0.2.7"], AddressesOf(answer));
        Assert.Equal(TimeSpan.FromSeconds(10), answer.TimeToLive);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Aliases_in_a_circle_end_as_a_failure(bool inOneAnswer)
    {
        var (a, b) = (WireRecord.Alias("a.example", 10, "b.example"), WireRecord.Alias("b.example", 10, "a.example"));
        await using var server = new ScriptedDns(q => [inOneAnswer ? q.Answer(a, b) : q.Answer(q.Name == "a.example" ? a : b)]);
        using var resolver = Resolver(server.Settings());

        var answer = await AskAsync(resolver, "a.example");

        Assert.Equal(DnsOutcome.ServerFailure, answer.Outcome);
    }

    [Fact]
    public async Task What_does_not_fit_a_datagram_comes_over_TCP()
    {
        var many = Enumerable.Range(1, 200).Select(i => WireRecord.Address("pbx.example", 60, $"192.0.2.{i}")).ToArray();
        await using var server = new ScriptedDns(q => [q.OverTcp ? q.Answer(many) : q.Truncated()]);
        using var resolver = Resolver(server.Settings());

        var answer = await AskAsync(resolver, "pbx.example");

        Assert.Equal(200, answer.Records.Length);
        Assert.Equal([false, true], server.Queries.Select(q => q.OverTcp));
    }

    [Fact]
    public async Task Answers_to_other_questions_are_passed_over()
    {
        var bad = WireRecord.Address("pbx.example", 60, "203.0.113.66");
        await using var server = new ScriptedDns(q =>
        [
            [], [1, 2, 3], new byte[4000], [.. q.Answer(bad), .. new byte[6000]], q.Reply(0, [bad], id: (ushort)(q.Id + 1)), q.Reply(0, [bad], name: "other.example"),
            q.Reply(0, [bad], flags: 0x0180), (q with { Type = 28 }).Reply(0, [bad]), q.Answer(Pbx),
        ]);
        using var resolver = Resolver(server.Settings());

        var answer = await AskAsync(resolver, "pbx.example");

        Assert.Equal(["192.0.2.7"], AddressesOf(answer));
        Assert.Single(server.Queries);
    }

    [Fact]
    public async Task Records_of_other_names_in_an_answer_are_not_believed()
    {
        await using var server = new ScriptedDns(q => [q.Answer(Pbx, WireRecord.Address("bank.example", 60, "203.0.113.66"))]);
        using var resolver = Resolver(server.Settings());

        var answer = await AskAsync(resolver, "pbx.example");

        Assert.Equal(["192.0.2.7"], AddressesOf(answer));
    }

    [Fact]
    public async Task A_server_that_only_sends_nonsense_is_given_up_for_the_next()
    {
        await using var mad = new ScriptedDns(q => Enumerable.Range(1, 40).Select(i => q.Reply(0, [Pbx], id: (ushort)(q.Id + i))));
        await using var sound = ScriptedDns.Of(Pbx);
        using var resolver = Resolver(mad.Settings(sound));

        var answer = await AskAsync(resolver, "pbx.example");

        Assert.Equal(["192.0.2.7"], AddressesOf(answer));
        Assert.Single(mad.Queries);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public async Task A_server_that_cannot_say_is_passed_over_for_the_next(int code)
    {
        await using var failing = new ScriptedDns(q => [q.Reply(code, [])]);
        await using var sound = ScriptedDns.Of(Pbx);
        using var resolver = Resolver(failing.Settings(sound));

        var answer = await AskAsync(resolver, "pbx.example");

        Assert.Equal(["192.0.2.7"], AddressesOf(answer));
    }

    [Fact]
    public async Task A_lost_query_is_repeated_after_the_time_out_with_another_id()
    {
        var heard = 0;
        await using var server = new ScriptedDns(q => Interlocked.Increment(ref heard) < 2 ? [] : [q.Answer(Pbx)]);
        using var resolver = Resolver(server.Settings());

        var asking = AskAsync(resolver, "pbx.example");
        await server.SeenAsync(1);
        _time.Advance(TimeSpan.FromSeconds(2));
        var answer = await asking;

        Assert.Equal(["192.0.2.7"], AddressesOf(answer));
        Assert.Equal(2, server.Queries.Select(q => q.Id).Distinct().Count());
    }

    [Fact]
    public async Task Questions_come_from_ports_that_change()
    {
        await using var server = ScriptedDns.Of(Zone);
        using var resolver = Resolver(server.Settings());

        for (var i = 0; i < 12; i++)
            await AskAsync(resolver, $"n{i}.example");

        Assert.True(server.Queries.Select(q => q.SourcePort).Distinct().Count() > 6, "ports repeat");
        Assert.Equal(12, server.Queries.Select(q => q.Id).Distinct().Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_comes_over_TCP_is_looked_at_no_less(bool truncatedAgain)
    {
        await using var mad = new ScriptedDns(q => [!q.OverTcp || truncatedAgain ? q.Truncated() : q.Reply(0, [Pbx], id: (ushort)~q.Id)]);
        await using var sound = ScriptedDns.Of(Pbx);
        using var resolver = Resolver(mad.Settings(sound));

        var answer = await AskAsync(resolver, "pbx.example");

        Assert.Equal(["192.0.2.7"], AddressesOf(answer));
        Assert.Equal([false, true], mad.Queries.Select(q => q.OverTcp));
        Assert.Single(sound.Queries);
    }

    [Fact]
    public async Task Servers_that_never_answer_are_a_named_outcome_kept_for_a_moment()
    {
        await using var server = new ScriptedDns(q => []);
        using var resolver = Resolver(server.Settings());

        var asking = AskAsync(resolver, "pbx.example");
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            await server.SeenAsync(attempt);
            _time.Advance(TimeSpan.FromSeconds(2));
        }
        var answer = await asking;
        var again = await AskAsync(resolver, "pbx.example");

        Assert.Equal(DnsOutcome.Unanswered, answer.Outcome);
        Assert.Equal(DnsOutcome.Unanswered, again.Outcome);
        Assert.Equal(2, server.Queries.Count);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_found_out_without_waiting()
    {
        var gone = ScriptedDns.Of();
        await gone.DisposeAsync();
        await using var sound = ScriptedDns.Of(Pbx);
        using var resolver = Resolver(gone.Settings(sound));

        var answer = await AskAsync(resolver, "pbx.example");

        Assert.Equal(["192.0.2.7"], AddressesOf(answer));
    }

    [Fact]
    public async Task A_question_is_open_once_however_many_wait_and_one_who_leaves_does_not_end_it()
    {
        var release = new TaskCompletionSource();
        await using var server = new ScriptedDns(async q =>
        {
            await release.Task;
            return (IEnumerable<byte[]>)[q.Answer(Pbx)];
        });
        using var resolver = Resolver(server.Settings());
        using var leaving = new CancellationTokenSource();

        var leaver = resolver.QueryAsync("pbx.example", DnsType.A, leaving.Token).AsTask();
        var waiters = Enumerable.Range(0, 20).Select(_ => AskAsync(resolver, "pbx.example")).ToList();
        await server.SeenAsync(1);
        await leaving.CancelAsync();
        release.SetResult();
        var answers = await Task.WhenAll(waiters);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaver);
        Assert.All(answers, a => Assert.Equal(["192.0.2.7"], AddressesOf(a)));
        Assert.Single(server.Queries);
    }

    [Fact]
    public async Task Too_many_open_questions_are_refused()
    {
        await using var server = new ScriptedDns(q => []);
        using var resolver = Resolver(server.Settings());
        var open = Enumerable.Range(0, 256).Select(i => AskAsync(resolver, $"n{i}.example")).ToList();

        var refused = await AskAsync(resolver, "one-more.example");
        resolver.Dispose();
        var ended = await Task.WhenAll(open);

        Assert.Equal(DnsOutcome.Overloaded, refused.Outcome);
        Assert.All(ended, a => Assert.Equal(DnsOutcome.Unanswered, a.Outcome));
    }

    [Fact]
    public async Task Names_in_the_hosts_file_are_not_asked_for()
    {
        var hosts = HostsFile.Parse("# ours\n192.0.2.9\tPBX.example pbx  # the exchange\n2001:db8::9 pbx.example\nnonsense line\n192.0.2.10");
        await using var server = ScriptedDns.Of();
        using var resolver = Resolver(server.Settings() with { Hosts = hosts });

        var four = await AskAsync(resolver, "pbx.example");
        var six = await AskAsync(resolver, "pbx.example", DnsType.Aaaa);
        var service = await AskAsync(resolver, "pbx", DnsType.Srv);
        var local = await AskAsync(resolver, "localhost");

        Assert.Equal(["192.0.2.9"], AddressesOf(four));
        Assert.Equal(["2001:db8::9"], AddressesOf(six));
        Assert.Equal(DnsOutcome.NoData, service.Outcome);
        Assert.Equal(["127.0.0.1"], AddressesOf(local));
        Assert.Empty(server.Queries);
    }

    [Fact]
    public async Task What_is_no_name_is_not_asked_for()
    {
        await using var server = ScriptedDns.Of();
        using var resolver = Resolver(server.Settings());

        var answer = await AskAsync(resolver, "a..b");

        Assert.Equal(DnsOutcome.InvalidName, answer.Outcome);
        Assert.Empty(server.Queries);
    }

    [Fact]
    public void Settings_come_from_a_resolv_conf()
    {
        var settings = DnsSettings.FromResolvConf(
            "; made by hand\nsearch example.com\nnameserver 192.0.2.53\nnameserver  2001:db8::53 \nnameserver nonsense\noptions rotate timeout:3 attempts:99\n");

        Assert.Equal([new IPEndPoint(IPAddress.Parse("192.0.2.53"), 53), new IPEndPoint(IPAddress.Parse("2001:db8::53"), 53)], settings.Servers);
        Assert.Equal((TimeSpan.FromSeconds(3), 5), (settings.Timeout, settings.Attempts));
        Assert.Equal([new IPEndPoint(IPAddress.Loopback, 53)], DnsSettings.FromResolvConf("").Servers);
    }

    private DnsResolver Resolver(DnsSettings settings) => new(() => settings, _time, new SeededRandom(7));

    private static Task<DnsAnswer> AskAsync(DnsResolver resolver, string name, DnsType type = DnsType.A) =>
        resolver.QueryAsync(name, type, CancellationToken.None).AsTask().WaitAsync(Deadline);

    private static IEnumerable<string> AddressesOf(DnsAnswer answer) => answer.Records.OfType<DnsRecord.Address>().Select(r => r.Value.ToString());
}
