using BenchmarkDotNet.Running;
using Switchhook.Benchmarks;

if (args is ["call-log"])
    CallLogWriting.Run();
else if (args is ["call-log", var postgres])
    CallLogWriting.Run(postgres);
else
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
