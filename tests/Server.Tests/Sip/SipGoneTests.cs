using Switchhook.TestKit.Sip;

namespace Switchhook.Server.Tests.Sip;

/// <summary>Far sides that are no longer there, and connections that were cut.</summary>
public sealed class SipGoneTests(Lab lab) : LabTests(lab)
{
    [Theory]
    [InlineData(Wire.Udp)]
    [InlineData(Wire.Tcp)]
    public async Task A_call_to_a_phone_that_has_gone_fails_at_once(Wire wire)
    {
        var gone = await PhoneAsync(wire);
        await gone.DisposeAsync();
        var caller = await PhoneAsync();

        var placed = await caller.DialAsync(gone.User);
        var refusal = await placed.ExpectRefusalAsync(503);

        Assert.Equal(41, refusal.Q850);
        var call = await EndedAsync((await Native.EndedBySipAsync(placed.CallId)).Id);
        Assert.All(call.Legs, leg => Assert.Equal(("fault", 41), (leg.Hangup!.By, leg.Hangup.Cause)));
    }

    [Theory]
    [InlineData(Wire.Udp)]
    [InlineData(Wire.Tcp)]
    public async Task A_bye_to_a_phone_that_has_gone_is_unreachable_and_the_call_is_over(Wire wire)
    {
        var talk = await TalkAsync(wire);
        await talk.Callee.Phone.DisposeAsync();

        await Native.HangUpAsync(talk.Id);
        await talk.Caller.ExpectByeAsync();

        var call = await EndedAsync(talk.Id);
        AssertRecord(call.Callee, "api", 16, "bridged", sent: "BYE", confirmed: "unreachable");
    }

    [Fact]
    public async Task A_call_outlives_its_cut_connections_and_its_bye_opens_another()
    {
        var talk = await TalkAsync(Wire.Tcp);
        talk.Caller.Phone.CutConnections();
        talk.Callee.Phone.CutConnections();
        Assert.Equal("talking", (await Native.CallAsync(talk.Id)).State);

        await Native.HangUpAsync(talk.Id);
        await talk.Caller.ExpectByeAsync();
        await talk.Callee.ExpectByeAsync();

        var call = await EndedAsync(talk.Id);
        AssertRecord(call.Caller, "api", 16, "bridged", sent: "BYE", confirmed: "yes");
        AssertRecord(call.Callee, "api", 16, "bridged", sent: "BYE", confirmed: "yes");
    }

    [Fact]
    public async Task A_bye_over_a_new_connection_ends_the_call()
    {
        var talk = await TalkAsync(Wire.Tcp);
        talk.Caller.Phone.CutConnections();

        var answer = talk.Caller.HangUpAsync();
        await talk.Callee.ExpectByeAsync();

        Assert.Equal(200, (await answer).Status);
        var call = await EndedAsync(talk.Id);
        AssertRecord(call.Caller, "caller", 16, "bridged", received: "BYE");
    }

    [Fact]
    public async Task A_caller_that_vanishes_while_it_rings_is_noticed_when_it_is_refused()
    {
        var ringing = await RingAsync();
        await ringing.Caller.Phone.DisposeAsync();

        await ringing.Callee.RejectAsync(486);

        var call = await EndedAsync(ringing.Id);
        AssertRecord(call.Callee, "callee", 17, "ringing", received: "486");
        Assert.Equal(("callee", 17), (call.Caller.Hangup!.By, call.Caller.Hangup.Cause));
    }
}
