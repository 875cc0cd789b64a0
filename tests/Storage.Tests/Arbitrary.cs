using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json.Serialization;
using Switchhook.Calls;

namespace Switchhook.Storage.Tests;

/// <summary>
/// Makes random values of any record by its constructor and its settable properties, so that a member added to a record is in the tests
/// without anybody adding it. Of a closed family it makes any member.
/// </summary>
internal sealed class Arbitrary(int seed)
{
    private static readonly string[] Texts = ["", "101", "+6561234567", "Zoë 電話 📞", "a\"b\\c\n\t", "nul\0inside", "'; DROP TABLE calls; --", "  "];

    private readonly Random _random = new(seed);
    private readonly NullabilityInfoContext _nullability = new();

    public T Make<T>() => (T)Make(typeof(T))!;

    /// <summary>An ended call with the given id: its legs are numbered, and each has a record.</summary>
    public Call EndedCall(CallId id)
    {
        var call = Make<Call>();
        var legs = Enumerable.Range(1, _random.Next(4)).Select(number => EndedLeg(new LegId(id, number)));
        return call with { Id = id, State = Make<CallState.Ended>(), Legs = [.. legs], Accounts = [.. call.Accounts.Distinct()] };
    }

    private Leg EndedLeg(LegId id)
    {
        var leg = Make<Leg>();
        var ended = Make<LegState.Ended>();
        return leg with { Id = id, State = ended with { Record = ended.Record with { Leg = id } } };
    }

    private object? Make(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return _random.Next(3) == 0 ? null : Make(inner);
        if (type == typeof(string))
            return Texts[_random.Next(Texts.Length)] + _random.Next(1000);
        if (type == typeof(int))
            return _random.Next();
        if (type == typeof(uint))
            return (uint)_random.NextInt64(uint.MaxValue + 1L);
        if (type == typeof(long))
            return _random.NextInt64();
        if (type == typeof(char))
            return "0123456789*#ABCD"[_random.Next(16)];
        if (type == typeof(bool))
            return _random.Next(2) == 0;
        if (type == typeof(double))
            return _random.Next(10) == 0 ? double.NaN : _random.NextDouble() * 1000;
        if (type == typeof(TimeSpan))
            return new TimeSpan(_random.NextInt64(TimeSpan.TicksPerDay * 400));
        if (type == typeof(DateTimeOffset))
            return CallId.Epoch.AddTicks(_random.NextInt64(TimeSpan.TicksPerDay * 400) / 10 * 10);
        if (type == typeof(CallId))
            return new CallId(_random.NextInt64(CallId.MaxValue));
        if (type.IsEnum)
            return Enum.GetValues(type).GetValue(_random.Next(Enum.GetValues(type).Length));
        if (type == typeof(IReadOnlyList<string>))
            return Some(typeof(string)).Cast<string>().ToList();
        if (type == typeof(ImmutableDictionary<string, string>))
            return Some(typeof(string)).Cast<string>().Distinct().ToImmutableDictionary(static name => name, static name => name + "'s");
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
            return MakeArray(type.GenericTypeArguments[0]);
        return type.IsAbstract ? Make(AnyMember(type)) : MakeRecord(type);
    }

    private Type AnyMember(Type family)
    {
        var members = family.GetNestedTypes().Where(family.IsAssignableFrom).ToArray();
        return members[_random.Next(members.Length)];
    }

    private object MakeRecord(Type type)
    {
        var constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
        var made = constructor.Invoke([.. constructor.GetParameters().Select(p =>
            MayBeNull(_nullability.Create(p)) ? null : Make(p.ParameterType))]);
        foreach (var property in type.GetProperties().Where(p => p.SetMethod is not null && p.GetIndexParameters().Length == 0 && !p.IsDefined(typeof(JsonIgnoreAttribute))))
        {
            if (constructor.GetParameters().All(p => p.Name != property.Name))
                property.SetValue(made, MayBeNull(_nullability.Create(property)) ? null : Make(property.PropertyType));
        }
        return made;
    }

    private bool MayBeNull(NullabilityInfo nullability) => nullability.ReadState == NullabilityState.Nullable && _random.Next(3) == 0;

    private List<object?> Some(Type type) => [.. Enumerable.Range(0, _random.Next(4)).Select(_ => Make(type))];

    private object MakeArray(Type type)
    {
        var items = Some(type);
        var array = Array.CreateInstance(type, items.Count);
        for (var i = 0; i < items.Count; i++)
            array.SetValue(items[i], i);
        var create = typeof(ImmutableArray).GetMethods().Single(m =>
            m.Name == nameof(ImmutableArray.Create) && m.GetParameters() is [{ ParameterType: { IsArray: true } parameter }]
            && parameter.GetElementType()!.IsGenericMethodParameter);
        return create.MakeGenericMethod(type).Invoke(null, [array])!;
    }
}
