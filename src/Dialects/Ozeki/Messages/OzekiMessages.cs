using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Switchhook.Calls.Directory;
using Switchhook.Calls.Ports;
using Switchhook.Dialects.Ozeki.Notifications;
using Switchhook.Dialects.Ozeki.Replies;
using Switchhook.Dialects.Ozeki.Wire;

namespace Switchhook.Dialects.Ozeki.Messages;

/// <summary>A text message on its way out.</summary>
internal sealed record OzekiSms(string Id, string Recipient, string Sender, string Text, string? ReportUrl)
{
    /// <summary>Whose it is, so that the reply to its report is run for them.</summary>
    public string? Account { get; init; }
}

/// <summary>A text message that came to an API extension.</summary>
internal sealed record OzekiReceived(string Id, string Sender, string Recipient, string Text, DateTimeOffset At);

/// <summary>
/// Text messages and e-mail of applications. Messages go to extensions by SIP and anywhere else by the configured HTTP gateway; what phones send
/// to API extensions is posted to them and kept for ReceiveMessage. What is under way when the server stops is lost, as the queue is in memory.
/// </summary>
public sealed partial class OzekiMessages(
    IHttpCaller http, IDirectory directory, IMailer mailer, TimeProvider time, OzekiOptions options, ILogger? logger = null) : IAsyncDisposable
{
    private const int MostUnderWay = 1000;
    private const int Workers = 4;

    /// <summary>Received messages kept for each account; the oldest goes.</summary>
    private const int MostKept = 1000;

    private readonly ILogger _log = logger ?? NullLogger.Instance;
    private readonly Channel<Func<CancellationToken, Task>> _work = Channel.CreateBounded<Func<CancellationToken, Task>>(MostUnderWay);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, Queue<OzekiReceived>> _received = new(StringComparer.OrdinalIgnoreCase);
    private Task _workers = Task.CompletedTask;
    private IMessages? _phones;
    private IDisposable? _listening;

    /// <summary>Runs what applications reply; null: nobody does.</summary>
    internal OzekiSideScripts? Replies { get; set; }

    /// <summary>Begins to send and to hear; until then nothing is taken.</summary>
    public void Start(IMessages phones)
    {
        _phones = phones;
        _listening = phones.Listen(Hear);
        _workers = Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(() => WorkAsync(_stopping.Token))));
    }

    /// <summary>Takes a message on; the id it goes by, or null when there is no way to its recipient or too much is under way.</summary>
    internal string? TrySend(string recipient, string sender, string text, string? reportUrl, string? account = null)
    {
        var sms = new OzekiSms(Guid.CreateVersion7(time.GetUtcNow()).ToString(), recipient, sender, text, reportUrl) { Account = account };
        var isPhone = directory.Current.Extension(recipient) is { Kind: ExtensionKind.Phone or ExtensionKind.DemoPhone };
        if (isPhone && Encoding.UTF8.GetByteCount(text) > TextMessage.MostBytes || !isPhone && options.SmsGateway is null)
            return null;
        return _phones is not null && _work.Writer.TryWrite(stop => SendAsync(sms, isPhone, stop)) ? sms.Id : null;
    }

    /// <summary>Sends a text to the phones of an extension; false when none took it.</summary>
    internal async ValueTask<bool> TellAsync(TextMessage message, CancellationToken cancellation) =>
        _phones is { } phones && (await phones.SendAsync(message, cancellation).ConfigureAwait(false)).Outcome is MessageOutcome.Delivered or MessageOutcome.Accepted;

    /// <summary>Hands a mail to the server; null when it took it, otherwise why not.</summary>
    internal async ValueTask<string?> MailAsync(MailToSend mail, CancellationToken cancellation)
    {
        var problem = await mailer.SendAsync(mail, cancellation).ConfigureAwait(false);
        if (problem is not null)
            LogMailNotSent(mail.To, problem);
        return problem;
    }

    /// <summary>The oldest messages that came for an account, and no longer kept when they are taken away.</summary>
    internal IReadOnlyList<OzekiReceived> Received(string account, int most, bool takeAway)
    {
        if (!_received.TryGetValue(account, out var kept))
            return [];
        lock (kept)
        {
            List<OzekiReceived> found = [.. kept.Take(most)];
            for (var i = 0; takeAway && i < found.Count; i++)
                kept.Dequeue();
            return found;
        }
    }

    /// <summary>Ends what is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        _listening?.Dispose();
        if (!_work.Writer.TryComplete())
            return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _workers.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task WorkAsync(CancellationToken stopping)
    {
        try
        {
            await foreach (var work in _work.Reader.ReadAllAsync(stopping).ConfigureAwait(false))
                await work(stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task SendAsync(OzekiSms sms, bool isPhone, CancellationToken stopping)
    {
        string? problem;
        if (isPhone)
        {
            var reply = await _phones!.SendAsync(TextMessage.Plain(sms.Sender, sms.Recipient, sms.Text), stopping).ConfigureAwait(false);
            problem = reply.Outcome is MessageOutcome.Delivered or MessageOutcome.Accepted ? null : $"no phone took it ({reply.Outcome})";
        }
        else
        {
            var reply = await http.SendAsync(options.SmsGateway!.Request(sms), stopping).ConfigureAwait(false);
            problem = reply.Succeeded ? null : reply.Failure == HttpFailure.None ? $"the gateway answered {reply.Status}" : $"the gateway: {reply.Failure}";
        }
        if (problem is not null)
            LogSmsNotSent(sms.Id, sms.Recipient, problem);
        if (sms.ReportUrl is { } url)
        {
            await PostAsync(url, sms.Account, about: null, stopping, ("NotificationName", "SMSDeliveryReport"), ("SmsId", sms.Id), ("Recipient", sms.Recipient),
                ("Status", problem is null ? "Delivered" : "Failed")).ConfigureAwait(false);
        }
    }

    /// <summary>On the exchange's thread: what is for an API extension is kept, and posting it is left to a worker.</summary>
    private void Hear(TextMessage message)
    {
        if (directory.Current.Extension(message.To) is not { Kind: ExtensionKind.Api, Account: { } account } extension || directory.Current.Account(account)?.MayUse(OzekiAccess.Dialect) != true)
            return;
        var kept = _received.GetOrAdd(account, _ => new());
        lock (kept)
        {
            kept.Enqueue(new OzekiReceived(Guid.CreateVersion7(time.GetUtcNow()).ToString(), message.From, message.To, message.Text, time.GetUtcNow()));
            if (kept.Count > MostKept)
                kept.Dequeue();
        }
        if (extension.Url is { } url)
        {
            _work.Writer.TryWrite(stop => PostAsync(url, account, message, stop,
                ("NotificationName", "IncomingSMS"), ("Sender", message.From), ("Recipient", message.To), ("Message", message.Text), ("ApiExtension", message.To)));
        }
    }

    private async Task PostAsync(string url, string? account, TextMessage? about, CancellationToken stopping, params (string Name, string? Value)[] fields)
    {
        var reply = await http.SendAsync(
            new HttpCall { Url = url, ContentType = OzekiForm.ContentType, Body = OzekiForm.Write(fields), Headers = OzekiNotice.Headers, Timeout = OzekiNotice.ReplyTime },
            stopping).ConfigureAwait(false);
        if (account is not null)
            Replies?.Take(account, about?.To, about?.From, url, reply);
    }

    [LoggerMessage(EventName = "MailNotSent", Level = LogLevel.Warning, Message = "the mail to {Recipient} was not sent: {Reason}")]
    private partial void LogMailNotSent(string recipient, string reason);

    [LoggerMessage(EventName = "SmsNotSent", Level = LogLevel.Warning, Message = "the text message {Id} to {Recipient} was not sent: {Reason}")]
    private partial void LogSmsNotSent(string id, string recipient, string reason);
}
