using Switchhook.Calls.Ports;
using Switchhook.Dialects.OpenVox.Reports;

namespace Switchhook.Dialects.Tests.OpenVox;

/// <summary>Phones that come and go.</summary>
public class OpenVoxPhoneReportTests
{
    [Fact]
    public void A_phone_that_comes_moves_and_goes_is_reported_and_one_that_stays_is_not()
    {
        var world = new OpenVoxWorld();
        world.Sessions.Open("crm", "203.0.113.77", "http://app.test/");
        var system = new OpenVoxSystemReports(world.Directory, world.Sessions, world.Options);
        system.Begin([Binding("2001", "udp://10.0.0.1:5060")]);
        List<Notification> told = [];

        system.Collect("2001", [Binding("2001", "udp://10.0.0.1:5060")], told);
        system.Collect("2001", [Binding("2001", "udp://10.0.0.2:5060")], told);
        system.Collect("2001", [], told);
        system.Collect("3001", [Binding("3001", "udp://10.0.0.3:5060")], told);

        Assert.Equal(
            [
                """{"action":"ExtensionStatus","extension":"2001","status":"Registered","sn":"uc50b7d40213"}""",
                """{"action":"ExtensionStatus","extension":"2001","status":"Unregistered","sn":"uc50b7d40213"}""",
            ],
            told.Select(n => System.Text.Encoding.UTF8.GetString(n.Request.Body.Span)));
        Assert.Equal(2, told.Select(n => n.Id).Distinct().Count());
    }

    private static StoredBinding Binding(string extension, string source) => new(extension, "sip:x", source, "id", 1, 1, OpenVoxWorld.Start.AddHours(1), null);
}
