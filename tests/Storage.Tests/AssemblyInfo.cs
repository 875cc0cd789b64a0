[assembly: CaptureConsole]
[assembly: AssemblyFixture(typeof(Switchhook.TestKit.Servers.PostgresServer))]
