using Switchhook.Calls;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Exchange.Tests.Journal;

namespace Switchhook.Exchange.Tests.Whole;

/// <summary>The phones inside the process.</summary>
public sealed class DemoPhoneTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("its own secret")]
    public async Task A_demo_phone_registers_with_the_secret_it_is_provisioned_with_or_one_made_for_it(string? secret)
    {
        await using var loopback = Loopback.Start(new Provisioning
        {
            Accounts = [new Account { Name = "demo" }],
            Extensions = [Loopback.Demo("811", ServiceBehaviour.Answer) with { Secret = secret }],
        });

        await loopback.DemoPhonesAsync();

        Assert.True(loopback.Exchange.Registrations.IsRegistered("811"));
    }

    [Fact]
    public async Task Of_a_demo_phone_that_was_registered_before_the_start_nothing_rings()
    {
        var before = new StoredBinding("811", "sip:811@127.0.0.1:9", "udp://127.0.0.1:9", "demo-811", 2, 1, TimeProvider.System.GetUtcNow().AddHours(1), null);

        await using var loopback = Loopback.StartAfter(
            [], new Provisioning { Accounts = [new Account { Name = "demo" }], Extensions = [Loopback.Demo("811", ServiceBehaviour.Answer)] },
            flight: new MemoryFlight { Left = [new LogWrite.BindingsKept("811", [before])] });
        await loopback.DemoPhonesAsync();

        Assert.DoesNotContain(loopback.Exchange.Registrations.Of("811"), b => b.Contact == before.Contact);
    }
}
