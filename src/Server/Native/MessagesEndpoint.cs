using System.Text;
using Switchhook.Calls.Ports;
using Switchhook.Server.Json;
using Switchhook.Server.ProvisioningFiles;

namespace Switchhook.Server.Native;

/// <summary><c>POST /switchhook/v1/messages</c>: a text to the phones of an extension.</summary>
internal sealed class MessagesEndpoint(NativePorts ports)
{
    private const string NoSender = "switchhook";

    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var (body, problem) = await RequestBody.ReadAsync(context);
        if (problem is not null)
            return problem.AsResult();
        var mistakes = new List<Mistake>();
        if (Read(body.Span, mistakes) is not { } message)
            return Problem.BadRequest([.. mistakes.Select(m => m.ToString())]).AsResult();
        // Another account's extension looks like none.
        var extension = ports.Directory.Current.Extension(message.To);
        if (extension is null || (extension.Account is { } owner && !owner.Equals(context.Account().Name, StringComparison.OrdinalIgnoreCase)))
            return NoSuchExtension.AsResult();
        var reply = await ports.Messages.SendAsync(message, context.RequestAborted);
        return reply.Outcome switch
        {
            MessageOutcome.NoSuchExtension => NoSuchExtension.AsResult(),
            MessageOutcome.Congestion => new Problem(503, "congestion", "Too many messages are under way") { RetryAfterSeconds = 5 }.AsResult(),
            var outcome => TypedResults.Json(
                new MessageDocument(message.From, message.To, WordOf(outcome), reply.Status), NativeJson.Shown.MessageDocument, statusCode: StatusCodes.Status202Accepted),
        };
    }

    private static Problem NoSuchExtension { get; } = new(404, "no-such-extension", "There is no such extension");

    private static string WordOf(MessageOutcome outcome) => outcome switch
    {
        MessageOutcome.Delivered => "delivered",
        MessageOutcome.Accepted => "accepted",
        MessageOutcome.NotRegistered => "not-registered",
        MessageOutcome.Refused => "refused",
        MessageOutcome.Unanswered => "unanswered",
        MessageOutcome.TooLong => "too-long",
        MessageOutcome.NoSuchExtension => "no-such-extension",
        MessageOutcome.Congestion => "congestion",
    };

    private static TextMessage? Read(ReadOnlySpan<byte> utf8, List<Mistake> mistakes)
    {
        var before = mistakes.Count;
        if (JsonDocumentReader.Read(utf8, "body", mistakes) is not { } piece)
            return null;
        if (piece is not JsonPiece.Members members)
        {
            mistakes.Add(new Mistake("body", piece.Line, "", $"must be an object, not {piece.Kind}"));
            return null;
        }
        var m = new MemberReader(members, "", "body", mistakes);
        var to = m.Required("to");
        var from = m.Checked("from", OriginateRequest.Number) ?? NoSender;
        var text = m.Required("text");
        m.RefuseUnknown();
        if (to.Length > 0 && OriginateRequest.Number(to) is { } mistake)
            m.Wrong("to", mistake);
        if (Encoding.UTF8.GetByteCount(text) > TextMessage.MostBytes)
            m.Wrong("text", $"must be at most {TextMessage.MostBytes} bytes of UTF-8");
        return mistakes.Count == before ? TextMessage.Plain(from, to, text) : null;
    }
}
