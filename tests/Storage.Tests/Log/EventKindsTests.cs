using System.Runtime.CompilerServices;
using Switchhook.Calls.Events;
using Switchhook.Storage.Log;

namespace Switchhook.Storage.Tests.Log;

public sealed class EventKindsTests
{
    [Fact]
    public void Every_kind_of_event_has_a_bit_of_its_own()
    {
        var names = typeof(CallEvent).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(CallEvent)))
            .Select(kind => ((CallEvent)RuntimeHelpers.GetUninitializedObject(kind)).Name).ToList();

        var bits = names.ConvertAll(EventKinds.Of);

        Assert.DoesNotContain(EventKinds.Other, bits);
        Assert.Equal(bits.Count, bits.Distinct().Count());
    }

    [Theory]
    [InlineData("call.started", 0)]
    [InlineData("call.ended", 12)]
    [InlineData("hangup.confirmed", 13)]
    [InlineData("conference.left", 20)]
    [InlineData("something.new", 62)]
    public void Bits_that_are_stored_stay_what_they_are(string name, int bit) => Assert.Equal(1L << bit, EventKinds.Of(name));
}
