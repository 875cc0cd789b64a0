using Microsoft.Extensions.Logging.Abstractions;
using Switchhook.Calls;
using Switchhook.Server.Running;
using Switchhook.TestKit.Programs;

namespace Switchhook.Server.Tests.Running;

/// <summary>Where applications are told that a recording can be had.</summary>
public sealed class RecordingAddressesTests
{
    private static readonly CallId Call = new(123_456_789_012);

    [Fact]
    public void An_address_stays_good_over_a_restart_and_is_another_ones_elsewhere()
    {
        using TempFolder here = new(), elsewhere = new();

        var first = Told(here, "http://127.0.0.1:9509");
        var again = Told(here, "http://127.0.0.1:9509");
        var other = Told(elsewhere, "http://127.0.0.1:9509");

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
    }

    [Theory]
    [InlineData("http://0.0.0.0:9509", "192.0.2.7", "http://192.0.2.7:9509/recordings/")]
    [InlineData("http://[::]:9509", "pbx.test", "http://pbx.test:9509/recordings/")]
    [InlineData("http://192.0.2.1:9509", "pbx.test", "http://192.0.2.1:9509/recordings/")]
    public void Nobody_is_told_the_address_that_stands_for_all(string listened, string outside, string begin)
    {
        using var folder = new TempFolder();

        Assert.StartsWith(begin, Told(folder, listened, outside), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_dialect_it_is_the_native_apis()
    {
        var addresses = new RecordingAddresses(new byte[32], null) { Server = "http://127.0.0.1:8088/" };

        Assert.Equal($"http://127.0.0.1:8088/switchhook/v1/recordings/{Call}-1/audio?format=mp3", addresses.Of(Call, $"{Call}-1.mp3"));
    }

    private static string Told(TempFolder folder, string listened, string? outside = null) =>
        new RecordingAddresses(RecordingAddresses.KeyOf(folder.Path, NullLogger.Instance), outside) { Told = listened }.Of(Call, $"{Call}-1.mp3");
}
