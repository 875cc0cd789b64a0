using System.Reflection;
using System.Text.Json.Serialization;
using Switchhook.Calls;
using Switchhook.Storage.History;
using Switchhook.Storage.Log;

namespace Switchhook.Storage.Tests.History;

public sealed class CallDeltaTests
{
    private readonly Arbitrary _arbitrary = new(seed: 21);

    public static TheoryData<string> MembersOfACall() => Stored(typeof(Call));

    public static TheoryData<string> MembersOfALeg() => Stored(typeof(Leg));

    [Theory]
    [MemberData(nameof(MembersOfACall))]
    public void No_change_of_a_call_is_lost_whichever_member_it_is(string member)
    {
        for (var n = 0; n < 20; n++)
        {
            var (before, after) = (_arbitrary.Make<Call>(), _arbitrary.Make<Call>());
            Assert_told(before, With(before, member, after));
        }
    }

    [Theory]
    [MemberData(nameof(MembersOfALeg))]
    public void No_change_of_a_leg_is_lost_whichever_member_it_is(string member)
    {
        for (var n = 0; n < 20; n++)
        {
            var (before, after) = (_arbitrary.Make<Leg>(), _arbitrary.Make<Leg>());
            var call = _arbitrary.Make<Call>() with { Legs = [_arbitrary.Make<Leg>(), before] };
            Assert_told(call, call with { Legs = [call.Legs[0], With(before, member, after)] });
        }
    }

    [Fact]
    public void An_earlier_state_is_told_from_a_later_one_though_times_and_legs_are_not_there_yet()
    {
        var end = Samples.Call(1, legs: 2) with { RingingAt = Samples.Start, AnsweredAt = Samples.Start, EndedAt = Samples.Start };
        end = end with { Legs = [end.Legs[0] with { RingingAt = Samples.Start, AnsweredAt = Samples.Start }, end.Legs[1]] };
        var begin = end with
        {
            State = new CallState.Trying(),
            RingingAt = null,
            AnsweredAt = null,
            EndedAt = null,
            Legs = [end.Legs[0] with { State = new LegState.Trying(), RingingAt = null, AnsweredAt = null }],
        };

        var told = CallChange.Between(end, begin, since: 0);

        Assert.NotNull(told);
        Same.Assert(begin, Read(told.Value).Apply(end));
    }

    private static void Assert_told(Call before, Call after)
    {
        // Null says that the call is stored whole.
        if (CallChange.Between(before, after, since: 1) is { } change)
            Same.Assert(after, Read(change).Apply(before));
    }

    private static CallDelta Read(CallChange change)
    {
        using var buffer = new LogBuffer();
        return CallJson.ReadDelta(buffer.Write(change, CallJson.Write));
    }

    private static T With<T>(T before, string member, T from)
        where T : class
    {
        var copy = (T)typeof(T).GetMethod("<Clone>$")!.Invoke(before, null)!;
        var property = typeof(T).GetProperty(member)!;
        property.SetValue(copy, property.GetValue(from));
        return copy;
    }

    private static TheoryData<string> Stored(Type type) =>
    [
        .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.SetMethod is not null && !p.IsDefined(typeof(JsonIgnoreAttribute)))
            .Select(p => p.Name),
    ];
}
