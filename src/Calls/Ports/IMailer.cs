namespace Switchhook.Calls.Ports;

/// <summary>Sends e-mail. Safe from any thread; never throws for what a server does.</summary>
public interface IMailer
{
    /// <summary>Hands the mail to the configured server; null when it took it, otherwise why not.</summary>
    ValueTask<string?> SendAsync(MailToSend mail, CancellationToken cancellation);
}

/// <summary>One mail of plain text.</summary>
/// <param name="To">The receiver's address.</param>
/// <param name="From">The sender's; null for the configured one.</param>
/// <param name="Subject">One line.</param>
/// <param name="Text">The body.</param>
public sealed record MailToSend(string To, string? From, string Subject, string Text);
