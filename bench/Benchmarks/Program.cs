using System.Globalization;
using BenchmarkDotNet.Running;
using Switchhook.Benchmarks;
using Switchhook.Benchmarks.Load;

switch (args)
{
    case ["call-log"]: CallLogWriting.Run(); break;
    case ["call-log", var batch] when int.TryParse(batch, out var size): CallLogWriting.RunOnce(size); break;
    case ["call-log", var postgres]: CallLogWriting.Run(postgres); break;
    case ["flight"]: FlightWriting.Run(); break;
    case ["history", var place, var calls]: History.Run(place, Number(calls), withEvents: 0); break;
    case ["history", var place, var calls, var withEvents]: History.Run(place, Number(calls), Number(withEvents)); break;
    case ["load", .. var options]: return await LoadCommand.RunAsync(options);
    case ["retention", var place, var megabytes]: History.Prune(place, Number(megabytes)); break;
    case ["serve", .. var options]: return await UnloggedServer.RunAsync(options, isLogged: true);
    case ["serve-unlogged", .. var options]: return await UnloggedServer.RunAsync(options, isLogged: false);
    default: BenchmarkSwitcher.FromAssembly(typeof(CallLogWriting).Assembly).Run(args); break;
}
return 0;

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
