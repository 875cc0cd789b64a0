using System.Globalization;
using Switchhook.Sip.Auth;
using Switchhook.Sip.Dialogs;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Tests.Dialogs;

/// <summary>Whole user agents against each other over a bad network, doing anything at any moment.</summary>
public sealed class CrossingTests(ITestOutputHelper output)
{
    /// <summary>How many schedules are played, and the first one: to play one again, its seed and a count of 1.</summary>
    public const string CountVariable = "SWITCHHOOK_TEST_SCHEDULES";
    public const string FirstVariable = "SWITCHHOOK_TEST_FIRST_SCHEDULE";

    // Enough that a rare crossing is met, few enough for every day; ./test --soak plays 100,000.
    private const int Seeds = 3_000;
    private const int Reported = 10_000;

    private static readonly int Count = Variable(CountVariable, Seeds);
    private static readonly int First = Variable(FirstVariable, 0);

    [Fact]
    public void Whatever_the_parties_and_the_network_do_every_session_ends_once_and_nothing_is_left()
    {
        var seen = new HashSet<string>();
        for (var seed = First; seed < First + Count; seed++)
        {
            if (seed > First && (seed - First) % Reported == 0) output.WriteLine($"{seed - First} of {Count} schedules");
            var log = new List<string>();
            try
            {
                Play(seed, log);
            }
            catch (Exception broken)
            {
                Assert.Fail(
                    $"Schedule {seed} (again: {FirstVariable}={seed} {CountVariable}=1 ./test {nameof(CrossingTests)}): {broken}\n{string.Join('\n', log)}");
            }

            seen.UnionWith(log.Select(line => string.Join(' ', line.Split(' ')[2..])));
        }

        output.WriteLine($"{Count} schedules played, the first with seed {First}");
        if (Count < Seeds) return;

        // A run that never met one of these would prove nothing about it.
        string[] wanted =
            [
                .. Enum.GetValues<SessionEndKind>().Select(kind => $"ended {kind}"),
                .. Enum.GetValues<HangupConfirmation>().Select(confirmation => $"confirmed {confirmation}"),
                "hangup Nothing", "offer", "hangup Bye", "hangup Cancel", "hangup FinalStatus 486",
                "answered", "acknowledged", "reoffer", "reoffer answered 200", "reoffer answered 488", "reoffer answered 491", "info",
                "update", "update answered 200", "update answered 487", "update answered 488", "carried 491", "carried 422", "carried 500", "carried PRACK", "carried 504", "prack",
                "refer", "refer progress 100", "refer progress 180", "refer finished 200", "refer finished 202", "refer finished 408", "refer finished 603", "carried NOTIFY",
            ];
        Assert.Empty(wanted.Except(seen));
    }

    private static int Variable(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static void Play(int seed, List<string> log)
    {
        var chance = new Random(seed);
        var network = new SimulatedNetwork(seed)
        {
            Loss = chance.Next(3) == 0 ? chance.NextDouble() * 0.6 : 0,
            Doubling = chance.Next(4) == 0 ? 0.2 : 0,
            Refusal = chance.Next(10) == 0 ? 0.1 : 0,
            LongestDelay = TimeSpan.FromMilliseconds(chance.Next(3) == 0 ? 3_000 : 50),
        };
        var (ours, theirs) = (Options(), Options());
        var (caller, callee, other) = (Party("caller"), Party("callee"), Party("other"));
        var calling = network.Add(1, caller, ours);
        var called = network.Add(2, callee, theirs);
        var forked = network.Add(3, other, theirs);
        network.Fork(9, 2, 3);

        if (chance.Next(4) == 0) callee.Inviting = Challenge;
        caller.Offering = session => _ = chance.Next(4) > 0 && session.AnswerOffer("v=0\r\n"u8);
        var isKind = network is { Loss: 0, Refusal: 0 };
        var calls = chance.Next(1, 4);
        for (var i = 0; i < calls; i++) network.After(Moment(20), Call);
        var actions = chance.Next(2, 14);
        foreach (var party in new[] { caller, callee, other })
        {
            for (var i = 0; i < actions; i++) network.After(Moment(chance.Next(3) == 0 ? 40 : 4), () => Act(party));
            if (chance.Next(3) == 0) party.Acting = (session, _) => Do(chance.Next(9), session);
        }

        // Both sides at the same moment, again and again: offers that meet.
        for (var at = 5 + chance.Next(3); at < 10 && chance.Next(3) > 0; at++)
        {
            foreach (var party in new[] { caller, callee })
                network.After(TimeSpan.FromMilliseconds((1_000 * at) + chance.Next(100)), () => party.Sessions.ForEach(session => Do(chance.Next(5, 9), session)));
        }

        foreach (var party in new[] { caller, callee, other })
        {
            network.After(TimeSpan.FromSeconds(30 + chance.Next(60)), () => HangUpAll(party));
            // An INVITE repeated until its last moment can bring a new call after that.
            network.After(TimeSpan.FromSeconds(200), () => HangUpAll(party));
        }

        if (chance.Next(8) == 0)
        {
            isKind = false;
            network.After(Moment(10), () => network.Loss = 1);
        }

        try
        {
            network.Run();
        }
        finally
        {
            log.AddRange(network.Carried.Select(what => $"0 network carried {what}"));
            log.AddRange(caller.Log.Concat(callee.Log).Concat(other.Log).Order(StringComparer.Ordinal));
        }

        foreach (var party in new[] { caller, callee, other }) party.AssertPromises();
        foreach (var agent in new[] { calling, called, forked })
        {
            Assert.Equal(0, agent.LiveDialogs);
            Assert.Equal(0, agent.Stack.LiveTransactions);
        }

        Assert.Equal(0, network.Timers.LiveTimers);
        // Where nothing is lost and somebody is there, every hang-up is acknowledged.
        if (isKind) Assert.DoesNotContain(log, line => line.Contains("confirmed") && !line.EndsWith("Yes", StringComparison.Ordinal));

        SipUserAgentOptions Options() => new()
        {
            SessionInterval = chance.Next(3) == 0 ? TimeSpan.FromSeconds(90 + chance.Next(60)) : null,
            MinSessionInterval = TimeSpan.FromSeconds(chance.Next(2) == 0 ? 90 : 120),
        };

        SimulatedParty Party(string name) => new(network, name);

        TimeSpan Moment(int mostSeconds) => TimeSpan.FromSeconds(chance.NextDouble() * mostSeconds);

        void Call()
        {
            var invite = new OutgoingInvite
            {
                RequestUri = "sip:callee@10.0.0.2",
                From = new SipAddress("sip:caller@10.0.0.1", "Caller"),
                To = new SipAddress("sip:callee@10.0.0.2"),
                Flow = SimulatedNetwork.To(To()),
                Credentials = new DigestLogin("caller", "secret"),
                Offer = chance.Next(5) == 0 ? default : "v=0\r\n"u8.ToArray(),
                Headers = chance.Next(3) == 0 ? [new("Require", "100rel")] : [],
            };
            caller.Sessions.Add(calling.Invite(invite, caller));
        }

        int To()
        {
            var to = chance.Next(3) == 0 ? 9 : chance.Next(20) == 0 ? 77 : 2;
            // No proxy stands between the forks that would cancel the slow one; and nobody is at 77.
            isKind &= to == 2;
            return to;
        }

        void Challenge(IncomingInvite invite)
        {
            if (invite.Request.Has(HeaderName.Authorization)) callee.Sessions.Add(invite.Accept(callee));
            else invite.Reply(401, new SipHeaderLine("WWW-Authenticate", "Digest realm=\"r\", nonce=\"n\", qop=\"auth\""));
        }

        void Act(SimulatedParty party)
        {
            if (party.Sessions.Count > 0) Do(chance.Next(18), party.Sessions[chance.Next(party.Sessions.Count)]);
        }

        void Do(int what, SipSession session)
        {
            switch (what)
            {
                case 0: session.HangUp(new SessionHangup(486, "Q.850;cause=17")); break;
                case 1 or 2 or 3: session.Answer("v=0\r\n"u8); break;
                case 4: session.Progress(180, chance.Next(2) == 0 ? [] : "v=0\r\n"u8); break;
                case 5: session.Reoffer("v=0\r\n"u8); break;
                case 6: session.AnswerReoffer("v=0\r\n"u8); break;
                case 7: session.RejectReoffer(488); break;
                case 8 or 10 or 11: session.Update(chance.Next(3) == 0 ? [] : "v=0\r\n"u8); break;
                case 13: session.Refer("sip:x@10.0.0.3", new ReplacesHeader(session.CallId, "1", "2"), subscribe: chance.Next(4) > 0); break;
                case 14: TakeRefer(); break;
                case 12: AnswerProgress(); break;
                case 17: session.AnswerOffer("v=0\r\n"u8); break;
                case 9: session.SendInfo("application/dtmf-relay"u8, "Signal=1\r\n"u8); break;
                default: break;
            }
        }

        void TakeRefer()
        {
            foreach (var refer in caller.Refers.Concat(callee.Refers).ToArray())
            {
                if (chance.Next(4) == 0) refer.Reject(603);
                else refer.Accept();
                if (chance.Next(2) == 0) refer.Notify(180, final: false);
                else refer.Notify(200, final: chance.Next(2) == 0);
            }
        }

        void AnswerProgress()
        {
            foreach (var (session, response) in caller.Progress.ToArray()) session.AnswerProgress(response, "v=0\r\n"u8);
        }

        static void HangUpAll(SimulatedParty party)
        {
            foreach (var session in party.Sessions) session.HangUp(new SessionHangup());
        }
    }
}
