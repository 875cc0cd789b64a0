using Switchhook.Calls;
using Switchhook.Calls.Hangup;
using Switchhook.Calls.Ports;
using Switchhook.Storage.History;
using Switchhook.Storage.Log;

namespace Switchhook.Storage.Tests.History;

public sealed class CallRoundTripTests
{
    [Fact]
    public async Task Any_ended_call_comes_back_whole()
    {
        using var database = new TemporaryDatabase();
        using var storage = database.Open();
        var arbitrary = new Arbitrary(seed: 1);
        var calls = Enumerable.Range(1, 300).Select(n => arbitrary.EndedCall(new CallId(n))).ToList();

        storage.Append([.. calls.Select(call => Samples.Ended(call))]);

        foreach (var call in calls)
            Same.Assert(call, await storage.History.FindAsync(call.Id, default));
    }

    [Fact]
    public void Every_member_of_every_closed_family_has_a_word_of_its_own()
    {
        var families = typeof(Call).Assembly.GetTypes()
            .Where(type => type is { IsAbstract: true, IsSealed: false, IsPublic: true } && IsReachable(type));

        var missing = families.SelectMany(family => family.GetNestedTypes().Where(family.IsAssignableFrom).Select(member => (family, member)))
            .Except(ClosedFamilies.Members);

        Assert.Empty(missing);
        Assert.Equal(ClosedFamilies.Members.Count(), ClosedFamilies.Members.Select(member => member.Member).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Members))]
    public void A_member_of_a_closed_family_comes_back_as_itself(Type family, Type member)
    {
        var arbitrary = new Arbitrary(seed: 2);
        var make = typeof(Arbitrary).GetMethod(nameof(Arbitrary.Make))!.MakeGenericMethod(member);
        var value = make.Invoke(arbitrary, null)!;
        var call = With(arbitrary.EndedCall(new CallId(1)), value);

        var read = Written(call);

        Assert.True(member.IsSubclassOf(family));
        Same.Assert(call, read);
    }

    [Fact]
    public void A_call_is_written_as_the_serializer_would_write_it()
    {
        var arbitrary = new Arbitrary(seed: 7);
        using var buffer = new LogBuffer();

        foreach (var number in Enumerable.Range(1, 1000))
        {
            var call = number % 2 == 0 ? arbitrary.Make<Call>() : arbitrary.EndedCall(new CallId(number));
            Assert.Equal(CallJson.WriteBySerializer(call), System.Text.Encoding.UTF8.GetString(buffer.Write(call, CallJson.Write)));
        }
    }

    public static TheoryData<Type, Type> Members() =>
        [.. ClosedFamilies.Members.Where(m => m.Family != typeof(DeliveryPolicy)).Select(m => new TheoryDataRow<Type, Type>(m.Family, m.Member))];

    private static bool IsReachable(Type family) => ClosedFamilies.Members.Any(member => member.Family == family);

    private static Call Written(Call call)
    {
        using var buffer = new LogBuffer();
        return CallJson.Read(buffer.Write(call, CallJson.Write));
    }

    // A place for the value somewhere in a call.
    private static Call With(Call call, object value) => value switch
    {
        CallState state => call with { State = state },
        CallPlan plan => call with { Plan = plan },
        HangupBy by => call with { State = new CallState.Ended(by, Calls.Causes.HangupCause.UserBusy) },
        Calls.Commands.OnAnswer then => call with
        {
            Plan = new CallPlan.Originated(new LegTarget.Extension("1"), then, null, TimeSpan.FromSeconds(1)),
        },
        LegTarget target => call with { Plan = new CallPlan.Connect(target, TimeSpan.FromSeconds(1)) },
        LegState state => call with { Legs = [new Arbitrary(3).Make<Leg>() with { State = state }] },
        _ => throw new ArgumentException($"No place for {value.GetType()}"),
    };
}
