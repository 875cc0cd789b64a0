using System.Globalization;
using Switchhook.CrashHarness;

// Switchhook.CrashHarness [ROUNDS [SEED [KEY=VALUE]...]]: kills a server under load again and again and looks for what was lost. 0 when nothing was.
var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : CrashRun.Rounds();
var seed = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : CrashRun.Seed();
var run = await CrashRun.RunAsync(rounds, seed, Console.WriteLine, args.Length > 2 ? args[2..] : []);
return run.Mistakes.Count == 0 ? 0 : 1;
