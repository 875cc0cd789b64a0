using System.Buffers;
using System.Net.Security;
using System.Security.Authentication;

namespace Switchhook.Sip.Transport.Layers;

/// <summary>
/// The server's side of TLS (RFC 3261 §26.2.1) over bytes that are handed in and out. The framework's stream does the work; its inner stream is
/// memory, whose reads complete on the thread that hands bytes in, so that nothing of it ever runs elsewhere.
/// </summary>
internal sealed class TlsLayer : IStreamLayer
{
    private readonly ArrayBufferWriter<byte> _nowhere = new();
    private readonly MemoryDuplex _wire;
    private readonly SslStream _tls;
    private readonly byte[] _read = new byte[4096];
    private ArrayBufferWriter<byte> _plain;
    private bool _isOpen;
    private bool _hasEnded;

    public TlsLayer(SslStreamCertificateContext certificate)
    {
        _plain = _nowhere;
        _wire = new MemoryDuplex { Outgoing = _nowhere };
        _tls = new SslStream(_wire, leaveInnerStreamOpen: true);
        // Runs up to its first read, and from there within Take.
        _ = RunAsync(new SslServerAuthenticationOptions { ServerCertificateContext = certificate, AllowRenegotiation = false });
    }

    public bool IsFramed => false;

    public bool Take(ReadOnlySpan<byte> received, ArrayBufferWriter<byte> plain, List<int> ends, ArrayBufferWriter<byte> answer)
    {
        (_plain, _wire.Outgoing) = (plain, answer);
        _wire.Feed(received);
        (_plain, _wire.Outgoing) = (_nowhere, _nowhere);
        return !_hasEnded;
    }

    public bool Wrap(ReadOnlySpan<byte> message, ArrayBufferWriter<byte> wire)
    {
        if (!_isOpen || _hasEnded) return false;
        _wire.Outgoing = wire;
        try
        {
            _tls.Write(message);
            return true;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            _hasEnded = true;
            return false;
        }
        finally
        {
            _wire.Outgoing = _nowhere;
        }
    }

    public void Dispose()
    {
        _wire.End();
        _tls.Dispose();
    }

    private async Task RunAsync(SslServerAuthenticationOptions options)
    {
        try
        {
            await _tls.AuthenticateAsServerAsync(options).ConfigureAwait(false);
            _isOpen = true;
            int length;
            while ((length = await _tls.ReadAsync(_read).ConfigureAwait(false)) > 0) _plain.Write(_read.AsSpan(0, length));
        }
        catch (Exception e) when (e is AuthenticationException or IOException or InvalidOperationException)
        {
            // Not TLS, no common version, a broken record, or a connection that went away: the connection is closed, which is all the peer can be told.
        }
        finally
        {
            _hasEnded = true;
        }
    }
}
