using Switchhook.Calls.Directory;

namespace Switchhook.Storage.Tests.Documents;

public sealed class ProvisioningStoreTests
{
    [Fact]
    public void Nothing_saved_is_null_and_an_empty_document_is_a_document()
    {
        using var database = new TemporaryDatabase();
        using var storage = database.Open();
        var before = storage.Provisioning.Load();

        storage.Provisioning.Save(new Provisioning());

        Assert.Null(before);
        Same.Assert(new Provisioning(), storage.Provisioning.Load());
    }

    [Fact]
    public void Any_document_comes_back_whole_and_replaces_the_one_before()
    {
        using var database = new TemporaryDatabase();
        using var storage = database.Open();
        var arbitrary = new Arbitrary(seed: 6);

        for (var i = 0; i < 40; i++)
        {
            var document = arbitrary.Make<Provisioning>();
            storage.Provisioning.Save(document);
            Same.Assert(document, storage.Provisioning.Load());
        }
    }
}
