using Switchhook.Server.Cli;

return (int)await CommandLine.RunAsync(args, CommandShell.OfThisProcess());
