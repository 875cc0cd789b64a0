using System.Collections;
using Switchhook.Server.Configuration;
using Switchhook.Server.Json;

namespace Switchhook.Server.Tests.Configuration;

/// <summary>What is said about a setting that cannot be used.</summary>
public sealed class SettingMistakeTests
{
    [Theory]
    [InlineData("Security:Foo=1", "Security:")]
    [InlineData("Webhooks:x=1", "Webhooks:")]
    [InlineData("Webhooks:Timeout=1", "Webhooks:TimeoutSeconds")]
    [InlineData("Shutdwn:Grace=1", "Shutdown:GraceSeconds")]
    [InlineData("Sipp:Listen=1", "Sip:Listen")]
    public void An_unknown_key_names_a_known_one_that_is_close_or_else_one_of_its_section(string setting, string nearest)
    {
        var mistake = Assert.Single(MistakesOf(setting));

        Assert.Contains($"is an unknown key; the nearest known one is {nearest}", mistake, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Sip:Advertise=a b", "must be an IP address or a host name, not 'a b'")]
    [InlineData("Sip:Advertise=x;lr>", "must be an IP address or a host name, not 'x;lr>'")]
    [InlineData("Sip:Domain=a b", "must be an IP address or a host name, not 'a b'")]
    [InlineData("Rtp:Advertise=pbx.example", "must be an IP address, not 'pbx.example'")]
    [InlineData("Sip:Tls:Key=/nowhere", "Sip:Tls:Certificate and Sip:Tls:Key go together")]
    [InlineData("Storage:Provider=postgresql", "is needed with Storage:Provider postgresql, as Host=...;Username=...;Password=...;Database=...")]
    public void A_value_that_could_not_work_is_a_mistake(string setting, string message)
    {
        var mistake = Assert.Single(MistakesOf(setting));

        Assert.EndsWith(message, mistake, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Sip:Advertise=pbx.example")]
    [InlineData("Sip:Advertise=2001:db8::1")]
    [InlineData("Sip:Advertise=")]
    [InlineData("Sip:Domain=192.0.2.1")]
    [InlineData("Rtp:Advertise=192.0.2.1")]
    [InlineData("Rtp:Advertise=")]
    public void One_that_works_is_none(string setting) => Assert.Empty(MistakesOf(setting));

    private static List<string> MistakesOf(string setting)
    {
        var mistakes = new List<Mistake>();
        _ = SettingsReader.Read(new SettingsRequest(null, Path.GetTempPath(), [setting], new Hashtable()), mistakes);
        return [.. mistakes.Select(static m => m.ToString())];
    }
}
