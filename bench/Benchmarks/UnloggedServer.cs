using Switchhook.Calls.Ports;
using Switchhook.Server.Cli;
using Switchhook.Storage;
using Switchhook.Storage.Log;

namespace Switchhook.Benchmarks;

/// <summary>
/// <c>switchhook serve</c> with and without storing what happens to calls, to tell what the storing costs: <c>-- serve</c> and
/// <c>-- serve-unlogged</c> with the options of <c>serve</c>. Without, everything else is as it is with: events are numbered, told and
/// delivered, and nobody waits for a disk. No call is found once it has ended, and nothing outlives a crash.
/// </summary>
internal static class UnloggedServer
{
    public static async Task<int> RunAsync(string[] options, bool isLogged)
    {
        var shell = CommandShell.OfThisProcess();
        if (Arguments.Read(options, ServeCommand.Command.Options, out var mistake) is not { } read)
            return (int)shell.Wrong("serve", mistake!);
        return (int)await ServeCommand.RunAsync(read, shell, isLogged ? null : storage => new Unlogged(storage));
    }

    private sealed class Unlogged(IDurableStorage storage) : IDurableStorage
    {
        public string Name => storage.Name;
        public ICallHistory History => storage.History;
        public ICallLog Log { get; } = new NoLog();
        public IOutbox Outbox => storage.Outbox;
        public IRegistrationStore Registrations => storage.Registrations;
        public IProvisioningStore Provisioning => storage.Provisioning;
        public IRequestKeys RequestKeys => storage.RequestKeys;

        public bool CanWrite(out string? problem) => storage.CanWrite(out problem);

        public bool Prune(LogRetention retention) => false;

        public void GiveBack() => storage.GiveBack();

        public void Dispose() => storage.Dispose();
    }

    private sealed class NoLog : ICallLog
    {
        public long LastCursor() => 0;

        public void Append(IReadOnlyList<LogWrite> writes) { }

        public IReadOnlyList<UnfinishedCall> Unfinished() => [];

        public ValueTask<LogPage> ReadAsync(long after, int most, EventFilter filter, CancellationToken cancellation) =>
            ValueTask.FromResult(new LogPage([], after, 0));
    }
}
