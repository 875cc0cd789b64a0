using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Tests.Torture;

/// <summary>A message of RFC 4475, kept octet for octet in a file of its name, and what is made of it here.</summary>
/// <param name="Section">Where RFC 4475 describes it.</param>
/// <param name="Name">What RFC 4475 calls it.</param>
/// <param name="Fault">What the parser says.</param>
/// <param name="OverUdp">What a user agent does with it, as <see cref="TortureScene"/> sees it.</param>
/// <param name="Why">The rule, and the choice where RFC 4475 leaves one.</param>
/// <param name="OverTcp">What is different over a stream.</param>
internal sealed record TortureMessage(string Section, string Name, SipParseError Fault, string OverUdp, string Why, string? OverTcp = null)
{
    /// <summary>The octets as they go over the wire.</summary>
    public byte[] Octets => File.ReadAllBytes(Path.Combine(Root, "tests", "Sip.Tests", "Torture", Name + ".sip"));

    /// <summary>The repository this was built from.</summary>
    public static string Root
    {
        get
        {
            var at = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(at, "Switchhook.slnx"))) at = Path.GetDirectoryName(at) ?? throw new DirectoryNotFoundException();
            return at;
        }
    }

    public static TortureMessage Of(string name) => TortureCatalog.All.Single(message => message.Name == name);

    /// <summary>The message as parsed, which must be without fault.</summary>
    public SipMessage Parsed()
    {
        Assert.Equal(SipParseError.None, SipParser.TryParse(Octets, SipLimits.Default, out var message));
        return message!;
    }
}
