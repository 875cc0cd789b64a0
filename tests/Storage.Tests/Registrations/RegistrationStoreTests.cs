using Switchhook.Calls.Ports;

namespace Switchhook.Storage.Tests.Registrations;

public sealed class RegistrationStoreTests
{
    private static readonly DateTimeOffset Now = Samples.Start;

    [Fact]
    public void Bindings_come_back_in_order_after_reopening()
    {
        using var database = new TemporaryDatabase();
        var arbitrary = new Arbitrary(seed: 4);
        var any = Enumerable.Range(1, 20).Select(_ => arbitrary.Make<StoredBinding>());
        var bindings = any.Select(binding => binding with { Extension = "101", Quality = 0.5, ExpiresAt = Now.AddSeconds(60) }).ToList();
        using (var storage = database.Open())
            storage.Registrations.Save("101", bindings);

        using var reopened = database.Open();
        var loaded = reopened.Registrations.Load(Now);

        Assert.Equal(bindings, loaded);
    }

    [Fact]
    public void Saving_replaces_one_extension_and_no_other()
    {
        using var database = new TemporaryDatabase();
        using var storage = database.Open();
        storage.Registrations.Save("101", [Binding("101", "sip:old@1.2.3.4", 60), Binding("101", "sip:older@1.2.3.4", 60)]);
        storage.Registrations.Save("102", [Binding("102", "sip:bob@1.2.3.4", 60)]);

        storage.Registrations.Save("101", [Binding("101", "sip:new@1.2.3.4", 60)]);
        var replaced = storage.Registrations.Load(Now);
        storage.Registrations.Save("101", []);
        var removed = storage.Registrations.Load(Now);

        Assert.Equal(["sip:new@1.2.3.4", "sip:bob@1.2.3.4"], replaced.Select(binding => binding.Contact));
        Assert.Equal(["sip:bob@1.2.3.4"], removed.Select(binding => binding.Contact));
    }

    [Fact]
    public void Expired_bindings_are_not_loaded()
    {
        using var database = new TemporaryDatabase();
        using var storage = database.Open();

        storage.Registrations.Save("101", [Binding("101", "sip:past@1", -1), Binding("101", "sip:now@1", 0), Binding("101", "sip:future@1", 1)]);

        Assert.Equal(["sip:future@1"], storage.Registrations.Load(Now).Select(binding => binding.Contact));
    }

    private static StoredBinding Binding(string extension, string contact, int seconds) =>
        new(extension, contact, "udp://1.2.3.4:5060", "id@host", uint.MaxValue, 1, Now.AddSeconds(seconds), null);
}
