using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Switchhook.Calls.Ports;

namespace Switchhook.Exchange.Registrar;

/// <summary>Stores changed bindings off the shard; of several changes of one extension that wait, the last one counts.</summary>
internal sealed partial class BindingWriter : IDisposable
{
    private readonly Channel<(string Extension, IReadOnlyList<StoredBinding> Bindings)> _changes =
        Channel.CreateBounded<(string, IReadOnlyList<StoredBinding>)>(new BoundedChannelOptions(10_000) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });
    private readonly IRegistrationStore _store;
    private readonly ILogger _log;
    private readonly Task _writing;

    public BindingWriter(IRegistrationStore store, ILogger log)
    {
        (_store, _log) = (store, log);
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Never waits. What is dropped when far too much waits is only a phone that must register again after a restart.</summary>
    public void Save(string extension, IReadOnlyList<StoredBinding> bindings) => _changes.Writer.TryWrite((extension, bindings));

    public void Dispose()
    {
        _changes.Writer.TryComplete();
        _writing.Wait();
    }

    private async Task WriteAsync()
    {
        await foreach (var (extension, bindings) in _changes.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                _store.Save(extension, bindings);
            }
            catch (StorageUnavailableException e)
            {
                LogNotSaved(extension, e.Message);
            }
        }
    }

    [LoggerMessage(EventName = "BindingNotSaved", Level = LogLevel.Error, Message = "the registration of {Extension} was not stored and will not survive a restart: {Reason}")]
    private partial void LogNotSaved(string extension, string reason);
}
