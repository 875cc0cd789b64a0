using Switchhook.Calls.Directory;
using Switchhook.Storage.Tests.Log;
using Switchhook.TestKit.Servers;

namespace Switchhook.Storage.Tests.Documents;

/// <summary>What every implementation of <see cref="Calls.Ports.IProvisioningStore"/> does.</summary>
public abstract class ProvisioningStoreContract(ITestStorage storage) : IDisposable
{
    public void Dispose()
    {
        storage.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Nothing_saved_is_null_and_an_empty_document_is_a_document()
    {
        var before = storage.Provisioning.Load();

        storage.Provisioning.Save(new Provisioning());

        Assert.Null(before);
        Same.Assert(new Provisioning(), storage.Provisioning.Load());
    }

    [Fact]
    public void Any_document_comes_back_whole_and_replaces_the_one_before()
    {
        var arbitrary = new Arbitrary(seed: 6);

        for (var i = 0; i < 40; i++)
        {
            var document = arbitrary.Make<Provisioning>();
            storage.Provisioning.Save(document);
            Same.Assert(document, storage.Provisioning.Load());
        }
    }
}

public sealed class SqliteProvisioningStoreTests() : ProvisioningStoreContract(new SqliteTestStorage());

public sealed class PostgresProvisioningStoreTests(PostgresServer server) : ProvisioningStoreContract(new PostgresTestStorage(server));
