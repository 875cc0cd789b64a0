using System.Collections.Concurrent;
using Switchhook.Calls.Ports;
using static Switchhook.Webhooks.Tests.Lab;

namespace Switchhook.Webhooks.Tests;

/// <summary>Who hears of notifications that reached nobody.</summary>
public sealed class NotifierFailureTests
{
    [Fact]
    public async Task What_is_given_up_is_told_to_whoever_listens_for_its_dialect_and_a_bug_of_one_keeps_nothing_back()
    {
        var own = new Mourner();
        var foreign = new Mourner { Dialect = "hoiio" };
        await using var lab = new Lab(call => new HttpReply(call.Url.EndsWith("good", StringComparison.Ordinal) ? 200 : 404, default, HttpFailure.None, null)) { Failures = [own, foreign] };

        lab.Notify(Note(1, 1), Note(1, 2, new DeliveryPolicy.Fallback("http://example.com/bad", null)), Note(1, 3, new DeliveryPolicy.Fallback("http://example.com/good", null)), Note(1, 4));
        await UntilAsync(() => own.Heard.Count == 3, "three were given up");

        Assert.Equal(["1.1", "1.2", "1.4"], own.Heard);
        Assert.Empty(foreign.Heard);
    }

    /// <summary>Has a bug when it hears of the first.</summary>
    private sealed class Mourner : INotificationFailures
    {
        public ConcurrentQueue<string> Heard { get; } = [];

        public string Dialect { get; init; } = "ozeki";

        public void GivenUp(Notification told)
        {
            Heard.Enqueue(told.Id);
            if (Heard.Count == 1)
                throw new InvalidOperationException("bug");
        }
    }
}
