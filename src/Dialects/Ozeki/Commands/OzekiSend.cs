using Switchhook.Calls.Ports;
using Switchhook.Dialects.Ozeki.Messages;
using Switchhook.Dialects.Ozeki.Wire;
using Switchhook.Ivr;

namespace Switchhook.Dialects.Ozeki.Commands;

/// <summary>SendSms: a text message to an extension, or by the gateway.</summary>
internal sealed record OzekiSendSms(string Account, string Recipient, string Message, string Sender, string? ReportUrl, OzekiMessages Messages) : IScriptErrand
{
    public const string Name = "SendSms";
    private const int MaxCharacters = 10_000;

    /// <returns>Null and the message, or what to answer.</returns>
    public static OzekiAnswer? Read(OzekiAsk ask, OzekiMessages? messages, out OzekiSendSms sms)
    {
        sms = null!;
        var p = ask.Parameters;
        if (!OzekiNumber.TryRead(p["Recipient"], ask.Directory, out var recipient))
            return OzekiAnswer.InvalidParameter("Recipient", Name);
        if (p["Message"] is not { Length: <= MaxCharacters } message)
            return OzekiAnswer.InvalidParameter("Message", Name);
        if (!p.TryLine("Sender", out var sender))
            return OzekiAnswer.InvalidParameter("Sender", Name);
        if (!p.TryLine("ApiExtension", out var extension))
            return OzekiAnswer.InvalidParameter("ApiExtension", Name);
        // The vendor's page spells it with an a.
        var reportUrl = p["DeliveryReportURL"] ?? p["DelivaryReportURL"];
        if (reportUrl is not null && !OzekiUrl.IsAbsolute(reportUrl))
            return OzekiAnswer.InvalidParameter("DeliveryReportURL", Name);
        if (OzekiCall.FindApiExtension(ask, extension) is not { } api)
            return OzekiAnswer.ApiExtensionUnavailable(extension ?? "");
        if (messages is null)
            return OzekiAnswer.SmsDestinationNotFound;
        sms = new OzekiSendSms(ask.Account.Name, recipient, message, sender ?? api, reportUrl, messages);
        return null;
    }

    public static OzekiAnswer Run(OzekiAsk ask, OzekiPorts ports)
    {
        if (Read(ask, ports.Messages, out var sms) is { } wrong)
            return wrong;
        return sms.Send() is { } id ? OzekiAnswer.Ok with { Payload = [new OzekiElement("SmsId", id)] } : OzekiAnswer.SmsDestinationNotFound;
    }

    public ValueTask<ScriptError?> RunAsync(CancellationToken cancellation) =>
        new(Send() is null ? new ScriptError(OzekiAnswer.SmsDestinationNotFound.Code, OzekiAnswer.SmsDestinationNotFound.Message) : null);

    private string? Send() => Messages.TrySend(Recipient, Sender, Message, ReportUrl, Account);
}

/// <summary>SendEmail: a mail of plain text by the configured server.</summary>
internal sealed record OzekiSendEmail(MailToSend Mail, OzekiMessages Messages) : IScriptErrand
{
    public const string Name = "SendEmail";
    private const int MaxCharacters = 256 * 1024;

    /// <returns>Null and the mail, or what to answer.</returns>
    public static OzekiAnswer? Read(OzekiAsk ask, OzekiMessages? messages, out OzekiSendEmail mail)
    {
        mail = null!;
        var p = ask.Parameters;
        if (!p.TryLine("Recipient", out var recipient) || recipient is null || !IsAddress(recipient))
            return OzekiAnswer.InvalidParameter("Recipient", Name);
        if (!OzekiParameters.IsLine(p["Subject"]))
            return OzekiAnswer.InvalidParameter("Subject", Name);
        if (p["Message"] is { Length: > MaxCharacters })
            return OzekiAnswer.InvalidParameter("Message", Name);
        if (!p.TryLine("Sender", out var sender) || (sender is not null && !IsAddress(sender)))
            return OzekiAnswer.InvalidParameter("Sender", Name);
        if (messages is null)
            return OzekiAnswer.SmsDestinationNotFound;
        mail = new OzekiSendEmail(new MailToSend(recipient, sender, p["Subject"] ?? "", p["Message"] ?? ""), messages);
        return null;
    }

    public static async ValueTask<OzekiAnswer> RunAsync(OzekiAsk ask, OzekiPorts ports, CancellationToken cancellation)
    {
        if (Read(ask, ports.Messages, out var mail) is { } wrong)
            return wrong;
        return await mail.RunAsync(cancellation) is null ? OzekiAnswer.Ok : OzekiAnswer.SmsDestinationNotFound;
    }

    public async ValueTask<ScriptError?> RunAsync(CancellationToken cancellation) => await Messages.MailAsync(Mail, cancellation) is null
        ? null
        : new ScriptError(OzekiAnswer.SmsDestinationNotFound.Code, OzekiAnswer.SmsDestinationNotFound.Message);

    /// <summary>Something before and after one @, without white space; whether it is there only its server knows.</summary>
    private static bool IsAddress(string text) =>
        text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at == text.LastIndexOf('@') && at < text.Length - 1 && !text.Any(char.IsWhiteSpace);
}
