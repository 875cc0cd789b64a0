using Switchhook.TestKit.Programs;
using Switchhook.TestKit.Servers;

namespace Switchhook.Server.Tests.Dialects;

/// <summary>The lab of the dialects, whose phone is a baresip that takes every call.</summary>
public sealed class ForeignLab : IAsyncLifetime
{
    public DialectsLab Lab { get; } = new();

    public BaresipRun Phone { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Lab.InitializeAsync();
        Phone = await BaresipRun.StartAsync(new BaresipSettings
        {
            User = DialectsLab.Phone,
            Secret = ProvisioningBuilder.SecretOf(DialectsLab.Phone),
            Server = Lab.Server.SipUdp,
            AnswersByItself = true,
        });
        await Phone.RegisteredAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Phone.DisposeAsync();
        await Lab.DisposeAsync();
    }
}
