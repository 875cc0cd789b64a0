using System.Text;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Tests.Torture;

/// <summary>docs/sip-torture.md says what the tests prove. UPDATE_DOCS=1 writes it anew.</summary>
public sealed class TortureDocumentTests
{
    [Fact]
    public void The_document_has_every_message_with_its_outcome()
    {
        var path = Path.Combine(TortureMessage.Root, "docs", "sip-torture.md");
        var expected = Write();
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1") File.WriteAllText(path, expected);

        Assert.Equal(expected, File.ReadAllText(path));
    }

    [Fact]
    public void Every_message_has_a_file_and_every_file_a_message()
    {
        var files = Directory.GetFiles(Path.Combine(TortureMessage.Root, "tests", "Sip.Tests", "Torture"), "*.sip");

        var names = files.Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);

        Assert.Equal(TortureCatalog.All.Select(message => message.Name).Order(StringComparer.Ordinal), names);
        Assert.Equal(49, files.Length);
    }

    private static string Write()
    {
        var text = new StringBuilder();
        text.Append(
            """
            # SIP torture messages

            RFC 4475 collects messages that break careless implementations. Each of them lies octet for octet in `tests/Sip.Tests/Torture`, and the
            tests beside them feed it to the parser and, over UDP and TCP, to a user agent on real sockets. After every one the user agent answers
            an OPTIONS, and whatever a stream does to its own connection, others go on.

            "Handler" is the program on top of the user agent; the one of the tests answers an INVITE 486, a REGISTER as a registrar would, and
            anything else 200. Over TCP the outcome is the same as over UDP unless the table says otherwise. This page is written by
            `TortureDocumentTests`, out of what the tests expect.

            | RFC 4475 | Message | Parser | Outcome | Why |
            |---|---|---|---|---|

            """);
        foreach (var message in TortureCatalog.All)
        {
            var fault = message.Fault == SipParseError.None ? "well-formed" : $"`{message.Fault}`";
            var outcome = message.OverTcp is null ? message.OverUdp : $"{message.OverUdp}; over TCP: {message.OverTcp}";
            text.Append($"| §{message.Section} | `{message.Name}` | {fault} | {outcome} | {message.Why} |\n");
        }

        return text.ToString();
    }
}
