using Switchhook.Server.Json;

namespace Switchhook.Server.Tests.Configuration;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("abc", "abc", 0)]
    [InlineData("abc", "acb", 1)]
    [InlineData("abc", "ab", 1)]
    [InlineData("kitten", "sitting", 3)]
    public void The_distance_counts_single_steps(string a, string b, int distance)
    {
        Assert.Equal(distance, NearestName.Distance(a, b));
        Assert.Equal(distance, NearestName.Distance(b, a));
    }

    [Fact]
    public void The_nearest_name_is_found_in_any_case()
    {
        var nearest = NearestName.Of("HTTP:LISTN", ["Sip:Listen", "Http:Listen", "Rtp:Ports"]);

        Assert.Equal("Http:Listen", nearest);
    }
}
