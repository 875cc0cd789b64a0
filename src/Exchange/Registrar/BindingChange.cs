using System.Globalization;
using System.Text;
using Switchhook.Calls.Ports;
using Switchhook.Sip.Messages;
using Switchhook.Sip.Transport;

namespace Switchhook.Exchange.Registrar;

/// <summary>What a REGISTER makes of an extension's bindings (RFC 3261 §10.3, steps 6 and 7): pure.</summary>
internal static class BindingChange
{
    /// <summary>Expiry when the phone asks for none, seconds.</summary>
    public const uint DefaultExpires = 3600;

    /// <summary>The longest expiry granted, seconds.</summary>
    public const uint MaxExpires = 7200;

    /// <summary>The same for a phone that is reached over its connection, which must not fall idle before the phone refreshes, seconds.</summary>
    public const uint MaxExpiresOnConnection = 3600;

    /// <summary>Bindings one extension may have.</summary>
    public const int MaxBindings = 10;

    /// <summary>The status to answer: 200 with the bindings as they are to be, or what is wrong; then they stay as they were.</summary>
    public static int TryApply(
        IReadOnlyList<Binding> before, SipRequest register, in SipFlow flow, string extension, DateTimeOffset now, out IReadOnlyList<Binding> after)
    {
        after = before;
        List<Binding> bindings = [.. before];
        var expires = register.TryGetNumber(HeaderName.Expires, out var asked) ? asked : DefaultExpires;
        // A proxy that adds itself to the Path must not be able to make us remember without end (RFC 3327 §5.3).
        if (!PathVector.TryRead(register, out var routes))
            return 400;
        var path = routes.Count == 0 ? null : string.Join(", ", routes);
        var (callId, sequence) = (Encoding.UTF8.GetString(register.CallId), register.CSeq.Number);
        var (contacts, star) = (0, false);
        foreach (var value in register.Values(HeaderName.Contact))
        {
            contacts++;
            if (star || !ContactValue.TryParse(value, out var contact))
                return 400;
            if (contact.IsStar)
            {
                // Only alone and only to remove everything (§10.2.2).
                star = true;
                if (expires != 0 || contacts > 1 || !register.Has(HeaderName.Expires))
                    return 400;
                if (bindings.Exists(b => IsOlder(b, callId, sequence)))
                    return 500;
                bindings.Clear();
                continue;
            }
            if (!SipUri.TryParse(contact.Uri, out var uri) || uri.Scheme is not (SipScheme.Sip or SipScheme.Sips))
                return 400;
            var index = IndexOf(bindings, uri);
            // A contact named twice in one request is no older request: the last one counts.
            if (index >= 0 && before.Contains(bindings[index]) && IsOlder(bindings[index], callId, sequence))
                return 500;
            if (index >= 0)
                bindings.RemoveAt(index);
            var seconds = Math.Min(contact.ExpiresSeconds ?? expires, flow.IsReliable ? MaxExpiresOnConnection : MaxExpires);
            if (seconds > 0)
                bindings.Add(Make(register, contact, flow, extension, callId, sequence, now.AddSeconds(seconds), path));
        }
        if (bindings.Count > MaxBindings)
            return 403;
        after = bindings;
        return 200;
    }

    /// <summary>The Contact value of one binding in the 200.</summary>
    public static string Describe(Binding binding, DateTimeOffset now) => string.Create(
        CultureInfo.InvariantCulture, $"<{binding.Contact}>;expires={Math.Max(1, (int)Math.Ceiling((binding.Stored.ExpiresAt - now).TotalSeconds))}");

    private static Binding Make(
        SipRequest register, in ContactValue contact, in SipFlow flow, string extension, string callId, uint sequence, DateTimeOffset expiresAt, string? path)
    {
        var scheme = flow.Kind switch
        {
            SipTransportKind.Udp => "udp",
            SipTransportKind.Tcp => "tcp",
            SipTransportKind.Tls => "tls",
            SipTransportKind.Ws => "ws",
            SipTransportKind.Wss => "wss",
        };
        return new Binding(
            new StoredBinding(
                extension,
                Encoding.UTF8.GetString(contact.Uri),
                $"{scheme}://{flow.Remote}",
                callId,
                sequence,
                (contact.QThousandths ?? 1000) / 1000.0,
                expiresAt,
                register.GetText(HeaderName.UserAgent),
                path),
            flow);
    }

    private static bool IsOlder(Binding binding, string callId, uint sequence) =>
        binding.Stored.SipCallId == callId && sequence <= binding.Stored.Sequence;

    private static int IndexOf(List<Binding> bindings, in SipUri uri)
    {
        for (var i = 0; i < bindings.Count; i++)
        {
            if (SipUri.TryParse(Encoding.UTF8.GetBytes(bindings[i].Contact), out var known) && known.IsEquivalentTo(uri))
                return i;
        }
        return -1;
    }
}
