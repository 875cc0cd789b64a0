using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Tests.Torture;

/// <summary>Whatever arrives, a user agent neither throws nor grows without bound, and goes on answering.</summary>
public sealed class HostileAgentTests
{
    // What one message may cost beyond a few copies of itself: a transaction, a session, and answers of ours.
    private const int Overhead = 32_768;

    private static readonly byte[][] Corpus = [.. TortureCatalog.All.Select(message => message.Octets)];

    [Fact]
    public void Any_octets_are_survived()
    {
        var agent = new HostileAgent();

        Prop.ForAll<byte[]>(octets => Check(agent, octets)).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

        AssertNothingIsLeft(agent);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Mutated_torture_messages_are_survived(int seed)
    {
        var agent = new HostileAgent();
        var random = new Random(seed);

        for (var round = 0; round < 3_000; round++) Check(agent, Mutate(Corpus[random.Next(Corpus.Length)], random));

        Assert.True(agent.Answers(1));
        Assert.Equal(0, agent.Unreadable);
        AssertNothingIsLeft(agent);
    }

    [Fact]
    public void Every_truncation_of_every_torture_message_is_survived()
    {
        var agent = new HostileAgent();

        foreach (var message in Corpus)
        {
            for (var length = 0; length < message.Length; length += 7) Check(agent, message.AsSpan(0, length));
        }

        Assert.True(agent.Answers(1));
        AssertNothingIsLeft(agent);
    }

    /// <summary>
    /// Messages as large as they may be and as awkward as they come. Reading them takes milliseconds; the deadline is met with a wide margin
    /// unless something takes the square of the length.
    /// </summary>
    [Fact]
    public void The_largest_and_most_awkward_messages_are_read_in_the_time_their_length_deserves()
    {
        var agent = new HostileAgent();
        byte[][] messages = [.. Awkward()];
        var fault = default(Exception);
        var worker = new Thread(() =>
        {
            try
            {
                for (var round = 0; round < 20; round++)
                {
                    foreach (var message in messages) Check(agent, message);
                }
            }
            catch (Exception e)
            {
                fault = e;
            }
        });

        worker.Start();

        Assert.True(worker.Join(TimeSpan.FromSeconds(60)), "a message takes longer than its length deserves");
        Assert.Null(fault);
        Assert.True(agent.Answers(1));
    }

    [Fact]
    public void Mutated_torture_messages_over_sockets_leave_the_agent_answering()
    {
        using var scene = new TortureScene();
        var random = new Random(7);

        for (var round = 0; round < 20; round++)
        {
            scene.OverUdp([.. Enumerable.Range(0, 10).Select(_ => Mutate(Corpus[random.Next(Corpus.Length)], random))]);
            scene.OverTcp(Mutate(Corpus[random.Next(Corpus.Length)], random));
        }

        Assert.Equal(0, scene.Agent.LiveDialogs);
    }

    private static void Check(HostileAgent agent, ReadOnlySpan<byte> octets)
    {
        var transactions = agent.Agent.Stack.LiveTransactions;

        agent.Receive(octets, overTcp: octets.Length % 2 == 0);

        Assert.InRange(agent.Agent.Stack.LiveTransactions, 0, transactions + 1);
        Assert.InRange(agent.Allocated, 0, (20L * octets.Length) + Overhead); // most for a route set of thousands of hops, when the pool has no buffer left
        Assert.InRange(agent.OctetsSent, 0, (2 * octets.Length) + 2_048); // an answer repeats the request's addresses, a 200 twice over
    }

    private static void AssertNothingIsLeft(HostileAgent agent)
    {
        agent.Settle();

        Assert.Equal((0, 0, 0), (agent.Agent.Stack.LiveTransactions, agent.Agent.Stack.LiveTimers, agent.Agent.LiveDialogs));
    }

    private static byte[] Mutate(byte[] message, Random random)
    {
        var octets = new List<byte>(message);
        for (var changes = random.Next(1, 5); changes > 0; changes--)
        {
            var at = random.Next(octets.Count);
            var other = Corpus[random.Next(Corpus.Length)];
            var from = random.Next(other.Length);
            switch (random.Next(6))
            {
                case 0: octets[at] = (byte)random.Next(256); break;
                case 1: octets.RemoveRange(at, Math.Min(random.Next(1, 30), octets.Count - at - 1)); break;
                case 2: octets.InsertRange(at, other[from..Math.Min(other.Length, from + random.Next(1, 60))]); break;
                case 3: octets.InsertRange(at, octets.GetRange(0, random.Next(1, octets.Count))); break;
                case 4: octets.InsertRange(at, "\r\n"u8.ToArray()); break;
                default: Renumber(octets, random); break;
            }
        }

        return [.. octets];
    }

    /// <summary>A new branch, Call-ID or tag makes a new transaction or dialog of a message seen before.</summary>
    private static void Renumber(List<byte> octets, Random random)
    {
        var text = Encoding.Latin1.GetString([.. octets]);
        var number = random.Next(100).ToString(System.Globalization.CultureInfo.InvariantCulture);
        octets.Clear();
        octets.AddRange(Encoding.Latin1.GetBytes(text
            .Replace("branch=z9hG4bK", "branch=z9hG4bK" + number, StringComparison.Ordinal)
            .Replace("Call-ID: ", "Call-ID: " + number, StringComparison.Ordinal)));
    }

    private static IEnumerable<byte[]> Awkward()
    {
        string[] fillers = [",", ";", "\"", "\\", "<", ">", "=", "%", "[", "@", "?", "a=\"\",", ";a=\"", "<sip:a@b>,", "\r", "\r\n ", "\r\n\t,", " ", "\0", "\"\\", ";x;x=\"y\""];
        string[] rows = ["Via: SIP/2.0/UDP h", "From: ", "To: <sip:a@b>", "Contact: ", "Record-Route: ", "Require: ", "Accept: ", "X-Other: ", "CSeq: ", "Content-Type: "];
        const string Good =
            "Via: SIP/2.0/UDP h;branch=z9hG4bK{0}\r\nFrom: <sip:a@b>;tag={0}\r\nTo: <sip:a@b>\r\nCall-ID: {0}\r\nCSeq: 1 INVITE\r\nContact: <sip:a@b>\r\n";
        var count = 0;
        foreach (var filler in fillers)
        {
            foreach (var row in rows)
            {
                // As many of the longest rows as a datagram takes.
                var longest = row + string.Concat(Enumerable.Repeat(filler, (8_000 - row.Length) / filler.Length)) + "\r\n";
                var good = string.Format(System.Globalization.CultureInfo.InvariantCulture, Good, ++count);
                yield return Encoding.Latin1.GetBytes("INVITE sip:a@b SIP/2.0\r\n" + good + string.Concat(Enumerable.Repeat(longest, 7)) + "\r\n");
                if (row == rows[0]) yield return Encoding.Latin1.GetBytes("INVITE sip:a@b SIP/2.0\r\n" + string.Concat(Enumerable.Repeat(longest, 7)) + good + "\r\n");
            }
        }

        yield return Encoding.Latin1.GetBytes("INVITE sip:a@b SIP/2.0\r\n" + string.Concat(Enumerable.Repeat("a:\r\n", 16_000)));
        yield return Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat("\r\n", 32_000)));
        yield return Encoding.Latin1.GetBytes("INVITE sip:" + new string('%', 65_000));
        yield return Encoding.Latin1.GetBytes(new string(' ', 65_000));
    }
}
