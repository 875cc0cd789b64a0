using System.Runtime.CompilerServices;
using System.Text;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Events;
using Switchhook.Server.Json;
using Switchhook.Server.ProvisioningFiles;

namespace Switchhook.Server.Tests.Configuration;

public sealed class WebhookProvisioningTests
{
    [Fact]
    public void A_subscription_names_its_events_or_gets_all()
    {
        var (provisioning, mistakes) = Read("""
            "webhooks": [{ "url": "http://a.example/", "events": ["call.ended", "leg.ended"] }, { "url": "http://b.example/", "secret": "whsec_b3du" }]
            """);

        Assert.Empty(mistakes);
        var webhooks = Assert.Single(provisioning!.Accounts).Webhooks;
        Assert.Equal(["call.ended", "leg.ended"], webhooks[0].Events);
        Assert.True(webhooks[0].Wants("leg.ended"));
        Assert.False(webhooks[0].Wants("call.started"));
        Assert.Equal(("*", "whsec_b3du"), (Assert.Single(webhooks[1].Events), webhooks[1].Secret));
        Assert.True(webhooks[1].Wants("call.started"));
    }

    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        var (provisioning, _) = Read("""
            "webhookSecret": "whsec_b3du", "webhookSecretPrevious": "whsec_b2xk",
            "webhooks": [{ "url": "http://a.example/", "events": ["call.ended"] }, { "url": "http://b.example/", "secret": "whsec_b3du" }]
            """);

        var first = ProvisioningWriter.Write(provisioning!);
        var mistakes = new List<Mistake>();
        var again = ProvisioningReader.Read(first, "again.json", mistakes, static _ => null);

        Assert.Empty(mistakes);
        Assert.Equal(Encoding.UTF8.GetString(first), Encoding.UTF8.GetString(ProvisioningWriter.Write(again!.Value)));
        Assert.Contains("\"webhookSecretPrevious\": \"whsec_b2xk\"", Encoding.UTF8.GetString(first), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{ "events": ["*"] }]""", "accounts[0].webhooks[0].url", "is needed")]
    [InlineData("""[{ "url": "/hook" }]""", "accounts[0].webhooks[0].url", "absolute http or https")]
    [InlineData("""[{ "url": "http://a.example/", "events": ["call.endd"] }]""", "accounts[0].webhooks[0].events[0]", "call.ended")]
    [InlineData("""[{ "url": "http://a.example/", "events": [] }]""", "accounts[0].webhooks[0].events", "at least one")]
    [InlineData("""[{ "url": "http://a.example/", "secret": "hush" }]""", "accounts[0].webhooks[0].secret", "whsec_")]
    [InlineData("""[{ "url": "http://a.example/", "event": ["*"] }]""", "accounts[0].webhooks[0].event", "events")]
    [InlineData("""[{ "url": "http://a.example/" }, { "url": "http://a.example/" }]""", "accounts[0].webhooks", "more than once")]
    [InlineData("""["http://a.example/"]""", "accounts[0].webhooks[0]", "object")]
    public void A_mistake_names_its_place(string webhooks, string key, string part)
    {
        var (_, mistakes) = Read($"\"webhooks\": {webhooks}");

        var mistake = mistakes[0];
        Assert.Equal(("test.json", 3, key), (mistake.Source, mistake.Line, mistake.Key));
        Assert.Contains(part, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_previous_secret_needs_a_present_one()
    {
        var (_, mistakes) = Read("\"webhookSecretPrevious\": \"whsec_b2xk\"");

        Assert.Equal("accounts[0].webhookSecretPrevious", Assert.Single(mistakes).Key);
    }

    [Fact]
    public void The_events_that_can_be_named_are_those_that_there_are()
    {
        var names = typeof(CallEvent).Assembly.GetTypes()
            .Where(t => t.IsSubclassOf(typeof(CallEvent)) && !t.IsAbstract)
            .Select(t => ((CallEvent)RuntimeHelpers.GetUninitializedObject(t)).Name);

        Assert.Equal(names.Order(StringComparer.Ordinal), Formats.EventNames.Order(StringComparer.Ordinal));
    }

    private static (Provisioning? Value, List<Mistake> Mistakes) Read(string members)
    {
        var mistakes = new List<Mistake>();
        var text = "{ \"accounts\": [{\n\"name\": \"demo\",\n" + members + "\n}] }";
        return (ProvisioningReader.Read(Encoding.UTF8.GetBytes(text), "test.json", mistakes, static _ => null)?.Value, mistakes);
    }
}
