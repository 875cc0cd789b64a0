using System.Text;
using Switchhook.Sip.Messages;

namespace Switchhook.Sip.Dialogs;

/// <summary>Requests outside every dialog.</summary>
public sealed partial class SipUserAgent
{
    /// <summary>Sends a request outside every dialog.</summary>
    /// <returns>The request as sent; null when the stack has as many transactions as it may.</returns>
    public SipRequest? Request(OutgoingRequest outgoing, IRequestUser user)
    {
        Span<byte> tag = stackalloc byte[16];
        var builder = new SipRequestBuilder(outgoing.Method, outgoing.RequestUri);
        WriteVia(builder, outgoing.Flow);
        builder.Header(HeaderName.MaxForwards, outgoing.MaxForwards);
        foreach (var route in outgoing.Routes) builder.Header(HeaderName.Route, route);
        builder
            .Address(HeaderName.From, outgoing.From.DisplayName, Encoding.UTF8.GetBytes(outgoing.From.Uri), WriteTag(NewTag(), tag))
            .Address(HeaderName.To, outgoing.To.DisplayName, Encoding.UTF8.GetBytes(outgoing.To.Uri))
            .Header(HeaderName.CallId, outgoing.CallId)
            .CSeq(outgoing.Sequence, outgoing.Method);
        if (outgoing.ContactUser is { } contact) builder.Header(HeaderName.Contact, Contact(contact, outgoing.Flow));
        if (_product.Length > 0) builder.Header(HeaderName.UserAgent, _product);
        foreach (var header in outgoing.Headers) builder.Header(header.Name, header.Value);
        if (!outgoing.Body.IsEmpty) builder.Body(outgoing.ContentType, outgoing.Body.Span);
        var request = builder.Build();
        return Stack.SendRequest(request, outgoing.Flow, user, outgoing.IsUpkeep) is null ? null : request;
    }
}
