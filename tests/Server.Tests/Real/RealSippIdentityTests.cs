namespace Switchhook.Server.Tests.Real;

/// <summary>Who calls, told by one sipp and heard by another (RFC 3325, RFC 3323, RFC 5806).</summary>
public sealed class RealSippIdentityTests(SippLab lab) : IClassFixture<SippLab>
{
    private const string Asserted = "P-Asserted-Identity: \"Kovács\" <sip:+3612345@carrier.example>";
    private const string Anonymous = "Anonymous.*sip:anonymous@anonymous.invalid";
    private const string Absent = "X-Nothing";

    [Theory]
    [InlineData("", "sip:peer@", "P-Asserted-Identity: .sip:peer@", "Privacy:")]
    [InlineData(Asserted, "sip:[+]3612345@", "P-Asserted-Identity: .Kovács. .sip:[+]3612345@", "Privacy:")]
    [InlineData(Asserted + "\nPrivacy: id", Anonymous, "P-Asserted-Identity: .Kovács. .sip:[+]3612345@", Absent)]
    [InlineData(Asserted + "\nPrivacy: id", Anonymous, "Privacy: id", Absent)]
    [InlineData("Diversion: <sip:+361@a.example>;reason=user-busy", "sip:peer@", "Diversion: .sip:[+]361@a.example.;reason=user-busy", Absent)]
    public async Task A_trunk_that_is_trusted_hears_who_calls(string rows, string from, string row, string absent) =>
        await IsHeardAsync(Peer.Asserted, rows, from, row, absent);

    [Theory]
    [InlineData("", "sip:peer@", "Remote-Party-ID: .sip:peer@.*;privacy=off", "P-Asserted-Identity")]
    [InlineData(Asserted + "\nPrivacy: id", Anonymous, "Remote-Party-ID: .*[+]3612345@.*;privacy=full", "P-Asserted-Identity")]
    [InlineData("Remote-Party-ID: <sip:+3699@x.example>;privacy=full", Anonymous, "Remote-Party-ID: .*[+]3699@.*;privacy=full", "P-Asserted-Identity")]
    public async Task One_that_wants_a_remote_party_has_one(string rows, string from, string row, string absent) =>
        await IsHeardAsync(Peer.Named, rows, from, row, absent);

    [Fact]
    public async Task One_that_is_not_hears_no_number_that_is_withheld() =>
        await IsHeardAsync(Peer.Second, Asserted + "\nPrivacy: id", Anonymous, "Privacy: id", "3612345");

    [Fact]
    public async Task A_phone_hears_no_number_that_is_withheld()
    {
        await using var phone = await lab.PhoneAsync("hears_who_calls", SippLab.Phone, fills: Heard(Anonymous, "INVITE", "3612345"));
        await using var caller = Caller(SippLab.Phone, Asserted + "\nPrivacy: id");

        await SippLab.SucceedAsync(caller, phone);
    }

    private async Task IsHeardAsync(Peer peer, string rows, string from, string row, string absent)
    {
        await using var callee = await lab.CalleeAsync("hears_who_calls", peer, fills: Heard(from, row, absent));
        await using var caller = Caller(peer.Number, rows);

        await SippLab.SucceedAsync(caller, callee);
    }

    private TestKit.Programs.SippRun Caller(string number, string rows) => lab.Caller(
        "trunk_calls_for_somebody", number, tcp: false, asTrunk: true, calls: 1, new() { ["rows"] = rows.Length == 0 ? "X-Nobody: named" : rows });

    private static Dictionary<string, string> Heard(string from, string row, string absent) =>
        new() { ["from"] = from, ["row"] = row, ["absent"] = absent };
}
