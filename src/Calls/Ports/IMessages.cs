using System.Text;

namespace Switchhook.Calls.Ports;

/// <summary>Text messages to and from phones (SIP MESSAGE, RFC 3428). Safe from any thread.</summary>
public interface IMessages
{
    /// <summary>Sends to every phone of an extension; the answer comes with the first that takes it, or when all have failed. Never throws for anything a caller can cause.</summary>
    ValueTask<MessageReply> SendAsync(TextMessage message, CancellationToken cancellation);

    /// <summary>
    /// Hears every message that a phone sends to an extension, before it is relayed. Told on the exchange's own thread, so it must return at
    /// once; what it throws is logged and nothing else.
    /// </summary>
    /// <param name="heard">Told of each.</param>
    /// <returns>Ends it when disposed.</returns>
    IDisposable Listen(Action<TextMessage> heard);
}

/// <summary>One message.</summary>
/// <param name="From">The number of the sender.</param>
/// <param name="To">The extension it is for.</param>
/// <param name="Body">At most <see cref="MostBytes"/> bytes.</param>
/// <param name="ContentType">As the sender named it.</param>
public sealed record TextMessage(string From, string To, ReadOnlyMemory<byte> Body, string ContentType = TextMessage.PlainText)
{
    /// <summary>RFC 3428 §8: no more, so that it fits a datagram.</summary>
    public const int MostBytes = 1300;

    public const string PlainText = "text/plain;charset=UTF-8";

    /// <summary>The body as UTF-8.</summary>
    public string Text => Encoding.UTF8.GetString(Body.Span);

    /// <summary>A message of plain text.</summary>
    public static TextMessage Plain(string from, string to, string text) => new(from, to, Encoding.UTF8.GetBytes(text));
}

/// <summary>What became of a message.</summary>
public enum MessageOutcome
{
    /// <summary>A phone has it.</summary>
    Delivered,

    /// <summary>A phone, or an application, has taken it on and will see (202).</summary>
    Accepted,

    /// <summary>There is no such extension.</summary>
    NoSuchExtension,

    /// <summary>Nobody is there to take it.</summary>
    NotRegistered,

    /// <summary>Longer than <see cref="TextMessage.MostBytes"/>.</summary>
    TooLong,

    /// <summary>Every phone refused it.</summary>
    Refused,

    /// <summary>No phone answered.</summary>
    Unanswered,

    /// <summary>Too much is under way, or the server stops.</summary>
    Congestion,
}

/// <summary>The answer to a message.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Status">The SIP status of the phone that decided it; null when none did.</param>
public sealed record MessageReply(MessageOutcome Outcome, int? Status = null);
