namespace Switchhook.Calls.Directory;

/// <summary>Something made of the directory, kept until the directory is replaced. Safe from any thread.</summary>
/// <param name="directory">Whose.</param>
/// <param name="make">Makes it; asked once for each directory, or a few times when several threads find a new one at once.</param>
public sealed class DirectoryView<T>(IDirectory directory, Func<CallDirectory, T> make)
{
    private Made? _made;

    /// <summary>What is made of the directory as it is now.</summary>
    public T Current
    {
        get
        {
            var current = directory.Current;
            var made = Volatile.Read(ref _made);
            if (made is not null && ReferenceEquals(made.Of, current))
                return made.Value;
            made = new Made(current, make(current));
            Volatile.Write(ref _made, made);
            return made.Value;
        }
    }

    private sealed record Made(CallDirectory Of, T Value);
}
