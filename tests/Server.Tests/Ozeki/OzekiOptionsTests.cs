using System.Collections;
using Switchhook.Server.Configuration;
using Switchhook.Server.Running;
using Switchhook.TestKit.Programs;

namespace Switchhook.Server.Tests.Ozeki;

/// <summary>What the server's settings and its machine mean to the dialect.</summary>
public sealed class OzekiOptionsTests
{
    [Fact]
    public void Times_are_in_the_zone_of_the_machine()
    {
        using var folder = new TempFolder();
        var settings = SettingsReader.Read(new SettingsRequest(null, folder.Path, [], new Hashtable()), [])!;

        var options = OzekiPart.OptionsOf(settings, new RecordingAddresses(new byte[32], null), new Elsewhere());

        Assert.Equal("Tokyo", options.TimeZone.Id);
    }

    private sealed class Elsewhere : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone { get; } = TimeZoneInfo.CreateCustomTimeZone("Tokyo", TimeSpan.FromHours(9), null, null);
    }
}
