namespace Switchhook.Server.Cli;

/// <summary>What the program's end tells whoever started it.</summary>
internal enum ExitCode
{
    Fine = 0,
    FailedWhileRunning = 1,

    /// <summary>Wrong arguments or configuration; nothing was started.</summary>
    WrongArguments = 2,
    AddressInUse = 3,
}
