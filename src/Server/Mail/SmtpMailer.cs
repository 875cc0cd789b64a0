using System.Net;
using System.Net.Mail;
using Switchhook.Calls.Ports;
using Switchhook.Server.Configuration;

namespace Switchhook.Server.Mail;

/// <summary>E-mail by one SMTP server; without a server there is no e-mail.</summary>
internal sealed class SmtpMailer(MailSettings settings) : IMailer
{
    public async ValueTask<string?> SendAsync(MailToSend mail, CancellationToken cancellation)
    {
        if (settings.Host is not { } host)
            return "no mail server is configured (Mail:Host)";
        if (!MailAddress.TryCreate(mail.From ?? settings.From, out var from))
            return "the sender is no mail address";
        if (!MailAddress.TryCreate(mail.To, out var to))
            return "the receiver is no mail address";
        using var message = new MailMessage(from, to) { Subject = mail.Subject, Body = mail.Text };
        using var client = new SmtpClient(host, settings.Port) { EnableSsl = settings.Tls };
        if (settings.User is { } user)
            client.Credentials = new NetworkCredential(user, settings.Password);
        try
        {
            await client.SendMailAsync(message, cancellation);
            return null;
        }
        catch (SmtpException e)
        {
            return e.InnerException?.Message ?? e.Message;
        }
    }
}
