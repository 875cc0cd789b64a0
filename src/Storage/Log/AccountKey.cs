namespace Switchhook.Storage.Log;

/// <summary>An account's name as searches know it: capital letters make no other account.</summary>
internal static class AccountKey
{
    /// <summary>In small letters, as <c>lower</c> of both databases makes them: those of ASCII.</summary>
    public static string Of(string account)
    {
        foreach (var c in account)
        {
            if (char.IsAsciiLetterUpper(c))
                return string.Create(account.Length, account, static (text, name) =>
                {
                    for (var i = 0; i < text.Length; i++)
                        text[i] = char.IsAsciiLetterUpper(name[i]) ? (char)(name[i] | 0x20) : name[i];
                });
        }
        return account;
    }
}
