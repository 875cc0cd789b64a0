using BenchmarkDotNet.Running;
using Switchhook.Benchmarks;

if (args is ["call-log"])
    CallLogWriting.Run();
else
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
