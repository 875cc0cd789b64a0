using System.Text.Json;
using Switchhook.Server.Cli;

namespace Switchhook.Server.Tests.Cli;

public sealed class CallFilterTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 8, 2, 0, TimeSpan.Zero);

    private static readonly JsonElement Call = JsonDocument.Parse("""
        {
          "id": "0Nt3uhQ7", "state": "talking", "origin": { "kind": "api", "dialect": "native", "account": "demo" },
          "caller": { "number": "100", "name": null }, "dialed": "811", "startedAt": "2026-01-31T08:00:00.000000Z",
          "cause": 17, "causeName": "USER_BUSY", "by": null, "tag": "two words",
          "legs": [
            { "party": { "number": "811" }, "extension": "811", "trunk": null },
            { "party": { "number": "+3615550100" }, "extension": null, "trunk": "carrier" }
          ]
        }
        """).RootElement;

    [Theory]
    [InlineData("state=talking", true)]
    [InlineData("state=TALKING", true)]
    [InlineData("state!=talking", false)]
    [InlineData("state = ringing", false)]
    [InlineData("from=100, dialed=811", true)]
    [InlineData("from=100 and dialed=812", false)]
    [InlineData("number=+3615550100", true)]
    [InlineData("number~3615", true)]
    [InlineData("extension=811 AND trunk=carrier", true)]
    [InlineData("cause=17", true)]
    [InlineData("cause=user_busy", true)]
    [InlineData("cause!=17", false)]
    [InlineData("by=api", false)]
    [InlineData("by!=api", true)]
    [InlineData("tag=\"two words\"", true)]
    [InlineData("dialect=native,account=demo", true)]
    [InlineData("age>60s", true)]
    [InlineData("age>=2m", true)]
    [InlineData("age>2m", false)]
    [InlineData("age<1h", true)]
    [InlineData("age=120", true)]
    public void Conditions_pick_calls(string expression, bool fits)
    {
        var filter = CallFilter.Read(expression, out var mistake);

        Assert.Null(mistake);
        Assert.Equal(fits, filter!.Fits(Call, Now));
    }

    [Theory]
    [InlineData("", "a condition such as state=talking is expected")]
    [InlineData("state", "a condition such as state=talking is expected")]
    [InlineData("state=", "a value is expected after state=")]
    [InlineData("state=\"open", "a value is expected after state=")]
    [InlineData("stats=x", "the nearest known one is state")]
    [InlineData("state<x", "state can be compared with =, != and ~ only")]
    [InlineData("age>soon", "'soon' is not an age")]
    [InlineData("age~1", "age cannot be compared with ~")]
    [InlineData("state=a or state=b", "a comma or 'and' is expected before 'or state=b'")]
    [InlineData("state=a,", "a condition such as state=talking is expected")]
    public void A_mistake_is_named(string expression, string expected)
    {
        var filter = CallFilter.Read(expression, out var mistake);

        Assert.Null(filter);
        Assert.Contains(expected, mistake, StringComparison.Ordinal);
    }
}
