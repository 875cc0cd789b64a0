using System.Collections.Immutable;
using Switchhook.Calls.Directory;
using Switchhook.Dialects.Ozeki.Wire;

namespace Switchhook.Dialects.Ozeki.Commands;

/// <summary>ListAddressbookNames and ListAddressbookContacts: the account's address books, as provisioned.</summary>
internal static class OzekiAddressBooks
{
    private const string Contacts = "ListAddressbookContacts";
    private const int DefaultRows = 20;
    private const int MaxRows = 1000;

    public static OzekiAnswer ListNames(OzekiAsk ask) => OzekiAnswer.Ok with
    {
        Payload = [new OzekiElement("AddressbookNames", Of(ask).Select(b => new OzekiElement("Name", b.Name)).ToImmutableArray())],
    };

    public static OzekiAnswer ListContacts(OzekiAsk ask)
    {
        var p = ask.Parameters;
        if (p["AddressbookName"] is not { } name || Of(ask).FirstOrDefault(b => b.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } book)
            return OzekiAnswer.InvalidParameter("AddressbookName", Contacts);
        if (!p.TryInt("PageNumber", 0, int.MaxValue / MaxRows, 0, out var page))
            return OzekiAnswer.InvalidParameter("PageNumber", Contacts);
        if (!p.TryInt("RowsPerPage", 1, MaxRows, DefaultRows, out var rows))
            return OzekiAnswer.InvalidParameter("RowsPerPage", Contacts);
        bool Has(string? text, string filter) => p[filter] is not { } part || text?.Contains(part, StringComparison.OrdinalIgnoreCase) == true;
        var found = book.Contacts.Where(c => Has(c.Name, "FullName") && Has(c.Email, "Email") && Has(c.PhoneNumber, "PhoneNumber")).ToList();
        return OzekiAnswer.Ok with
        {
            Payload =
            [
                new OzekiElement("TotalRecords", found.Count),
                new OzekiElement("Contacts", found.Skip(page * rows).Take(rows).Select(Element).ToImmutableArray()),
            ],
        };
    }

    private static ImmutableArray<AddressBook> Of(OzekiAsk ask) => ask.Account.Ozeki?.AddressBooks ?? [];

    private static OzekiElement Element(AddressBookContact contact) => new("Contact",
        new OzekiElement("Name", contact.Name),
        new OzekiElement("PhoneNumber", contact.PhoneNumber),
        new OzekiElement("Email", contact.Email));
}
