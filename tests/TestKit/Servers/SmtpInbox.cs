using System.Net;
using System.Net.Sockets;
using System.Text;
using Switchhook.TestKit.Timing;

namespace Switchhook.TestKit.Servers;

/// <summary>A mail as it came: who is named to the server, and the lines of the message.</summary>
public sealed record ReceivedMail(string From, string To, string Text)
{
    /// <summary>A header by its name, in any case; empty when there is none.</summary>
    public string Header(string name) => Head.FirstOrDefault(l => l.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim() ?? "";

    /// <summary>The body as it was written.</summary>
    public string Body
    {
        get
        {
            var body = Text[(Text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
            return Header("Content-Transfer-Encoding").Equals("base64", StringComparison.OrdinalIgnoreCase)
                ? Encoding.UTF8.GetString(Convert.FromBase64String(body.ReplaceLineEndings("")))
                : body;
        }
    }

    private string[] Head => Text[..Text.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Split("\r\n");
}

/// <summary>A mail server that takes every mail (RFC 5321), but for those to <see cref="Refused"/>.</summary>
public sealed class SmtpInbox : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Inbox<ReceivedMail> _mails = new(capacity: 100);
    private readonly Task _working;

    public SmtpInbox()
    {
        _listener.Start();
        _working = WorkAsync();
    }

    /// <summary>Mails to this address are refused with 550.</summary>
    public string? Refused { get; init; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Takes the first mail, now or when it comes.</summary>
    public async Task<ReceivedMail> NextAsync() =>
        await _mails.TakeAsync(static _ => true, TimeSpan.FromSeconds(30)) ?? throw new TimeoutException("No mail came.");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _working;
        _stop.Dispose();
    }

    private async Task WorkAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await ServeAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
            await using var writer = new StreamWriter(client.GetStream(), new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
            await writer.WriteLineAsync("220 inbox");
            var (from, to) = ("", "");
            while (await reader.ReadLineAsync(_stop.Token) is { } line)
            {
                switch (line.Split(' ', ':')[0].ToUpperInvariant())
                {
                    case "EHLO" or "HELO" or "RSET" or "NOOP":
                        await writer.WriteLineAsync("250 inbox");
                        break;
                    case "MAIL":
                        from = Address(line);
                        await writer.WriteLineAsync("250 fine");
                        break;
                    case "RCPT":
                        to = Address(line);
                        await writer.WriteLineAsync(to == Refused ? "550 no such mailbox" : "250 fine");
                        break;
                    case "DATA":
                        await writer.WriteLineAsync("354 go on");
                        _mails.Add(new ReceivedMail(from, to, await DataAsync(reader)));
                        await writer.WriteLineAsync("250 taken");
                        break;
                    case "QUIT":
                        await writer.WriteLineAsync("221 bye");
                        return;
                    default:
                        await writer.WriteLineAsync("502 not known");
                        break;
                }
            }
        }
        catch (IOException)
        {
            // The client has gone.
        }
    }

    private async Task<string> DataAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(_stop.Token) is { } line && line != ".")
            text.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        return text.ToString();
    }

    private static string Address(string line) => line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];
}
