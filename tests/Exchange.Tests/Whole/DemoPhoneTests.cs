using Switchhook.Calls;
using Switchhook.Calls.Directory;

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
}
