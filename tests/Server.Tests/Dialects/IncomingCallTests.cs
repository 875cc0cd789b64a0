using Switchhook.TestKit.Servers;
using Switchhook.TestKit.Sip;
using Switchhook.TestKit.Timing;

namespace Switchhook.Server.Tests.Dialects;

/// <summary>A call that rings in, wherever it goes, is refused by any dialect: 480, once, and told once.</summary>
public sealed class IncomingCallTests(DialectsLab lab) : IClassFixture<DialectsLab>, IAsyncDisposable
{
    private static readonly string[] Refusers = ["native", "ozeki", "openvox", "hoiio", "catapult"];

    /// <summary>Whose the call is, and who refuses it.</summary>
    public static TheoryData<string, string> Pairs => new(
        new[] { DialectsLab.HoiioNumber, DialectsLab.CatapultNumber, DialectsLab.PhoneNumber }.SelectMany(_ => Refusers, (one, other) => (one, other)));

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_call_that_rings_in_is_refused_with_480_by_any_dialect(string number, string refuser)
    {
        await using var phone = number == DialectsLab.PhoneNumber ? await lab.PhoneAsync() : null;
        var from = lab.NextNumber();
        var caller = await CallInAsync(number, from);
        var rung = phone is null ? null : await RingAsync(phone);
        await caller.ExpectAsync(180, DialectsLab.Patience);
        var id = (await lab.Server.Native.LiveBySipAsync(caller.CallId)).Id;
        var mine = await FindAsync(refuser, id, from);

        var refused = await RefuseAsync(refuser, mine);
        if (rung is not null)
            await rung.ExpectCancelAsync(DialectsLab.Patience);
        await caller.ExpectRefusalAsync(480, DialectsLab.Patience);
        var ended = await lab.Server.Native.ConfirmedCallAsync(id, DialectsLab.Patience);
        var late = await RefuseAsync(refuser, mine);

        Assert.Equal((lab[refuser].Words.HangsUp, lab[refuser].Words.Over), (refused, late));
        Assert.Equal(("api", $"{refuser}/{ProvisioningBuilder.Account}", "480 Temporarily Unavailable"), (ended.Legs[0].Hangup!.By, ended.Legs[0].Hangup!.ByDetail, ended.Legs[0].Hangup!.Sent));
        await ToldOnceAsync(number, from, id, refuser);
        await lab.Server.QuietAsync("call", "leg", "rtp_port", "script");
    }

    /// <summary>A test that failed half-way must not leave its call to the next one.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var call in await lab.Server.Native.LiveAsync())
            await lab.Server.Native.HangUpAsync(call.Id);
    }

    private Task<ScriptedCall> CallInAsync(string number, string from)
    {
        var invite = lab.Carrier.Invite(number);
        invite.Set("From", $"<sip:{from}@carrier.example>;tag={from[1..]}");
        return ScriptedCall.PlaceAsync(lab.Carrier, invite);
    }

    private async Task<string> RefuseAsync(string refuser, ListedCall call) => refuser == "openvox"
        ? (await ((OpenVoxDriver)lab["openvox"]).Api.AskAsync("inbound/hangup", ("inboundid", call.Id))).Outcome
        : await lab[refuser].HangUpAsync(call, rings: true);

    private static async Task<ScriptedCall> RingAsync(ScriptedPhone phone)
    {
        var rung = await phone.IncomingAsync(DialectsLab.Patience);
        await rung.RingAsync();
        return rung;
    }

    private async Task<ListedCall> FindAsync(string refuser, string id, string from)
    {
        switch (refuser)
        {
            case "openvox":
                var inbound = (await ((OpenVoxDriver)lab["openvox"]).Api.AskAsync("inbound/query")).Json.GetProperty("inbound").EnumerateArray()
                    .Single(c => c.GetProperty("from").GetString() == from);
                Assert.Equal("Progress", inbound.GetProperty("status").GetString());
                return new ListedCall(inbound.GetProperty("inboundid").GetString()!, from, "in");
            case "catapult":
                var listed = Assert.Single(
                    (await ((CatapultDriver)lab["catapult"]).Api.GetAsync($"calls?from={Uri.EscapeDataString(from)}")).Json.EnumerateArray(), c => c.GetProperty("direction").GetString() == "in");
                return new ListedCall(listed.GetProperty("id").GetString()!, from, "");
            case "hoiio":
                return new ListedCall($"S-{id}", from, "");
            default:
                return new ListedCall(id, from, "");
        }
    }

    /// <summary>The reports of OpenVox and of the native API, and the application whose number it is; each once.</summary>
    private async Task ToldOnceAsync(string number, string from, string id, string refuser)
    {
        var openVox = lab["openvox"];
        var call = new OneCall(from, id, []);
        await Eventually.TrueAsync(() => openVox.Told(call) > 0 && lab["native"].Told(call) > 0, "the end is told", DialectsLab.Patience);
        // What failed is the phone's leg, where there is one; elsewhere the caller's own.
        Assert.Equal(number == DialectsLab.PhoneNumber ? "487 NO ANSWER" : "480 NO ANSWER", await openVox.EndAsync(new ListedCall(id, from, "")));
        Assert.Equal((1, 1), (openVox.Told(call), lab["native"].Told(call)));
        if (number == DialectsLab.HoiioNumber)
        {
            // Refused by its own application without an address, the end is nobody's to hear.
            await lab.App.NextAsync(r => r["session"] == $"S-{id}" && r["call_state"] == "ringing", "the offer", DialectsLab.Patience);
            if (refuser != "hoiio")
                await lab.App.NextAsync(r => r["session"] == $"S-{id}" && r["call_state"] == "ended", "the end", DialectsLab.Patience);
        }
    }
}
