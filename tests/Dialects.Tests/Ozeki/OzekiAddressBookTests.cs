namespace Switchhook.Dialects.Tests.Ozeki;

/// <summary>ListAddressbookNames, ListAddressbookContacts, ListExtensionTypes.</summary>
public class OzekiAddressBookTests
{
    [Fact]
    public async Task The_accounts_address_books_are_listed_by_name()
    {
        var answer = await new OzekiWorld().ListAsync("command=ListAddressbookNames");

        Assert.Equal(["Customers", "Empty"], answer.Element("AddressbookNames")!.Elements("Name").Select(e => e.Value));
    }

    [Theory]
    [InlineData("", "Ágnes Kiss;Bob;Carl", "3")]
    [InlineData("&FullName=ágn", "Ágnes Kiss", "1")]
    [InlineData("&Email=EXAMPLE.test", "Ágnes Kiss;Bob", "2")]
    [InlineData("&PhoneNumber=204", "Carl", "1")]
    [InlineData("&FullName=b&Email=nobody", "", "0")]
    [InlineData("&PageNumber=1&RowsPerPage=2", "Carl", "3")]
    [InlineData("&PageNumber=9", "", "3")]
    [InlineData("&FullName=&Email=", "Ágnes Kiss;Bob;Carl", "3")]
    public async Task Contacts_are_filtered_by_parts_in_any_case_and_paged(string query, string names, string total)
    {
        var answer = await new OzekiWorld().ListAsync("command=ListAddressbookContacts&AddressbookName=customers" + Uri.EscapeDataString(query).Replace("%26", "&", StringComparison.Ordinal).Replace("%3D", "=", StringComparison.Ordinal));

        Assert.Equal(["Code", "Message", "TotalRecords", "Contacts"], answer.Elements().Select(e => e.Name.LocalName));
        Assert.Equal((total, names), (answer.Element("TotalRecords")!.Value, string.Join(';', answer.Descendants("Name").Select(e => e.Value))));
    }

    [Fact]
    public async Task A_contact_has_its_name_number_and_address_in_this_order()
    {
        var contact = (await new OzekiWorld().ListAsync("command=ListAddressbookContacts&AddressbookName=Customers")).Descendants("Contact").First();

        Assert.Equal([("Name", "Ágnes Kiss"), ("PhoneNumber", "+3615550100"), ("Email", "agnes@example.test")], contact.Elements().Select(e => (e.Name.LocalName, e.Value)));
    }

    [Theory]
    [InlineData("", "AddressbookName")]
    [InlineData("&AddressbookName=Nobody", "AddressbookName")]
    [InlineData("&AddressbookName=Customers&PageNumber=x", "PageNumber")]
    [InlineData("&AddressbookName=Customers&RowsPerPage=0", "RowsPerPage")]
    public async Task A_wrong_parameter_is_302(string query, string parameter)
    {
        var answer = await new OzekiWorld().AskAsync("command=ListAddressbookContacts" + query);

        Assert.Equal((302, $"Missing or invalid parameter '{parameter}' for command 'ListAddressbookContacts'"), answer);
    }

    [Fact]
    public async Task The_types_of_extensions_are_listed()
    {
        var answer = await new OzekiWorld().ListAsync("command=ListExtensionTypes");

        Assert.Equal(["Phone", "API extension", "Echo test", "Service extension"], answer.Element("ExtensionTypes")!.Elements("Type").Select(e => e.Value));
    }
}
