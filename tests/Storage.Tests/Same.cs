using System.Collections;
using System.Text.Json.Serialization;

namespace Switchhook.Storage.Tests;

/// <summary>
/// Compares whole object graphs, types included. Records with lists compare them by reference, so their own equality is no use. What is not
/// meant to be stored is left out.
/// </summary>
internal static class Same
{
    public static void Assert(object? expected, object? actual) => Assert(expected, actual, "value");

    private static void Assert(object? expected, object? actual, string path)
    {
        if (expected is null || actual is null || expected is string || expected.GetType() is { IsPrimitive: true } or { IsEnum: true })
        {
            Xunit.Assert.True(Equals(expected, actual), $"{path}: expected {expected ?? "null"}, was {actual ?? "null"}");
            return;
        }
        if (expected is IEnumerable list)
        {
            object?[] expectedItems = [.. list.Cast<object?>()], actualItems = [.. ((IEnumerable)actual).Cast<object?>()];
            Xunit.Assert.True(expectedItems.Length == actualItems.Length, $"{path}: expected {expectedItems.Length} items, was {actualItems.Length}");
            for (var i = 0; i < expectedItems.Length; i++)
                Assert(expectedItems[i], actualItems[i], $"{path}[{i}]");
            return;
        }
        Xunit.Assert.True(expected.GetType() == actual.GetType(), $"{path}: expected {expected.GetType()}, was {actual.GetType()}");
        if (expected.GetType().Namespace?.StartsWith("System", StringComparison.Ordinal) == true)
        {
            Xunit.Assert.True(expected.Equals(actual), $"{path}: expected {expected}, was {actual}");
            return;
        }
        foreach (var property in expected.GetType().GetProperties().Where(p => p.GetIndexParameters().Length == 0 && !p.IsDefined(typeof(JsonIgnoreAttribute), inherit: true)))
            Assert(property.GetValue(expected), property.GetValue(actual), $"{path}.{property.Name}");
    }
}
