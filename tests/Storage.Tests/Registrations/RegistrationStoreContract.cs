using Switchhook.Calls.Ports;
using Switchhook.Storage.Tests.Log;
using Switchhook.TestKit.Servers;

namespace Switchhook.Storage.Tests.Registrations;

/// <summary>What every implementation of <see cref="IRegistrationStore"/> does.</summary>
public abstract class RegistrationStoreContract(ITestStorage storage) : IDisposable
{
    private static readonly DateTimeOffset Now = Samples.Start;

    public void Dispose()
    {
        storage.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Bindings_come_back_in_order_after_reopening()
    {
        var arbitrary = new Arbitrary(seed: 4);
        var any = Enumerable.Range(1, 20).Select(_ => arbitrary.Make<StoredBinding>());
        var bindings = any.Select(binding => binding with { Extension = "101", Quality = 0.5, ExpiresAt = Now.AddSeconds(60) }).ToList();
        Save("101", bindings);

        storage.Restart();
        var loaded = storage.Registrations.Load(Now);

        Assert.Equal(bindings.Select(Kept), loaded);
    }

    [Fact]
    public void Saving_replaces_one_extension_and_no_other()
    {
        Save("101", [Binding("101", "sip:old@1.2.3.4", 60), Binding("101", "sip:older@1.2.3.4", 60)]);
        Save("102", [Binding("102", "sip:bob@1.2.3.4", 60)]);

        Save("101", [Binding("101", "sip:new@1.2.3.4", 60)]);
        var replaced = storage.Registrations.Load(Now);
        Save("101", []);
        var removed = storage.Registrations.Load(Now);

        Assert.Equal(["sip:new@1.2.3.4", "sip:bob@1.2.3.4"], replaced.Select(binding => binding.Contact));
        Assert.Equal(["sip:bob@1.2.3.4"], removed.Select(binding => binding.Contact));
    }

    [Fact]
    public void Expired_bindings_are_not_loaded()
    {
        Save("101", [Binding("101", "sip:past@1", -1), Binding("101", "sip:now@1", 0), Binding("101", "sip:future@1", 1)]);

        Assert.Equal(["sip:future@1"], storage.Registrations.Load(Now).Select(binding => binding.Contact));
    }

    [Fact]
    public void Of_several_changes_in_one_write_the_last_one_counts()
    {
        storage.Log.Append(
        [
            new LogWrite.BindingsKept("101", [Binding("101", "sip:old@1.2.3.4", 60)]),
            new LogWrite.BindingsKept("102", [Binding("102", "sip:bob@1.2.3.4", 60)]),
            new LogWrite.BindingsKept("101", [Binding("101", "sip:new@1.2.3.4", 60), Binding("101", "sip:newer@1.2.3.4", 60)]),
            new LogWrite.BindingsKept("102", []),
        ]);

        Assert.Equal(["sip:new@1.2.3.4", "sip:newer@1.2.3.4"], storage.Registrations.Load(Now).Select(binding => binding.Contact));
    }

    private void Save(string extension, IReadOnlyList<StoredBinding> bindings) => storage.Log.Append([new LogWrite.BindingsKept(extension, bindings)]);

    private StoredBinding Kept(StoredBinding binding) => binding with
    {
        Contact = storage.Kept(binding.Contact),
        Source = storage.Kept(binding.Source),
        SipCallId = storage.Kept(binding.SipCallId),
        UserAgent = binding.UserAgent is null ? null : storage.Kept(binding.UserAgent),
        Path = binding.Path is null ? null : storage.Kept(binding.Path),
    };

    private static StoredBinding Binding(string extension, string contact, int seconds) =>
        new(extension, contact, "udp://1.2.3.4:5060", "id@host", uint.MaxValue, 1, Now.AddSeconds(seconds), null);
}

public sealed class SqliteRegistrationStoreTests() : RegistrationStoreContract(new SqliteTestStorage());

public sealed class PostgresRegistrationStoreTests(PostgresServer server) : RegistrationStoreContract(new PostgresTestStorage(server));
