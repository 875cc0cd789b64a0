using Switchhook.Sip.Transactions;

namespace Switchhook.Sip.Tests.Transactions;

/// <summary>The tables of docs/machines are what the machines do. UPDATE_DOCS=1 writes them anew.</summary>
public class MachineTableTests
{
    [Fact]
    public void The_invite_client_behaves_as_its_table_says() => AssertDocumented("invite-client", MachineTable.Write(
        "INVITE client transaction",
        "RFC 3261 §17.1.1 as amended by RFC 6026 §7.2.",
        new InviteClientState[]
        {
            new InviteClientState.Calling(MachineTable.Request, SipTimings.T1),
            new InviteClientState.Proceeding(MachineTable.Request),
            new InviteClientState.Accepted(),
            new InviteClientState.Completed(MachineTable.MadeAck),
            new InviteClientState.Terminated(),
        },
        (reliable, state) => new InviteClient(reliable, state),
        (machine, input) => machine.On(input),
        machine => machine.State));

    [Fact]
    public void The_non_invite_client_behaves_as_its_table_says() => AssertDocumented("non-invite-client", MachineTable.Write(
        "Non-INVITE client transaction",
        "RFC 3261 §17.1.2.",
        new NonInviteClientState[]
        {
            new NonInviteClientState.Trying(MachineTable.Request, SipTimings.T1),
            new NonInviteClientState.Trying(MachineTable.Request, SipTimings.T2),
            new NonInviteClientState.Proceeding(MachineTable.Request),
            new NonInviteClientState.Completed(),
            new NonInviteClientState.Terminated(),
        },
        (reliable, state) => new NonInviteClient(reliable, state),
        (machine, input) => machine.On(input),
        machine => machine.State));

    [Fact]
    public void The_invite_server_behaves_as_its_table_says() => AssertDocumented("invite-server", MachineTable.Write(
        "INVITE server transaction",
        "RFC 3261 §17.2.1 as amended by RFC 6026 §7.1.",
        new InviteServerState[]
        {
            new InviteServerState.Proceeding(null),
            new InviteServerState.Proceeding(MachineTable.Response(180)),
            new InviteServerState.Accepted(),
            new InviteServerState.Completed(MachineTable.Response(486), SipTimings.T1),
            new InviteServerState.Confirmed(),
            new InviteServerState.Terminated(),
        },
        (reliable, state) => new InviteServer(reliable, state),
        (machine, input) => machine.On(input),
        machine => machine.State));

    [Fact]
    public void The_non_invite_server_behaves_as_its_table_says() => AssertDocumented("non-invite-server", MachineTable.Write(
        "Non-INVITE server transaction",
        "RFC 3261 §17.2.2; timer J also bounds the time until the answer (RFC 4320 §4.2).",
        new NonInviteServerState[]
        {
            new NonInviteServerState.Trying(),
            new NonInviteServerState.Proceeding(MachineTable.Response(180)),
            new NonInviteServerState.Completed(MachineTable.Response(200)),
            new NonInviteServerState.Terminated(),
        },
        (reliable, state) => new NonInviteServer(reliable, state),
        (machine, input) => machine.On(input),
        machine => machine.State));

    private static void AssertDocumented(string name, string table)
    {
        var path = Path.Combine(Root(), "docs", "machines", $"{name}.md");
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1") File.WriteAllText(path, table);

        Assert.Equal(File.ReadAllText(path), table);
    }

    private static string Root()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "Switchhook.slnx"))) at = Path.GetDirectoryName(at) ?? throw new DirectoryNotFoundException();
        return at;
    }
}
