using System.Data.Common;
using Switchhook.Calls.Ports;

namespace Switchhook.Storage;

/// <summary>Whoever writes, as the stores see it that both databases share: in SQL that both understand.</summary>
internal interface IWriter : IDisposable
{
    /// <summary>Runs the work in one transaction: all of it is durable on return, or none of it was done.</summary>
    /// <exception cref="StorageUnavailableException">The outside failed; nothing was done, or, where the answer was lost, all of it: the work may be repeated.</exception>
    void Commit<T>(T argument, Action<DbConnection, T> work);
}

/// <summary>Whoever reads, beside the writer.</summary>
internal interface IReaders : IDisposable
{
    /// <summary>Runs the work once a connection is free.</summary>
    /// <exception cref="StorageUnavailableException">It cannot be read now.</exception>
    ValueTask<TResult> ReadAsync<T, TResult>(T argument, Func<DbConnection, T, TResult> work, CancellationToken cancellation);

    /// <summary>As <see cref="ReadAsync"/>, waiting in place.</summary>
    TResult Read<T, TResult>(T argument, Func<DbConnection, T, TResult> work);
}
